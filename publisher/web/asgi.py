"""Publisher as an ASGI application, for uvicorn or any other server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from publisher.startup import start

start(people=True)

import django  # noqa: E402  # it needs what start() made true
from django.core.handlers.asgi import ASGIHandler  # noqa: E402


class OneThread(ASGIHandler):
    """Django, answering from one thread, while the server reads and writes for many at once.

    Django's own handler takes a new thread for each request, each with its own connection to the
    database and its own heap: forty visitors at once cost 200 MB, and in one process they would
    be no faster.
    """

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[Mapping[str, Any]]],
        send: Callable[[Mapping[str, Any]], Awaitable[None]],
    ) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise ValueError(f"there is nothing here for {scope['type']}")
        await self.handle(scope, receive, send)


django.setup(set_prefix=False)
application = OneThread()
