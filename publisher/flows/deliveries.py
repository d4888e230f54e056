"""Who got what, when, and what the server said: the ledger, searched."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Lower

from publisher.kit.ids import parcel_key
from publisher.models import IN_FLIGHT, Delivery, DeliveryState, Feedback, Outlet, Placement, Reader
from publisher.models.delivery import IN_TROUBLE, OPEN, Deliveries

PAGE = 50
_READERS = 500  #: of those whose address begins so; beyond that, say more of it


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is looked for; what is empty does not narrow."""

    address: str = ""  #: how it begins, whatever its case
    placement: str = ""  #: a key
    entry: str = ""  #: a slug
    state: str = ""  #: a state's name, such as `refused`
    before: int = 0  #: ids below it: where the page before ended


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of deliveries, the newest first."""

    rows: tuple[Delivery, ...]  #: each with its placement and what that names
    next: int  #: what `before` is on the next page; 0: this is the last


def search(asked: Asked, *, organisations: Collection[str]) -> Found:
    """Give a page of deliveries, whatever the size of the ledger.

    Args:
        asked: what is looked for.
        organisations: slugs of those whose outlets' deliveries may be seen.
    """
    rows = Delivery.objects.filter(placement__in=_placements(asked, organisations))
    if asked.address:
        rows = rows.filter(recipient__in=_recipients(asked.address))
    if asked.state:
        rows = _of_state(rows, asked.state)
    if asked.before:
        rows = rows.filter(id__lt=asked.before)
    named = rows.shown().select_related(
        "placement__occurrence__entry", "placement__outlet__channel"
    )
    # A few readers' rows are sorted; in the key's order PostgreSQL would read the ledger for them.
    newest = (F("id") + 0).desc() if asked.address else F("id").desc()
    page = list(named.order_by(newest)[: PAGE + 1])
    more = page[PAGE - 1].pk if len(page) > PAGE else 0
    return Found(rows=tuple(page[:PAGE]), next=more)


def _placements(asked: Asked, organisations: Collection[str]) -> list[int]:
    """Give the placements it may be of: read first, they are few beside the deliveries."""
    outlets = Outlet.objects.filter(organisation__slug__in=organisations).values("id")
    rows = Placement.objects.filter(outlet__in=outlets, addressed_at__isnull=False)
    if asked.placement:
        rows = rows.filter(key=asked.placement)
    if asked.entry:
        rows = rows.filter(occurrence__entry__slug=asked.entry)
    return list(rows.values_list("id", flat=True))


def _recipients(address: str) -> list[int]:
    begun = Reader.objects.annotate(small=Lower("address"))
    found = begun.filter(small__startswith=address.strip().lower())
    return list(found.values_list("id", flat=True)[:_READERS])


def _of_state(rows: Deliveries, label: str) -> Deliveries:
    if label == IN_FLIGHT:
        return rows.in_hand()
    named = {state.label: state for state in DeliveryState}
    if label not in named:
        return rows.none()
    rows = rows.filter(state=named[label], in_trouble=named[label] in IN_TROUBLE)
    return rows.waiting() if named[label] in OPEN else rows


@dataclass(frozen=True, kw_only=True)
class History:
    """Everything known of one delivery."""

    row: Delivery
    message_id: str  #: the part before the @ of a mail's Message-ID; its key elsewhere
    words: str  #: the SHA-256 of exactly what was handed over
    feedback: tuple[Feedback, ...]  #: what came back later, in order
    values: Mapping[str, str]  #: what its placement got at hand-over, such as a number


def history(delivery: int) -> History | None:
    """Give one delivery with all that is known of it; None if there is none."""
    row = _whole().filter(pk=delivery).first()
    if row is None:
        return None
    placement = row.placement
    return History(
        row=row,
        message_id=parcel_key(placement.key, row.recipient),
        words=placement.rendition_id or "",
        feedback=tuple(Feedback.objects.filter(delivery=row).order_by("at", "id")),
        values=placement.values,
    )


def _whole() -> Deliveries:
    return Delivery.objects.shown().select_related(
        "placement__occurrence__entry",
        "placement__outlet__channel",
        "placement__outlet__organisation",
        "placement__audience",
    )


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How far one placement is; candidates = the four outcomes and what is open."""

    key: str
    state: str
    candidates: int
    accepted: int
    refused: int
    excluded: int
    uncertain: int
    started_at: datetime | None


def figures(keys: Collection[str]) -> list[Figures]:
    """Give how far some placements are, from their own columns: nothing is counted."""
    names = tuple(Figures.__dataclass_fields__)
    rows = Placement.objects.filter(key__in=keys).values_list(*names)
    return [Figures(**dict(zip(names, row, strict=True))) for row in rows]
