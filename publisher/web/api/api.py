"""All operations together, as Django Ninja serves them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from publisher.web.api.areas import AREAS
from publisher.web.api.problems import Denied, Told

_ABOUT = """What the desk does, for programs.

Each request carries `Authorization: Bearer <token>`; tokens are made on one's own account page or \
with `publisher tokens make`, and may do what their person may, or less. \
Whatever cannot be done is answered as `application/problem+json` (RFC 9457).
"""


class Strict(Parser):
    """JSON as RFC 8259 has it, and nothing in it that cannot be kept."""

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401  # whatever was sent
        """Read a body.

        Raises:
            ValueError: it is no JSON, or holds what no text can be.
        """
        found = json.loads(request.body, parse_constant=_no_number)
        _refuse_unkept(found)
        return found


class Readable(JSONRenderer):
    """JSON in which the letters of every language are themselves."""

    json_dumps_params = {"ensure_ascii": False}  # noqa: RUF012  # Ninja's


class Programs(NinjaAPI):
    """Ninja's part; what goes wrong is told at the door, so that it is told in one way."""

    def on_exception(self, request: HttpRequest, exc: Any) -> NoReturn:  # noqa: ANN401  # Ninja's
        """Let it through to the door."""
        match exc:
            case ValidationError():
                raise _invalid(exc) from exc
            case HttpError():
                raise _unreadable(exc) from exc
            case _:
                raise exc


@cache
def programs() -> Programs:
    """Give the API with all its operations."""
    made = Programs(
        title="Publisher",
        version="1",
        description=_ABOUT,
        openapi_url=None,
        docs_url=None,
        parser=Strict(),
        renderer=Readable(),
        urls_namespace="api",
    )
    for area in AREAS:
        made.add_router("", area.router)
    return made


def _invalid(error: ValidationError) -> Denied:
    told = [
        Told(field=_place(one["loc"]), sentence=str(one["msg"]).removeprefix("Value error, "))
        for one in error.errors
    ]
    first = f"{told[0]['field']}: {told[0]['sentence']}" if told else ""
    return Denied("invalid", first, problems=told)


def _unreadable(error: HttpError) -> Denied:
    cause = error.__cause__
    if isinstance(cause, Unkept):
        return Denied("invalid", str(cause))
    return Denied("unreadable", f"The body is no JSON: {cause}." if cause else str(error))


def _place(loc: tuple[object, ...]) -> str:
    """Give where it stands; the body's own name in our code is nobody's business."""
    parts = [str(one) for one in loc]
    return ".".join([parts[0], *parts[2:]] if parts[0] == "body" else parts)


class Unkept(ValueError):
    """A text that no database keeps."""


def _refuse_unkept(found: object) -> None:
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str) and not _kept(one):
            raise Unkept("No text holds the character U+0000, or half of a surrogate pair.")


def _kept(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")
