"""What several operations take and give."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from publisher.flows.edit import mark
from publisher.models import PlanObject
from publisher.settings import settings
from publisher.web.api.problems import Denied

T = TypeVar("T")
LIMIT, MOST = 50, 200
#: words by language, such as `{"en": "Statement"}`
Texts = dict[str, str]
#: JSON values, as they are kept
Values = dict[str, Any]


class Shown(BaseModel):
    """What an operation gives; read from whatever has attributes of these names."""

    model_config = ConfigDict(from_attributes=True)


class Sent(BaseModel):
    """What an operation takes: nothing in it is overlooked, and nothing is taken for another."""

    model_config = ConfigDict(extra="forbid")


class Paged(Sent):
    """Which part of a list."""

    cursor: str = Field("", max_length=200, description="Of the page before: its `next`.")
    limit: int = Field(LIMIT, ge=1, le=MOST, description="How many of a page, at most.")


class Page(Shown, Generic[T]):
    """A part of a list; the header `Link` names the next one, too."""

    items: list[T]
    next: str | None = Field(description="The `cursor` of the next page; null: this is the last.")


class Done(Shown):
    """What was done, in numbers."""

    count: int = Field(description="How many things were changed; 0: nothing was to be done.")


class Active(Sent):
    """On or off: whether somebody may come in, whether a program is told."""

    active: bool = Field(strict=True)


#: a time as clocks on the wall show it, such as `2027-03-12T09:00`
WallTime = Annotated[
    str,
    Field(
        pattern=r"^(19[7-9]\d|[2-8]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$"
    ),
]


def _in_utc(said: datetime) -> datetime:
    # PostgreSQL takes no offset of 16 hours or more, and no moment beyond the ends of time.
    if not 1970 < said.year < 9000:
        raise ValueError("is of no year between 1970 and 9000")
    return said.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Reason = Annotated[str, Field(max_length=2000)]
Slug = Annotated[str, Field(max_length=200)]


def page(
    request: HttpRequest,
    response: HttpResponse,
    rows: Sequence[T],
    after: str,
) -> dict[str, object]:
    """Give a page, and name the next one in the header `Link` (RFC 8288)."""
    if after:
        said = request.GET.copy()
        said["cursor"] = after
        query = urlencode(said, doseq=True) if not hasattr(said, "urlencode") else said.urlencode()
        response["Link"] = f'<{settings().site_url}{request.path}?{query}>; rel="next"'
    return {"items": rows, "next": after or None}


def cut(
    request: HttpRequest,
    response: HttpResponse,
    rows: Iterable[T],
    asked: Paged,
    key: Callable[[T], str],
) -> dict[str, object]:
    """Give the part of a list in memory that comes after what a cursor names.

    What it names may be gone meanwhile: then the list begins anew.
    """
    found = list(rows)
    keys = [key(row) for row in found]
    last = _read(asked.cursor)
    start = keys.index(last) + 1 if last in keys else 0
    part = found[start : start + asked.limit]
    more = start + asked.limit < len(found)
    return page(request, response, part, _written(key(part[-1])) if more and part else "")


def number(asked: Paged) -> int:
    """Read a cursor that is a number; 0: there is none."""
    said = asked.cursor
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else 0


def marked(response: HttpResponse, row: PlanObject) -> None:
    """Tell the mark of what an object says, to be sent back with a change."""
    response["ETag"] = f'"{mark(row)}"'


def seen(request: HttpRequest, row: PlanObject | None = None) -> str:
    """Give the mark that a change is made from; empty: of something new.

    Args:
        request: with `If-Match`, or `If-None-Match: *`.
        row: what is there, for `If-Match: *`.

    Raises:
        Denied: it does not say.
    """
    match, none = request.headers.get("If-Match", ""), request.headers.get("If-None-Match", "")
    if none.strip() == "*":
        return ""
    if match.strip() == "*":
        if row is None or row.retired_at is not None:
            raise Denied("changed", "It is not there.")
        return mark(row)
    if not match:
        raise Denied("say-what-you-saw")
    return match.strip().removeprefix("W/").strip('"')


def wall_time(said: str) -> datetime:
    """Read a wall time; naive.

    Raises:
        Denied: there is no such day.
    """
    try:
        return datetime.fromisoformat(said)
    except ValueError as error:
        raise Denied("invalid", f"There is no {said}.") from error


def _written(key: str) -> str:
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _read(cursor: str) -> str:
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        return ""
