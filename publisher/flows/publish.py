"""Start what is due, or what a person sends now; mark what was missed."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Exists, Min, OuterRef, QuerySet

from publisher.flows import defer
from publisher.flows.approve import yeses_missing
from publisher.flows.audit import TERMINAL, Doer, note_each
from publisher.flows.move import describe, move, move_locked
from publisher.flows.prepare import prepare
from publisher.flows.waiting import NAMES, UNDECIDED, at_hand
from publisher.models import Approval, Occurrence, Placement, PlacementState
from publisher.models.errors import PlanError, Refused
from publisher.models.specs.when import duration
from publisher.schedule.moves import at_its_moment

AT_ONCE = 100  #: occurrences that are started in one transaction
log = logging.getLogger(__name__)


def publish_due(*, now: datetime, enough: Callable[[], bool] = lambda: False) -> list[Placement]:
    """Start or miss every placement whose moment has come; give those that started.

    Occurrences are started in transactions of some, and skipped where somebody else has them in
    hand: whatever the number of clocks, each placement starts once.

    Args:
        now: aware.
        enough: asked between transactions; true ends it early.
    """
    prepare_due(now)
    started: list[Placement] = []
    for together in _some(_due_occurrences(now)):
        if enough():
            break
        started += _start_unless_faulty(together, now)
    return started


def next_due() -> datetime | None:
    """Give the moment at which the next placement is due; it may be past."""
    found: datetime | None = Placement.objects.filter(
        state=PlacementState.PLANNED, due_at__isnull=False
    ).aggregate(next=Min("due_at"))["next"]
    return found


def publish_now(entry: str, *, now: datetime, doer: Doer = TERMINAL) -> list[Placement]:
    """Send an entry now, at a person's word; give what started. See `at_hand` for what it is.

    Raises:
        Refused: nothing of it waits, or it has not every yes.
        PlanError: its words cannot be rendered.
    """
    chosen = at_hand(entry)
    if problems := prepare([row for row in chosen if row.rendition_id is None], now=now):
        raise PlanError(problems)
    with transaction.atomic():
        rows = list(
            Placement.objects.filter(id__in=[row.pk for row in chosen], state__in=UNDECIDED)
            .select_related(*NAMES)
            .select_for_update(of=("self",))
            .order_by("id")
        )
        refuse_owed(rows)
        for row in rows:
            move(row, PlacementState.SENDING, now=now)
        note_each(doer, "placement.publish", rows, now=now)
        for occurrence in sorted({row.occurrence_id for row in rows}):
            defer.begin(occurrence)
    return rows


def refuse_owed(rows: Sequence[Placement]) -> None:
    """Refuse what has not every yes, with who is still to say it.

    Raises:
        Refused: naming each placement.
    """
    owed = yeses_missing(rows)
    lines = [
        f"{describe(row)} still needs a yes from {', '.join(owed[row.pk])}."
        for row in rows
        if owed[row.pk]
    ]
    if lines or not rows:
        raise Refused("\n".join(lines) or "Nothing waits to be sent any more.")


def _due(now: datetime) -> QuerySet[Placement]:
    return Placement.objects.filter(state=PlacementState.PLANNED, due_at__lte=now)


def prepare_due(now: datetime) -> None:
    """Render what is due and changed since it was approved: the same words count as approved."""
    _prepare(_due(now), now)


def prepare_approved(now: datetime) -> None:
    """Render what changed since it was approved, so that it is known whether it still is."""
    # What has a problem has it until the plan changes again.
    _prepare(Placement.objects.filter(state=PlacementState.PLANNED, problem=""), now)


def _prepare(rows: QuerySet[Placement], now: datetime) -> None:
    approved = Exists(Approval.objects.filter(placement=OuterRef("pk")))
    found = list(rows.filter(approved, rendition=None).select_related(*NAMES))
    if found:
        prepare(found, now=now)


def _due_occurrences(now: datetime) -> list[int]:
    rows = _due(now).values("occurrence").annotate(first=Min("due_at")).order_by("first")
    return [row["occurrence"] for row in rows]


def _some(occurrences: Sequence[int]) -> Iterator[Sequence[int]]:
    for at in range(0, len(occurrences), AT_ONCE):
        yield occurrences[at : at + AT_ONCE]


def _start_due(occurrences: Sequence[int], now: datetime) -> list[Placement]:
    with transaction.atomic():
        free = Occurrence.objects.select_for_update(skip_locked=True, no_key=True)
        mine = [row.pk for row in free.filter(pk__in=occurrences)]
        rows = list(
            _due(now)
            .filter(occurrence__in=mine)
            .select_related(*NAMES)
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("id")
        )
        owed = yeses_missing(rows)
        verdicts = defaultdict(list)
        for row in rows:
            verdicts[_verdict(row, owed[row.pk], now)].append(row)
        for (state, problem), alike in verdicts.items():
            move_locked(alike, state, now=now, problem=problem)
        started = [row for row in rows if row.state == PlacementState.SENDING]
        if started:
            defer.begin_all(sorted({row.occurrence_id for row in started}))
    return started


def _start_unless_faulty(occurrences: Sequence[int], now: datetime) -> list[Placement]:
    """Start occurrences; a fault of ours in one keeps no other from starting."""
    try:
        return _start_due(occurrences, now)
    except DatabaseError:
        raise
    except Exception as fault:  # noqa: BLE001  # whatever it is, it is one occurrence's
        if len(occurrences) > 1:
            return [row for one in occurrences for row in _start_unless_faulty([one], now)]
        _show_fault(occurrences[0], fault, now)
        return []


def _show_fault(occurrence: int, fault: Exception, now: datetime) -> None:
    sentence = f"A fault in Publisher holds it up ({type(fault).__name__}); it is tried again."
    rows = _due(now).filter(occurrence=occurrence).exclude(problem=sentence)
    if rows.update(problem=sentence):  # so that the log has it once
        log.error("occurrence does not start", extra={"occurrence": occurrence}, exc_info=fault)


def _verdict(row: Placement, owed: Sequence[str], now: datetime) -> tuple[PlacementState, str]:
    assert row.due_at is not None
    return at_its_moment(
        due_at=row.due_at,
        late_after=duration(row.occurrence.entry.spec["late_after"]),
        owed=owed,
        now=now,
    )
