"""Publisher as an ASGI application, for uvicorn or any other server."""

from __future__ import annotations

import tempfile
from contextvars import ContextVar
from typing import IO, Any

from publisher.startup import start

start(people=True)

import django  # noqa: E402  # it needs what start() made true
from django.conf import settings  # noqa: E402
from django.core.exceptions import RequestAborted  # noqa: E402
from django.core.handlers.asgi import ASGIHandler  # noqa: E402

from publisher.web import bodies  # noqa: E402


class OneThread(ASGIHandler):
    """Django, answering from one thread, while the server reads and writes for many at once.

    Django's own handler takes a new thread for each request, each with its own connection to the
    database and its own heap: forty visitors at once cost 200 MB, and in one process they would
    be no faster.
    """

    def __init__(self) -> None:
        super().__init__()
        self._door = bodies.Door()

    async def __call__(
        self, scope: dict[str, Any], receive: bodies.Receive, send: bodies.Send
    ) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise ValueError(f"there is nothing here for {scope['type']}")
        _path.set(scope["path"])
        try:
            await self.handle(scope, receive, send)
        except bodies.NotTaken as error:
            await bodies.refuse(send, error.status)

    async def read_body(self, receive: bodies.Receive) -> IO[bytes]:
        """Keep a body, in memory while it is small; see `bodies`."""
        file = tempfile.SpooledTemporaryFile(  # noqa: SIM115  # Django closes it
            max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        )
        try:
            there = await self._door.take(_path.get(), receive, file)
        except BaseException:
            file.close()
            raise
        if not there:
            file.close()
            raise RequestAborted
        file.seek(0)
        return file


#: what the request under way asks for, which Django does not tell where it reads the body
_path: ContextVar[str] = ContextVar("path")


django.setup(set_prefix=False)
application = OneThread()
