"""Hold up what is being sent, let it go on, stop it for good, or give up what has not started."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import F

from publisher.flows import defer
from publisher.flows.audit import TERMINAL, Doer, note_each
from publisher.flows.bell import ring
from publisher.flows.move import move
from publisher.flows.waiting import UNDECIDED, at_hand, placements
from publisher.models import Delivery, DeliveryState, Placement, PlacementState
from publisher.models.errors import Refused


def drop(what: str, *, reason: str = "", now: datetime, doer: Doer = TERMINAL) -> list[Placement]:
    """Give up what has not started: an entry's missed or next occurrence, or one placement.

    Raises:
        Refused: nothing of it waits.
    """
    problem = f"Dropped: {reason}" if reason else "Dropped."
    with transaction.atomic():
        rows = at_hand(what, (*UNDECIDED, PlacementState.UNAVAILABLE))
        for row in rows:
            move(row, PlacementState.DROPPED, now=now, problem=problem)
        note_each(doer, "placement.drop", rows, now=now, reason=reason)
        ring()
    return rows


def pause(what: str, *, now: datetime, doer: Doer = TERMINAL) -> list[Placement]:
    """Hold up what is being sent: no further window is handed over until it is resumed.

    Raises:
        Refused: nothing of it is being sent.
    """
    states = (PlacementState.SENDING,)
    return _each(what, states, PlacementState.PAUSED, "pause", now=now, doer=doer)


def pause_all(organisations: Collection[str], *, now: datetime, doer: Doer) -> int:
    """Hold up everything that some organisations are sending; give how many placements it is."""
    sending = Placement.objects.filter(
        state=PlacementState.SENDING, outlet__organisation__slug__in=organisations
    )
    held = 0
    for key in sending.values_list("key", flat=True):
        with suppress(Refused):  # it came to its end meanwhile
            held += len(pause(key, now=now, doer=doer))
    return held


def resume(what: str, *, now: datetime, doer: Doer = TERMINAL) -> list[Placement]:
    """Let what was paused go on.

    Raises:
        Refused: nothing of it is paused.
    """
    states = (PlacementState.PAUSED,)
    return _each(what, states, PlacementState.SENDING, "resume", now=now, doer=doer, then=_go_on)


def cancel(what: str, *, now: datetime, doer: Doer = TERMINAL) -> list[Placement]:
    """Stop what is being sent for good; what was not handed over is counted as excluded.

    Raises:
        Refused: nothing of it is being sent.
    """
    states = (PlacementState.SENDING, PlacementState.PAUSED)
    return _each(
        what, states, PlacementState.CANCELLED, "cancel", now=now, doer=doer, then=_exclude_the_rest
    )


def _each(
    what: str,
    states: tuple[PlacementState, ...],
    to: PlacementState,
    verb: str,
    *,
    now: datetime,
    doer: Doer,
    then: Callable[[Placement, datetime], None] = lambda _row, _now: None,
) -> list[Placement]:
    with transaction.atomic():
        rows = list(placements(what, states).select_for_update(of=("self",)))
        if not rows:
            words = " or ".join(state.label.lower() for state in states)
            raise Refused(f"Nothing of “{what}” is {words}; see `publisher status`.")
        for row in rows:
            move(row, to, now=now)
            then(row, now)
        note_each(doer, f"placement.{verb}", rows, now=now)
    return rows


def _go_on(row: Placement, _now: datetime) -> None:
    if row.addressed_at is None:
        defer.begin(row.occurrence_id)
    else:
        defer.hand_over(row.pk)


def _exclude_the_rest(row: Placement, now: datetime) -> None:
    """Settle what was never handed over, so that the figures add up."""
    rest = Delivery.objects.waiting().filter(placement=row)
    count = rest.update(state=DeliveryState.EXCLUDED, answer="cancelled", settled_at=now)
    Placement.objects.filter(pk=row.pk).update(excluded=F("excluded") + count)
