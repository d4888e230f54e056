"""What a library for one service sends its requests through, where it will not use ours.

As `kit.outbound` does: to public addresses alone, looked at where the connection is made, so that
a name that moves meanwhile leads nowhere; no redirects, no proxy or password of the environment,
and no answer without end.
"""

from __future__ import annotations

import ipaddress
import time
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

from publisher.kit.public_addresses import is_public

MAX_BYTES: Final = 5_000_000  #: of one answer
WHOLE_SECONDS: Final = 60.0  #: for one answer
_PIECE: Final = 16 * 1024


class Session(requests.Session):
    """Sends requests to one service.

    Args:
        private: whether it may be in the operator's own network, at the operator's word.
    """

    def __init__(self, *, private: bool) -> None:
        super().__init__()
        self.trust_env = False
        self.max_redirects = 0
        self.hooks["response"].append(_bounded)
        if not private:
            self.mount("https://", _Public())
            self.mount("http://", _Public())


def _bounded(response: requests.Response, **_: object) -> None:
    """Read an answer, which `requests` would do next, without its ends being the server's word."""
    ends = time.monotonic() + WHOLE_SECONDS
    read = bytearray()
    for piece in response.iter_content(_PIECE):
        read += piece
        if len(read) > MAX_BYTES or time.monotonic() > ends:
            response.close()
            raise requests.exceptions.ContentDecodingError("the answer has no end")
    response._content = bytes(read)  # where `requests` keeps what was read


class _Http(HTTPConnection):
    def _new_conn(self) -> Any:  # noqa: ANN401  # a socket
        return _looked_at(self, super()._new_conn())


class _Https(HTTPSConnection):
    def _new_conn(self) -> Any:  # noqa: ANN401  # a socket
        return _looked_at(self, super()._new_conn())


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _Public(HTTPAdapter):
    def init_poolmanager(self, *said: Any, **named: Any) -> None:  # noqa: ANN401  # as its parent's
        super().init_poolmanager(*said, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


def _looked_at(connection: HTTPConnection, socket: Any) -> Any:  # noqa: ANN401  # a socket
    """Give a connection back if it leads to a public address; nothing was said on it yet."""
    number = str(socket.getpeername()[0])
    if not is_public(ipaddress.ip_address(number)):
        socket.close()
        raise NewConnectionError(connection, "it is not at a public address")
    return socket
