"""The pages' server."""

from __future__ import annotations

import socket

import uvicorn

from publisher.models.errors import Refused
from publisher.settings import settings


def run() -> None:
    """Serve on `PUBLISHER_LISTEN` until told to stop.

    Raises:
        Refused: that is not an address and a port, or nobody can listen there.
    """
    config = uvicorn.Config(
        "publisher.web.asgi:application",
        lifespan="off",
        log_config=None,
        access_log=False,  # addresses hold readers' tokens
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    with _listening(settings().listen) as listening:
        uvicorn.Server(config).run(sockets=[listening])


def address(listen: str) -> tuple[str, int]:
    """Split `127.0.0.1:8000` or `[::1]:8000`.

    Raises:
        Refused: it is neither.
    """
    host, colon, port = listen.rpartition(":")
    if not (colon and host and port.isdecimal() and int(port) < 65536):
        raise Refused(
            f"PUBLISHER_LISTEN is “{listen}”; write an address and a port, such as 127.0.0.1:8000"
        )
    return host.strip("[]"), int(port)


def _listening(listen: str) -> socket.socket:
    host, port = address(listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise Refused(
            f"Nothing can listen on {listen} ({error.strerror}); stop what uses it, or choose "
            "another address with PUBLISHER_LISTEN"
        ) from error
