"""Approvals: exactly the words that will go out, and a yes, a no or a not yet to them."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from publisher.flows.approvals import Words, waiting, words_of
from publisher.flows.approve import approve
from publisher.flows.rights import organisations
from publisher.kit import clock
from publisher.models import Act, Approval, Entry, Placement, Via, Vote
from publisher.models.adapter import Attachment
from publisher.models.content import Content
from publisher.models.errors import PlanError, Refused
from publisher.render.holes import SAMPLES
from publisher.render.rendition import attachments, fill
from publisher.web.api.areas.today import WaitingShown
from publisher.web.api.door import Area, need
from publisher.web.api.shapes import Reason, Sent, Shown, Slug
from publisher.web.desk.door import person

area = Area("Approvals", "What waits for a yes, and saying it of exactly the words one read.")


class WaitingAsked(Sent):
    """What is looked for."""

    mine: bool = Field(
        default=False, description="Only what waits for a yes that the token may say."
    )


class LightShown(Shown):
    """What one organisation said last of some words."""

    organisation: str
    vote: str = Field(description="yes, no or not yet; empty: nothing.")
    person: str
    at: datetime | None
    reason: str


class WordsShown(Shown):
    """The same words, wherever they go: one thing to read and to vote on."""

    sha256: str = Field(description="Empty while they cannot be rendered.")
    form: str
    language: str
    placements: list[str]
    lights: list[LightShown]
    fell: list[LightShown] = Field(description="Votes on what it said before.")
    problem: str
    parts: dict[str, str]
    files: list[str]


class VoteSent(Sent):
    """A vote on words that were read."""

    organisation: Slug = Field(description="For which one it is said.")
    vote: Vote
    reason: Reason = Field("", description="Needed unless it is a yes.")
    words: dict[str, str] = Field(
        min_length=1, max_length=1000,
        description="The `sha256` of the words that were read, by placement.",
    )  # fmt: skip


class VoteShown(Shown):
    """A vote that was written down."""

    placement: str
    organisation: str
    vote: str
    at: datetime


class FrozenShown(Shown):
    """A placement's words as they were last rendered, with samples for a reader's own values."""

    sha256: str
    form: str
    language: str
    direction: str
    parts: dict[str, str]
    files: list[str]


@area.get("/approvals", gives=list[WaitingShown])
def approvals(request: HttpRequest, asked: Query[WaitingAsked]) -> list[object]:
    """Give the occurrences whose words wait for a yes, what is due first on top."""
    mine = organisations(person(request), Act.APPROVE) if asked.mine else None
    return list(waiting(organisations=mine)) if mine is None or mine else []


@area.get("/approvals/{slug:entry}/{occurrence}", gives=list[WordsShown])
def words_to_approve(request: HttpRequest, entry: str, occurrence: str) -> list[dict[str, object]]:
    """Give all that one occurrence says, as it would go out, with who said what of it."""
    del request
    return [_words(one) for one in _found(entry, occurrence)]


@area.post("/approvals/{slug:entry}/{occurrence}/votes", Act.APPROVE, gives=list[VoteShown],
           status=201)  # fmt: skip
def vote(
    request: HttpRequest, entry: str, occurrence: str, said: VoteSent
) -> list[dict[str, object]]:
    """Say yes, no or not yet to the words that were read; gives what was added."""
    need(request, Act.APPROVE, frozenset({said.organisation}))
    _found(entry, occurrence)
    rows = approve(
        entry=entry,
        organisation=said.organisation,
        person=person(request),
        vote=said.vote,
        reason=said.reason,
        seen=said.words,
        via=Via.API,
        now=clock.now(),
    )
    return [_vote(row) for row in rows]


@area.get("/placements/{key}/words", gives=FrozenShown)
def frozen_words(request: HttpRequest, key: str) -> dict[str, object]:
    """Give a placement’s words as they are frozen."""
    del request
    content = _content(key)
    return {
        "sha256": content.sha256,
        "form": content.form,
        "language": content.language,
        "direction": content.direction,
        "parts": fill(content, SAMPLES),
        "files": [one.filename for one in _files(content)],
    }


@area.get("/placements/{key}/words/files/{int:number}", gives=str,
          media_type="application/octet-stream")  # fmt: skip
def frozen_file(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Give a file that goes with a placement’s words, such as a circular’s PDF; from 0."""
    del request
    made = _files(_content(key))
    if number >= len(made):
        raise Http404
    # Whatever it is, no browser opens it here.
    answer = HttpResponse(made[number].content, content_type="application/octet-stream")
    answer["Content-Disposition"] = "attachment"
    return answer


def _found(entry: str, occurrence: str) -> list[Words]:
    if not Entry.objects.filter(slug=entry).exists():
        raise Http404
    try:
        return words_of(entry, occurrence, now=clock.now())
    except Refused as error:
        raise Http404 from error


def _words(one: Words) -> dict[str, object]:
    names = ("sha256", "form", "language", "lights", "fell", "problem", "parts", "files")
    keys = [row.key for row in one.placements]
    return {**{name: getattr(one, name) for name in names}, "placements": keys}


def _vote(row: Approval) -> dict[str, object]:
    return {
        "placement": row.placement.key,
        "organisation": row.organisation.slug,
        "vote": row.vote,
        "at": row.at,
    }


def _content(key: str) -> Content:
    row = Placement.objects.filter(key=key).select_related("rendition").first()
    if row is None or row.rendition is None:
        raise Http404
    return Content.from_json(row.rendition.content)


def _files(content: Content) -> list[Attachment]:
    try:
        return list(attachments(content, SAMPLES))
    except PlanError:
        return []
