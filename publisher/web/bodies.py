"""How much a request may bring, and how long it may take to: looked at while it comes.

Django keeps a whole body, however large and slow, before any page or limit of ours sees it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import IO, Any, Final

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

SMALL: Final = 3_000_000  #: octets of a form; of its fields Django takes 2.5 MB
LARGE: Final = 70_000_000  #: where files are taken: see `flows.readers_files.MAX_BYTES`
TAKES_FILES: Final = ("/desk/", "/api/")
AT_ONCE: Final = 8  #: bodies of more than `SMALL` under way; each takes as much of the disk
SECONDS: Final = 30.0  #: for a body; and one more for each `OCTETS_A_SECOND` that came
OCTETS_A_SECOND: Final = 20_000  #: of a slow line


class NotTaken(Exception):
    """A body is too large or too slow, or there are too many; the status says which."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Door:
    """Counts the large bodies of one server."""

    def __init__(self) -> None:
        self._large = 0

    async def take(self, path: str, receive: Receive, file: IO[bytes]) -> bool:
        """Write a request's body to a file; False: who sent it has gone.

        Raises:
            NotTaken: see there.
        """
        most = LARGE if path.startswith(TAKES_FILES) else SMALL
        body = _Body(self, most, file)
        try:
            return await body.read(receive)
        except TimeoutError:
            raise NotTaken(408) from None
        finally:
            body.done()

    def enter(self) -> None:
        """Count one more large body.

        Raises:
            NotTaken: there are too many.
        """
        if self._large >= AT_ONCE:
            raise NotTaken(503)
        self._large += 1

    def leave(self) -> None:
        """Count one less."""
        self._large -= 1


class _Body:
    def __init__(self, door: Door, most: int, file: IO[bytes]) -> None:
        self._door, self._most, self._file = door, most, file
        self._read, self._large = 0, False
        self._began = time.monotonic()

    async def read(self, receive: Receive) -> bool:
        while True:
            async with asyncio.timeout(self._patience()):
                message = await receive()
            if message["type"] == "http.disconnect":
                return False
            self._keep(message.get("body", b""))
            if not message.get("more_body", False):
                return True

    def done(self) -> None:
        if self._large:
            self._door.leave()

    def _keep(self, piece: bytes) -> None:
        self._read += len(piece)
        if self._read > self._most:
            raise NotTaken(413)
        if self._read > SMALL and not self._large:
            self._door.enter()
            self._large = True
        self._file.write(piece)

    def _patience(self) -> float:
        """Say how long the next piece may take: a body that comes steadily has time."""
        allowed = SECONDS + self._read / OCTETS_A_SECOND
        return max(allowed - (time.monotonic() - self._began), 0.0)


async def refuse(send: Send, status: int) -> None:
    """Answer without having read it all, so that nothing more can come on this connection."""
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    if status == 503:
        headers.append((b"retry-after", b"30"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
