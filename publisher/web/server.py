"""The pages' server."""

from __future__ import annotations

import uvicorn

from publisher.models.errors import Refused
from publisher.settings import settings


def run() -> None:
    """Serve on `PUBLISHER_LISTEN` until told to stop.

    Raises:
        Refused: that is not an address and a port.
    """
    host, port = address(settings().listen)
    uvicorn.run(
        "publisher.web.asgi:application",
        host=host,
        port=port,
        lifespan="off",
        log_config=None,
        access_log=False,  # addresses hold readers' tokens
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=5,
    )


def address(listen: str) -> tuple[str, int]:
    """Split `127.0.0.1:8000` or `[::1]:8000`.

    Raises:
        Refused: it is neither.
    """
    host, colon, port = listen.rpartition(":")
    if not (colon and host and port.isdecimal() and int(port) < 65536):
        raise Refused(
            f"PUBLISHER_LISTEN is “{listen}”; write an address and a port: 127.0.0.1:8000"
        )
    return host.strip("[]"), int(port)
