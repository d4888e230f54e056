"""What a program is told when something cannot be done: RFC 9457, with sentences for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse

from publisher.flows.edit import Changed
from publisher.models.errors import PlanError, PublisherError
from publisher.settings import settings

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of problem: what its `type` names, and the reference page explains."""

    slug: str
    status: int
    title: str
    about: str  #: what the caller does next


KINDS: Mapping[str, Kind] = {
    one.slug: one
    for one in (
        Kind(slug="unreadable", status=400, title="This cannot be read",
             about="The body is no JSON, or a header or address is malformed: mend the program."),
        Kind(slug="unknown", status=401, title="No token, or none that opens this",
             about="Send `Authorization: Bearer …` with a token that was not taken back and has "
             "not ended."),
        Kind(slug="not-allowed", status=403, title="This token may not do this",
             about="The token, or the person whose it is, lacks the leave for this organisation: "
             "ask an administrator."),
        Kind(slug="not-there", status=404, title="There is nothing here",
             about="Look at the address: nothing of that name is there."),
        Kind(slug="wrong-method", status=405, title="This is not done that way",
             about="The header `Allow` says which methods there are."),
        Kind(slug="not-acceptable", status=406, title="There is no such representation",
             about="Accept `application/json`, or leave the header out."),
        Kind(slug="refused", status=409, title="The rules do not allow this",
             about="Nothing was changed; the sentence says why and what to do."),
        Kind(slug="under-way", status=409, title="The same is being done",
             about="A request with this `Idempotency-Key` has not been answered: look what became "
             "of it before anything is done again."),
        Kind(slug="changed", status=412, title="It was changed meanwhile",
             about="Read it again, make the change anew, and send the new `ETag`."),
        Kind(slug="too-long", status=413, title="This is too long",
             about="Send less at once."),
        Kind(slug="wrong-type", status=415, title="The body is of another type",
             about="Send the type of body that the reference names, mostly `application/json`."),
        Kind(slug="invalid", status=422, title="This cannot be meant",
             about="Nothing was changed; `problems` says where and why."),
        Kind(slug="other-request", status=422, title="This key stood for another request",
             about="An `Idempotency-Key` stands for one request: make a new key for a new one."),
        Kind(slug="say-what-you-saw", status=428, title="Say which state you saw",
             about="Send `If-Match` with the `ETag` you were given, or `If-None-Match: *` for "
             "something new: so nobody's change is lost."),
        Kind(slug="too-many", status=429, title="Too many requests",
             about="Wait for as long as `Retry-After` says."),
        Kind(slug="broken", status=500, title="Something is broken here",
             about="It is not your fault. The operators' log says what it was."),
    )
}  # fmt: skip


class Told(TypedDict, total=False):
    """One thing wrong, and its place."""

    path: str
    line: int | None
    column: int | None
    field: str
    sentence: str


class Denied(PublisherError):
    """What the door itself refuses."""

    def __init__(
        self, kind: str, sentence: str = "", *, headers: Mapping[str, str] | None = None,
        problems: Iterable[Told] = (),
    ) -> None:  # fmt: skip
        super().__init__(sentence or KINDS[kind].about)
        self.kind = kind
        self.headers = headers or {}
        self.problems = list(problems)


#: what Django raises, whose own words are for nobody
_SAID_BY_KIND: Mapping[type[Exception], str] = {
    PermissionDenied: "not-allowed",
    Http404: "not-there",
    RequestDataTooBig: "too-long",
}
#: what the door knows how to tell; anything else is a fault of ours
Expected = (PublisherError, Http404, PermissionDenied, RequestDataTooBig)


def told(error: Exception) -> HttpResponse:
    """Give the answer that says what went wrong."""
    if isinstance(error, Denied):
        return problem(error.kind, str(error), error.problems, error.headers)
    if isinstance(error, PlanError):
        return problem("invalid", _first(error), _places(error))
    for family, kind in _SAID_BY_KIND.items():
        if isinstance(error, family):
            return problem(kind)
    return problem("changed" if isinstance(error, Changed) else "refused", str(error))


def problem(
    kind: str,
    sentence: str = "",
    problems: Iterable[Told] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Give a problem as an answer."""
    said = KINDS[kind]
    body = {
        "type": f"{settings().site_url}/api/v1/#{kind}",
        "title": said.title,
        "status": said.status,
        "detail": sentence or said.about,
        "problems": list(problems),
    }
    text = json.dumps(body, ensure_ascii=False)
    answer = HttpResponse(text, content_type=MEDIA_TYPE, status=said.status, headers=headers)
    answer["Cache-Control"] = "no-store"
    if said.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="publisher"'
    return answer


def _first(error: PlanError) -> str:
    return error.problems[0].sentence if error.problems else str(error)


def _places(error: PlanError) -> list[Told]:
    return [
        Told(path=one.path, line=one.line, column=one.column, field=one.field,
             sentence=one.sentence)
        for one in error.problems
    ]  # fmt: skip
