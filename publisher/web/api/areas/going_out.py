"""Going out: what is being sent, held up or in doubt, and every delivery with its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from publisher.flows import deliveries as ledger
from publisher.flows import hold
from publisher.flows.publish import publish_now
from publisher.flows.rights import organisations
from publisher.flows.status import FIELDS, page_of
from publisher.flows.uncertain import Decision, decide, look_up, uncertain
from publisher.kit import clock
from publisher.models import Act, Delivery, Placement, PlacementState
from publisher.web.api.door import Area, doer
from publisher.web.api.shapes import (
    Done,
    Page,
    Paged,
    Reason,
    Sent,
    Shown,
    Slug,
    number,
    page,
)
from publisher.web.desk.door import person
from publisher.web.desk.going_out.whose import of_delivery, of_entry, of_placement

area = Area("Going out", "Progress of each placement, stopping it, and what nobody knows.")
deliveries_area = Area("Deliveries", "Who got what, when, and what the server said.")


class PlacementsAsked(Paged):
    """What is looked for."""

    entry: Slug = ""
    outlet: Slug = ""
    organisation: Slug = ""
    state: PlacementState | None = None


class PlacementShown(Shown):
    """A placement; candidates are the four outcomes and what is open."""

    key: str
    entry: str
    occurrence: str
    audience: str
    organisation: str
    outlet: str
    channel: str
    form: str
    language: str
    state: PlacementState
    due_at: datetime | None
    candidates: int
    accepted: int
    refused: int
    excluded: int
    uncertain: int
    url: str = Field(description="Where it can be read, once published.")
    problem: str = Field(description="What holds it up; empty: nothing.")


class ActSent(Sent):
    """What to do to a placement."""

    act: Literal["pause", "resume", "cancel", "drop", "publish"]
    reason: Reason = Field("", description="Why it is dropped.")


class UncertainShown(Shown):
    """Hand-overs of which nobody knows whether they arrived."""

    key: str
    entry: str
    occurrence: str
    outlet: str
    audience: str
    language: str
    count: int
    answer: str = Field(description="What the service, or we, said of one of them.")


class Decided(Sent):
    """What became of what is in doubt, or `ask`: let the service be asked."""

    decision: Literal["ask", "resend", "accepted", "refused"]


class DeliveriesAsked(Paged):
    """What is looked for; what is empty does not narrow."""

    address: str = Field("", max_length=320, description="How it begins, whatever its case.")
    placement: Slug = Field("", description="A key.")
    entry: Slug = ""
    state: Literal["", "queued", "in flight", "accepted", "refused", "retry", "uncertain",
                   "excluded"] = ""  # fmt: skip
    limit: int = Field(ledger.PAGE, ge=ledger.PAGE, le=ledger.PAGE, description="Always 50.")


class DeliveryShown(Shown):
    """Handing words to one reader or endpoint."""

    number: int
    placement: str
    entry: str
    outlet: str
    address: str = Field(description="Empty: it is the outlet’s one endpoint, or was erased.")
    state: str
    attempts: int
    answer: str
    settled_at: datetime | None


class FeedbackShown(Shown):
    """What came back later."""

    kind: str
    detail: str
    at: datetime


class HistoryShown(DeliveryShown):
    """Everything known of one delivery."""

    reader: int = Field(description="0: none.")
    message_id: str
    words: str = Field(description="The SHA-256 of exactly what was handed over.")
    feedback: list[FeedbackShown]


@area.get("/placements", gives=Page[PlacementShown])
def placements(
    request: HttpRequest, response: HttpResponse, asked: Query[PlacementsAsked]
) -> dict[str, object]:
    """Give every placement with its figures, in the order they were planned."""
    narrowed = {FIELDS[name]: value for name, value in _wanted(asked) if value}
    rows = Placement.objects.filter(**narrowed)
    found, after = page_of(rows, after=asked.cursor, limit=asked.limit)
    return page(request, response, found, after)


@area.get("/placements/{key}", gives=PlacementShown)
def placement(request: HttpRequest, key: str) -> object:
    """Give one placement with its figures."""
    del request
    found, _ = page_of(Placement.objects.filter(key=key), limit=1)
    if not found:
        raise Http404
    return found[0]


@area.post("/placements/{key}/acts", Act.PUBLISH, of_placement, gives=PlacementShown)
def act_on_placement(request: HttpRequest, key: str, said: ActSent) -> object:
    """Pause, resume, cancel, drop or publish one placement."""
    now, who = clock.now(), doer(request)
    if said.act == "drop":
        hold.drop(key, reason=said.reason, now=now, doer=who)
    else:
        _ACTS[said.act](key, now=now, doer=who)
    return placement(request, key)


@area.post("/going-out/hold-all", Act.PUBLISH, gives=Done)
def hold_all(request: HttpRequest) -> dict[str, int]:
    """The kill switch: pause everything that the token’s organisations are sending."""
    mine = organisations(person(request), Act.PUBLISH)
    held = hold.pause_all(mine, now=clock.now(), doer=doer(request))
    return {"count": held}


@area.get("/uncertain", gives=list[UncertainShown])
def uncertain_hand_overs(request: HttpRequest) -> list[object]:
    """Give what was handed over and may or may not have arrived."""
    del request
    return list(uncertain())


@area.post("/uncertain/{slug:entry}", Act.PUBLISH, of_entry, gives=Done)
def decide_uncertain(request: HttpRequest, entry: str, said: Decided) -> dict[str, int]:
    """Have the service asked, or say what became of an entry’s hand-overs in doubt."""
    if said.decision == "ask":
        return {"count": look_up(entry)}
    mine = organisations(person(request), Act.PUBLISH)
    count = decide(
        entry, Decision(said.decision), now=clock.now(), organisations=mine, doer=doer(request)
    )
    return {"count": count}


@deliveries_area.get("/deliveries", Act.READERS, gives=Page[DeliveryShown])
def deliveries(
    request: HttpRequest, response: HttpResponse, asked: Query[DeliveriesAsked]
) -> dict[str, object]:
    """Search the ledger: who got what, the newest first."""
    said = ledger.Asked(
        address=asked.address.strip(),
        placement=asked.placement,
        entry=asked.entry,
        state=asked.state,
        before=number(asked),
    )
    found = ledger.search(said, organisations=organisations(person(request), Act.READERS))
    rows = [_delivery(row) for row in found.rows]
    return page(request, response, rows, str(found.next or ""))


@deliveries_area.get("/deliveries/{int:number}", Act.READERS, of_delivery, gives=HistoryShown)
def delivery(request: HttpRequest, number: int) -> dict[str, object]:
    """Give one delivery: who, when, in which words, what the server said, and what came back."""
    del request
    told = ledger.history(number)
    if told is None:
        raise Http404
    return {
        **_delivery(told.row),
        "reader": told.row.recipient,
        "message_id": told.message_id,
        "words": told.words,
        "feedback": told.feedback,
    }


_ACTS: Mapping[str, Callable[..., object]] = {
    "pause": hold.pause,
    "resume": hold.resume,
    "cancel": hold.cancel,
    "publish": publish_now,
}


def _wanted(asked: PlacementsAsked) -> list[tuple[str, object]]:
    names = ("entry", "outlet", "organisation", "state")
    return [(name, getattr(asked, name)) for name in names]


def _delivery(row: Delivery) -> dict[str, object]:
    return {
        "number": row.pk,
        "placement": row.placement.key,
        "entry": row.placement.occurrence.entry.slug,
        "outlet": row.placement.outlet.slug,
        "address": row.address,
        "state": row.label,
        "attempts": row.attempts,
        "answer": row.answer,
        "settled_at": row.settled_at,
    }
