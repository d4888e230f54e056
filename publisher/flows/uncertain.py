"""Hand-overs of which nobody knows whether they arrived: ask the service, else a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asgiref.sync import sync_to_async
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from publisher.adapters.registry import adapter
from publisher.flows import defer
from publisher.flows.audit import TERMINAL, Doer, note_each
from publisher.flows.consign import consignment, parcel
from publisher.flows.ledger import LOCK_CLASS
from publisher.flows.settle import Answer, answer_to, settle
from publisher.flows.waiting import NAMES
from publisher.kit import clock
from publisher.kit.journal import folder_id
from publisher.models import Delivery, DeliveryState, Placement, Reader, Window
from publisher.models.adapter import Adapter, Consignment, Parcel
from publisher.models.errors import PublisherError, Refused
from publisher.settings import settings

STRANDED = "The machine that handed this over is gone, and its journal with it."


class Decision(Enum):
    """What a person says of it."""

    RESEND = "resend"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Uncertain:
    """How many of a placement's hand-overs are uncertain."""

    key: str
    entry: str
    occurrence: str
    outlet: str
    audience: str
    language: str
    count: int
    answer: str  #: one of them, as the service or we put it


def uncertain(entry: str | None = None) -> list[Uncertain]:
    """Give the placements with uncertain hand-overs, of one entry or of all.

    What a lost machine had in hand counts among them, until its data folder comes back.
    """
    rows = Placement.objects.filter(
        Q(uncertain__gt=0) | Exists(_windows_elsewhere().filter(placement=OuterRef("pk")))
    ).select_related("occurrence__entry", "outlet", "audience")
    if entry is not None:
        rows = rows.filter(occurrence__entry__slug=entry)
    found = []
    for row in rows.order_by("id"):
        stranded = _stranded(row.pk)
        if count := row.uncertain + sum(len(window.deliveries) for window in stranded):
            answer = _rows(row.pk).values_list("answer", flat=True).first()
            found.append(
                Uncertain(
                    key=row.key,
                    entry=row.occurrence.entry.slug,
                    occurrence=row.occurrence.key,
                    outlet=row.outlet.slug,
                    audience=row.audience.slug,
                    language=row.language,
                    count=count,
                    answer=answer or STRANDED,
                )
            )
    return found


def decide(
    entry: str,
    decision: Decision,
    *,
    now: datetime,
    organisations: Collection[str] | None = None,
    doer: Doer = TERMINAL,
) -> int:
    """Settle an entry's uncertain hand-overs as a person says; give how many they were.

    Args:
        entry: its slug.
        decision: what became of them, or what is to.
        now: aware.
        organisations: slugs of those whose outlets are meant; None: all.
        doer: who says it.

    Raises:
        Refused: none of it is uncertain.
    """
    placements = Placement.objects.filter(occurrence__entry__slug=entry)
    if organisations is not None:
        placements = placements.filter(outlet__organisation__slug__in=organisations)
    with transaction.atomic():
        for row in placements:
            _take_up(row.pk)
        found = placements.filter(uncertain__gt=0).select_related(*NAMES)
        doubtful = list(found.select_for_update(of=("self",)))
        count = sum(_decide_one(row, decision, now) for row in doubtful)
        note_each(doer, "uncertain.decide", doubtful, now=now, decision=decision.value)
    if not count:
        raise Refused(f"Nothing of “{entry}” is uncertain.")
    return count


def look_up(entry: str) -> int:
    """Have the services asked about an entry's uncertain hand-overs; give how many they are.

    Raises:
        Refused: none of it is uncertain.
    """
    doubtful = [row for row in uncertain(entry) if row.count]
    if not doubtful:
        raise Refused(f"Nothing of “{entry}” is uncertain.")
    for pk in Placement.objects.filter(key__in=[row.key for row in doubtful]).values_list("pk"):
        defer.ask(*pk)
    return sum(row.count for row in doubtful)


async def ask(placement_id: int) -> None:
    """Look each uncertain hand-over of a placement up in the service's own record."""
    # Where it cannot be asked now, a person can decide all the same.
    with suppress(PublisherError):
        placement, goods, service, parcels = await sync_to_async(_to_ask)(placement_id)
        for attempts, made in parcels:
            outcome = await service.ask(goods, made)
            if outcome is not None:
                now = clock.now()
                said = answer_to(outcome, attempts=attempts, placement=placement.key, now=now)
                await sync_to_async(_record)(placement_id, [said])


def _to_ask(
    placement_id: int,
) -> tuple[Placement, Consignment, Adapter, list[tuple[int, Parcel]]]:
    placement = Placement.objects.select_related("rendition", *NAMES).get(pk=placement_id)
    goods = consignment(placement)
    rows = list(_rows(placement_id))
    names = dict(
        Reader.objects.filter(pk__in=[row.recipient for row in rows]).values_list("pk", "name")
    )
    parcels = [
        (
            row.attempts,
            parcel(
                goods,
                delivery=row.pk,
                recipient=row.recipient,
                address=row.address,
                name=names.get(row.recipient, ""),
            ),
        )
        for row in rows
    ]
    return placement, goods, adapter(placement.outlet.said.adapter), parcels


def _windows_elsewhere() -> QuerySet[Window]:
    ours = f"{folder_id(settings().data_folder / 'journal')}-"
    return Window.objects.exclude(claimed_by__startswith=ours)


def _stranded(placement_id: int) -> list[Window]:
    """Give what another machine had in hand, if no run of the placement is alive anywhere."""
    with connection.cursor() as cursor:
        cursor.execute(_ALIVE, [LOCK_CLASS, placement_id % 2**31])
        if cursor.fetchone():
            return []
    return list(_windows_elsewhere().filter(placement=placement_id).order_by("id"))


def _take_up(placement_id: int) -> None:
    """Turn what a lost machine had in hand into what is uncertain."""
    for window in _stranded(placement_id):
        said = [
            Answer(delivery=number, state=DeliveryState.UNCERTAIN, answer=STRANDED)
            for number in window.deliveries
        ]
        settle(placement_id, said, journal=window.claimed_by)


# A run holds an advisory lock on its placement for as long as it lives.
_ALIVE = """
SELECT 1 FROM pg_locks
WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND objsubid = 2
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def _rows(placement_id: int) -> QuerySet[Delivery]:
    return Delivery.objects.filter(placement=placement_id, state=DeliveryState.UNCERTAIN).order_by(
        "id"
    )


def _decide_one(placement: Placement, decision: Decision, now: datetime) -> int:
    state, answer = _MEANING[decision]
    said = [
        Answer(delivery=number, state=state, answer=answer)
        for number in _rows(placement.pk).values_list("pk", flat=True)
    ]
    _record(placement.pk, said)
    if decision is Decision.RESEND:
        defer.hand_over(placement.pk)
    return len(said)


_MEANING = {
    Decision.RESEND: (DeliveryState.QUEUED, ""),
    Decision.ACCEPTED: (DeliveryState.ACCEPTED, "A person found that it had arrived."),
    Decision.REFUSED: (DeliveryState.REFUSED, "A person found that it had not arrived."),
}


def _record(placement_id: int, answers: Sequence[Answer]) -> None:
    settle(placement_id, answers, was=DeliveryState.UNCERTAIN)
