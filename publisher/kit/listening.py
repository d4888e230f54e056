"""The address and port the pages listen on."""

from __future__ import annotations

import socket

from publisher.settings import WrongSetting


def address(listen: str) -> tuple[str, int]:
    """Split `127.0.0.1:8000` or `[::1]:8000`.

    Raises:
        WrongSetting: it is neither.
    """
    host, colon, port = listen.rpartition(":")
    if not (colon and host and port.isdecimal() and int(port) < 65536):
        raise WrongSetting(
            f"PUBLISHER_LISTEN is “{listen}”; write an address and a port, such as 127.0.0.1:8000"
        )
    return host.strip("[]"), int(port)


def listening(listen: str) -> socket.socket:
    """Listen there; the caller closes it.

    Raises:
        WrongSetting: that is not an address and a port, or nobody can listen there.
    """
    host, port = address(listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        why = str(error.strerror).partition(" (while")[0]
        raise WrongSetting(
            f"Nothing can listen on {listen} ({why}); stop what uses it, or choose "
            "another address with PUBLISHER_LISTEN"
        ) from error
