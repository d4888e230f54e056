"""A service on loopback that holds every request against its own OpenAPI document."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

#: The same moment whatever the clock says: reset times are counted from it.
DATE = "Fri, 12 Mar 2027 12:00:00 GMT"


@dataclass(kw_only=True)
class Request:
    """What the service was asked, in the words openapi-core wants."""

    method: str
    path: str
    host_url: str
    body: bytes
    content_type: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    parameters: RequestParameters = field(init=False)

    def __post_init__(self) -> None:
        self.method = self.method.lower()  # as openapi-core compares it
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(self.query), header=Headers(dict(self.headers))
        )

    @property
    def asked(self) -> str:
        """Give what was asked, such as `POST /2/tweets`."""
        return f"{self.method.upper()} {self.path}"

    @property
    def json(self) -> Any:
        """Read the body."""
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """Read the body."""
        return dict(parse_qsl(self.body.decode()))


@dataclass(kw_only=True)
class Answer:
    """What it answers."""

    status: int = 200
    body: Any = None  #: JSON, or bytes as they are
    headers: Mapping[str, str] = field(default_factory=dict)
    after: threading.Event | None = None  #: waits for it: a service that hangs


Route = Callable[[Request], Answer]


class Service:
    """Answers by route, unless a test scripted the next answer to a method.

    Args:
        document: the OpenAPI document; None checks nothing.
        host: the server the document names.
        routes: by method and a pattern of the path.
    """

    def __init__(self, document: Path | None, host: str, routes: Mapping[str, Route]) -> None:
        self.requests: list[Request] = []
        self.complaints: list[str] = []  #: what the document does not allow
        self.let_go = threading.Event()
        self._routes = {re.compile(pattern): route for pattern, route in routes.items()}
        self._scripted: list[tuple[re.Pattern[str], Answer | Route]] = []
        self._host = host
        self._openapi = _openapi(document) if document else None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        """Stop, and let hanging requests go."""
        self.let_go.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answers(self, pattern: str, *answers: Answer | Route) -> None:
        """Script the next answers to requests such as `POST /2/tweets`."""
        self._scripted += [(re.compile(pattern), answer) for answer in answers]

    def hangs(self, pattern: str) -> None:
        """Take the next such request, and never answer."""
        self.answers(pattern, Answer(after=self.let_go))

    def asked(self, pattern: str) -> list[Request]:
        """Give the requests so far that fit."""
        return [one for one in self.requests if re.match(pattern, one.asked)]

    def _answer(self, request: Request) -> Answer:
        self.requests.append(request)
        if self._openapi is not None:
            try:
                self._openapi.validate_request(request)
            except OpenAPIError as error:
                self.complaints.append(f"{request.asked}: {error}")
                return Answer(status=400, body={"errors": [{"message": str(error)}]})
        for number, (pattern, answer) in enumerate(self._scripted):
            if pattern.match(request.asked):
                del self._scripted[number]
                return answer if isinstance(answer, Answer) else answer(request)
        for pattern, route in self._routes.items():
            if pattern.fullmatch(request.asked):
                return route(request)
        return Answer(status=404, body={"error": f"no route for {request.asked}"})

    def _handler(service) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _do(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                parts = urlsplit(self.path)
                request = Request(
                    method=self.command,
                    path=parts.path.rstrip("/"),
                    host_url=service._host,
                    body=self.rfile.read(length),
                    content_type=self.headers.get("Content-Type", ""),
                    headers=dict(self.headers),
                    query=dict(parse_qsl(parts.query)),
                )
                answer = service._answer(request)
                if answer.after is not None:
                    answer.after.wait(20)
                    self.close_connection = True
                    return
                self._send(answer)

            do_GET = do_POST = do_DELETE = do_PUT = _do  # noqa: N815

            def _send(self, answer: Answer) -> None:
                raw = answer.body if isinstance(answer.body, bytes) else b""
                if not isinstance(answer.body, bytes) and answer.body is not None:
                    raw = json.dumps(answer.body).encode()
                self.send_response_only(answer.status)
                for name, value in {"Date": DATE, **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        return Handler


@cache
def _openapi(path: Path) -> OpenAPI:
    document = _prepared(json.loads(path.read_text("utf-8")))
    return OpenAPI.from_dict(document, config=Config(spec_validator_cls=None))


def _prepared(value: Any) -> Any:
    """Take out what openapi-core cannot read: some security schemes, and files as strings."""
    if isinstance(value, list):
        return [_prepared(one) for one in value]
    if not isinstance(value, dict):
        return value
    dropped = {"security"} | ({"type"} if value.get("format") == "binary" else set())
    return {name: _prepared(one) for name, one in value.items() if name not in dropped}
