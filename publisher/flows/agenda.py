"""What comes when: the occurrences between two days, with what they still need and clashes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from publisher.flows.approve import yeses_missing
from publisher.flows.publish import prepare_approved
from publisher.flows.stored_plan import stored_plan
from publisher.flows.waiting import NAMES, UNDECIDED
from publisher.kit.zones import wall
from publisher.models import Occurrence, Placement, PlacementState
from publisher.models.specs import Plan
from publisher.schedule.clashes import Clash, Hearing, clashes
from publisher.schedule.occurrences import zone_of


@dataclass(frozen=True, kw_only=True)
class Item:
    """An occurrence, as an officer reads it."""

    entry: str
    title: Mapping[str, str]
    occurrence: str
    at_local: datetime | None  #: naive, in `zone`; None until the launch
    zone: str
    due_at: datetime | None  #: aware; None until the launch
    audiences: tuple[str, ...]
    channels: tuple[str, ...]
    states: Mapping[str, int]  #: how many placements stand where
    owed: tuple[str, ...]  #: organisations whose yes is missing somewhere
    forms_not_there: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """What comes, in order, and where it addresses the same readers too often."""

    items: tuple[Item, ...]
    clashes: tuple[Clash, ...]


def agenda(*, start: datetime, end: datetime, now: datetime) -> Agenda:
    """Give what is due from `start` to before `end`; and last, what waits for the launch.

    Args:
        start: aware.
        end: aware.
        now: aware.
    """
    prepare_approved(now)
    plan = stored_plan()
    rows = _occurrences(start, end)
    found = defaultdict(list)
    there = {row.pk: row for row in rows}
    placements = Placement.objects.filter(occurrence__in=there)
    # An entry's words come with its occurrence, not again with each of its placements.
    beside = [name for name in NAMES if not name.startswith("occurrence")]
    for placement in placements.select_related(*beside).order_by("id"):
        placement.occurrence = there[placement.occurrence_id]
        found[placement.occurrence_id].append(placement)
    undecided = [one for many in found.values() for one in many if one.state in UNDECIDED]
    owed = yeses_missing(undecided)
    return Agenda(
        items=tuple(_item(row, found[row.pk], owed, plan) for row in rows),
        clashes=tuple(clashes(_hearings(found.values(), plan), plan)),
    )


def _occurrences(start: datetime, end: datetime) -> QuerySet[Occurrence]:
    within = Q(due_at__gte=start, due_at__lt=end) | Q(due_at=None)
    return (
        Occurrence.objects.filter(within, entry__retired_at=None)
        .select_related("entry")
        .order_by("due_at", "entry__slug")
    )


def _item(
    row: Occurrence, placements: list[Placement], owed: Mapping[int, list[str]], plan: Plan
) -> Item:
    said = plan.entries[row.entry.slug]
    missing = [one for one in placements if one.state == PlacementState.UNAVAILABLE]
    return Item(
        entry=row.entry.slug,
        title=said.title,
        occurrence=row.key,
        at_local=row.at_local.replace(tzinfo=None) if row.at_local else None,
        zone=zone_of(said, plan.organisations),
        due_at=row.due_at,
        audiences=_each(one.audience.slug for one in placements),
        channels=_each(one.outlet.channel.slug for one in placements),
        states=dict(Counter(str(one.state) for one in placements)),  # asdict spoils a Counter
        owed=_each(slug for one in placements for slug in owed.get(one.pk, [])),
        forms_not_there=_each(one.outlet.channel.said.form for one in missing),
    )


def _hearings(found: Iterable[list[Placement]], plan: Plan) -> list[Hearing]:
    """Give what readers are written; what stands on a page or in a feed disturbs nobody."""
    coming = (*UNDECIDED, PlacementState.SENDING, PlacementState.PAUSED, PlacementState.FINISHED)
    return [
        Hearing(
            audience=one.audience.slug,
            entry=one.occurrence.entry.slug,
            occurrence=one.occurrence_id,
            channel=one.outlet.channel.slug,
            at=one.due_at,
            on=wall(one.due_at, one.outlet.organisation.said.time_zone).date(),
        )
        for many in found
        for one in many
        if one.state in coming and one.due_at and one.outlet.channel.said.asks_consent
    ]


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
