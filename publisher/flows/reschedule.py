"""Move an entry to another time, having said first what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet

from publisher.flows.audit import Doer
from publisher.flows.days import day_hearings, parts
from publisher.flows.edit import edit, mark
from publisher.flows.expand import NOT_STARTED
from publisher.flows.falling import Fall, falling, yeses
from publisher.flows.standing import standing
from publisher.flows.unsaved import only_wall_time, unsaved
from publisher.flows.waiting import NAMES, UNDECIDED
from publisher.kit.zones import instant, wall
from publisher.models import Entry, Launch, Occurrence, Placement
from publisher.models.errors import Refused
from publisher.models.specs import BeforeEvent, EntrySpec, Plan
from publisher.schedule.clashes import Clash, Hearing, clashes
from publisher.schedule.events import happenings
from publisher.schedule.occasions import events
from publisher.schedule.occurrences import short, zone_of
from publisher.schedule.quiet import after_quiet
from publisher.schedule.shifts import (
    Anchor,
    CannotMove,
    Clocks,
    Reason,
    Shifted,
    Way,
    clocks,
    shifted,
    silent,
    ways,
)

_AROUND = timedelta(days=2)  #: clashes are looked for so far from the new moment
_A_DAY, _MORNING = timedelta(days=1), time(9)  #: what is offered where nothing is said


@dataclass(frozen=True, kw_only=True)
class Silence:
    """An outlet that is silent at the new moment."""

    outlet: str  #: slug
    due_at: datetime  #: when it speaks again


@dataclass(frozen=True, kw_only=True)
class Following:
    """What follows from a move."""

    shifted: Shifted
    due_at: datetime  #: the new moment; aware
    clocks: Clocks
    others: int  #: other occurrences of the entry to come that move as well
    kept: int  #: placements whose yeses stand
    lost: tuple[Fall, ...]
    silences: tuple[Silence, ...]
    clashes: tuple[Clash, ...]  #: on the days around it, and about this entry
    hung: tuple[str, ...]  #: entries that hang on what it invites to, which does not move


@dataclass(frozen=True, kw_only=True)
class Moving:
    """A move that somebody thinks of."""

    row: Entry
    occurrence: Occurrence
    zone: str  #: the entry's
    ways: tuple[Way, ...]
    way: Way | None
    seen: str  #: the entry's mark
    at: datetime | None  #: the wall time as it is, naive, in `zone`; None until the launch
    to: datetime  #: naive, in `zone`
    following: Following | None = None  #: None: it cannot be done
    reason: Reason | None = None  #: why it cannot


def moving(
    entry: str, occurrence: str, *, to: datetime | None, way: Way | None, now: datetime
) -> Moving:
    """Say what would follow from a move; nothing is changed.

    Args:
        entry: its slug.
        occurrence: its key.
        to: naive, in the entry's zone; None: where it is.
        way: how; None: the gentlest.
        now: aware.

    Raises:
        Refused: there is no such occurrence.
    """
    row = Occurrence.objects.filter(
        entry__slug=entry, key=occurrence, entry__retired_at=None
    ).select_related("entry")
    found = row.first()
    if found is None:
        raise Refused("There is nothing at that time of this entry any more; look at the calendar.")
    thought = _thought(found, to, way, now)
    try:
        return replace(thought, following=_following(thought, now))
    except CannotMove as error:
        return replace(thought, reason=error.reason)


def reschedule(moved: Moving, *, seen: str, doer: Doer, now: datetime) -> str:
    """Do what `moving` said; give the slug of the entry that now has the occurrence.

    Raises:
        PlanError: the entry as it would be does not fit into the plan.
        Changed: somebody changed the entry meanwhile.
        Refused: it cannot be done, or the doer may not.
    """
    if moved.following is None:
        raise Refused("It cannot be moved so.")
    said = moved.following.shifted
    with transaction.atomic():
        edit("entry", said.entry.model_dump(mode="json"), seen=seen, doer=doer, now=now)
        if said.apart is None:
            return said.entry.slug
        edit("entry", said.apart.model_dump(mode="json"), seen="", doer=doer, now=now)
    return said.apart.slug


def _thought(occurrence: Occurrence, to: datetime | None, way: Way | None, now: datetime) -> Moving:
    spec = occurrence.entry.said
    zone = zone_of(spec, standing().plan.organisations)
    at = occurrence.at_local.replace(tzinfo=None) if occurrence.at_local else None
    if at is None and occurrence.due_at:
        at = wall(occurrence.due_at, zone)
    at = at.replace(second=0, microsecond=0) if at else None
    possible = ways(spec, launched=occurrence.due_at is not None)
    chosen = way if way in possible else next(iter(possible), None)
    return Moving(
        row=occurrence.entry,
        occurrence=occurrence,
        zone=zone,
        ways=possible,
        way=chosen,
        seen=mark(occurrence.entry),
        at=at,
        to=to or at or datetime.combine(wall(now, zone).date() + _A_DAY, _MORNING),
    )


def _following(thought: Moving, now: datetime) -> Following:
    """Say what follows.

    Raises:
        CannotMove: it cannot be done.
    """
    spec, due_at = thought.row.said, instant(thought.to, thought.zone)
    rows = list(thought.occurrence.placements.select_related(*NAMES))
    if thought.way is None:
        raise CannotMove("no_way")
    if any(row.state not in NOT_STARTED for row in rows):
        raise CannotMove("started")
    said = shifted(
        spec,
        thought.way,
        at=thought.at,
        to=thought.to,
        anchor=_anchor(thought),
        apart=_free(f"{spec.slug[:60].rstrip('-')}-{thought.to:%Y-%m-%d}"),
    )
    if due_at <= now:
        raise CannotMove("past")
    kept, lost = _yeses(said.entry, now)
    return Following(
        shifted=said,
        due_at=due_at,
        clocks=clocks(thought.at, thought.to, thought.zone),
        others=_others(thought, now),
        kept=kept,
        lost=lost,
        silences=tuple(_silences(rows, due_at)),
        clashes=tuple(_clashes(thought, rows, due_at)),
        hung=_hung(spec, standing().plan),
    )


def _anchor(thought: Moving) -> Anchor | None:
    """Give what the occurrence hangs on; None: on nothing."""
    when, plan = thought.row.said.when, standing().plan
    if not isinstance(when, BeforeEvent):
        launch = Launch.objects.first()
        start = wall(launch.at, thought.zone) if launch else None
        return Anchor(start=start, end=start) if start else None
    event, at = events(plan).get(when.event), thought.at
    if event is None or at is None:
        return None
    year = timedelta(days=800)  # no offset is longer than the horizon both ways
    for one in happenings(event, zone=thought.zone, between=(at - year, at + year)):
        if short(one.key) == thought.occurrence.key:
            return Anchor(start=wall(one.start, thought.zone), end=wall(one.end, thought.zone))
    return None


def _free(slug: str) -> str:
    """Give a slug that no entry has, made from this one."""
    taken = set(Entry.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    numbered = (slug if not number else f"{slug}-{number + 1}" for number in range(len(taken) + 1))
    return next(one for one in numbered if one not in taken)


def _yeses(entry: EntrySpec, now: datetime) -> tuple[int, tuple[Fall, ...]]:
    """Give how many placements keep their yeses, and those that lose them."""
    here = Placement.objects.filter(
        occurrence__entry__slug=entry.slug, state__in=UNDECIDED, rendition__isnull=False
    )
    said = {pk: slugs for pk, slugs in yeses(here.values_list("id", flat=True)).items() if slugs}
    if not said:
        return 0, ()
    if only_wall_time(entry) and Occurrence.objects.filter(entry__slug=entry.slug).count() > 1:
        # What came several times and comes once is none of these occurrences: see `expand`.
        return 0, tuple(_gone(here.filter(id__in=said), said))
    lost = falling(unsaved(entry.model_dump(mode="json"), now=now), now=now)
    return len(said) - len(lost), tuple(lost)


def _gone(rows: QuerySet[Placement], said: Mapping[int, tuple[str, ...]]) -> Iterator[Fall]:
    for row in rows.select_related(*NAMES).order_by("due_at", "id"):
        yield Fall(placement=row, organisations=said[row.pk], because="gone")


def _others(thought: Moving, now: datetime) -> int:
    """Give how many other occurrences move along."""
    if thought.way not in {"series", "offset", "detach"}:
        return 0
    rows = thought.row.occurrences.filter(due_at__gt=now)
    return rows.exclude(pk=thought.occurrence.pk).count()


def _silences(rows: Iterable[Placement], due_at: datetime) -> list[Silence]:
    found = {}
    for row in rows:
        zone = row.outlet.organisation.said.time_zone
        then = after_quiet(due_at, row.outlet.said.quiet, zone)
        if silent(row.outlet.said, due_at, then):
            found[row.outlet.slug] = Silence(outlet=row.outlet.slug, due_at=then)
    return list(found.values())


def _clashes(thought: Moving, rows: Sequence[Placement], due_at: datetime) -> list[Clash]:
    """Give the clashes about the entry that there would be."""
    others = [
        one
        for one in day_hearings(start=due_at - _AROUND, end=due_at + _AROUND)
        if one.occurrence != thought.occurrence.pk
    ]
    moved = [_hearing(row, due_at) for row in rows if row.outlet.channel.said.asks_consent]
    found = clashes([*others, *moved], parts())
    return [one for one in found if thought.row.slug in one.entries]


def _hearing(row: Placement, due_at: datetime) -> Hearing:
    zone = row.outlet.organisation.said.time_zone
    at = after_quiet(due_at, row.outlet.said.quiet, zone)
    return Hearing(
        audience=row.audience.slug,
        entry=row.occurrence.entry.slug,
        occurrence=row.occurrence_id,
        channel=row.outlet.channel.slug,
        at=at,
        on=wall(at, zone).date(),
    )


def _hung(entry: EntrySpec, plan: Plan) -> tuple[str, ...]:
    """Give the entries that are about the occasion that this one holds."""
    if entry.occasion is None:
        return ()
    return tuple(
        one.slug
        for one in plan.entries.values()
        if one.invites_to == entry.slug
        or (isinstance(one.when, BeforeEvent) and one.when.event == entry.slug)
    )
