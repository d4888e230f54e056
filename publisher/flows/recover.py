"""Take up what dead processes left: their journals first, then what they had in hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import F

from publisher.adapters.registry import adapter
from publisher.flows import defer
from publisher.flows.journals import journals
from publisher.flows.ledger import next_due
from publisher.flows.run import VERDICTS
from publisher.flows.settle import Answer, answer_to, settle
from publisher.kit import journal
from publisher.models import Delivery, DeliveryState, Placement, PlacementState, Window
from publisher.models.adapter import Outcome


def recover(*, now: datetime) -> int:
    """Settle and take up what no living process has in hand; give how many rows that was.

    May run at any time, twice, and beside hand-overs that are under way.
    """
    folder = journals()
    count = 0
    for name, entries, path in journal.left_behind(folder):
        count += _settle_one(name, entries, now=now)
        path.unlink(missing_ok=True)
    for name in _without_a_journal(folder):
        count += _settle_one(name, [], now=now)
    _go_on(now)
    return count


def _settle_one(name: str, entries: Sequence[journal.Entry], *, now: datetime) -> int:
    """Settle what one journal's run had in hand: what it wrote down, then the rest."""
    written = {entry.delivery: entry for entry in entries}
    with transaction.atomic():
        windows = list(Window.objects.select_for_update().filter(claimed_by=name).order_by("id"))
        held = [number for window in windows for number in window.deliveries]
        answers: dict[int, list[Answer]] = defaultdict(list)
        for row in Delivery.objects.filter(pk__in=held).select_related("placement__outlet"):
            answers[row.placement_id].append(_answer(row, written.get(row.pk), now=now))
        for placement, said in answers.items():
            settle(placement, said, journal=name)
            if any(answer.state is DeliveryState.UNCERTAIN for answer in said):
                defer.ask(placement)
        Window.objects.filter(pk__in=[window.pk for window in windows]).delete()
    return len(held)


def _answer(row: Delivery, entry: journal.Entry | None, *, now: datetime) -> Answer:
    placement = row.placement
    if entry is not None:
        outcome = Outcome(
            delivery=row.pk,
            verdict=VERDICTS[entry.verdict - 1],
            answer=entry.answer,
            url=entry.url,
        )
        return answer_to(outcome, attempts=row.attempts + 1, placement=placement.key, now=now)
    if adapter(placement.outlet.said.adapter).capabilities.after_crash == "repeat":
        return Answer(delivery=row.pk, state=DeliveryState.QUEUED)
    return Answer(
        delivery=row.pk,
        state=DeliveryState.UNCERTAIN,
        answer="The process that handed this over ended before it had an answer.",
    )


def _without_a_journal(folder: Path) -> list[str]:
    """Give the runs of this folder that have rows in hand and whose journal is gone."""
    ours = f"{journal.folder_id(folder)}-"
    names = Window.objects.filter(claimed_by__startswith=ours).values_list("claimed_by", flat=True)
    return [name for name in names.distinct() if not (folder / f"{name}.journal").exists()]


def _go_on(now: datetime) -> None:
    """Have handed over, or finished, what nobody works on any more."""
    sending = Placement.objects.filter(state=PlacementState.SENDING)
    not_addressed = sending.filter(addressed_at=None)
    for occurrence in not_addressed.values_list("occurrence", flat=True).distinct():
        defer.begin(occurrence)
    addressed = sending.exclude(addressed_at=None)
    for placement, problem in addressed.values_list("pk", "problem"):
        if (due := next_due(placement)) and due <= now:
            # What is held up waits for its own moment: no account is knocked at each minute.
            defer.hand_over(placement, hasten=not problem)
    done = addressed.filter(
        candidates=F("accepted") + F("refused") + F("excluded") + F("uncertain")
    )
    for placement in done.values_list("pk", flat=True):
        settle(placement, [], journal="")
