"""What stands on each day, read for a page: a few statements, whatever the number of entries.

Unlike `agenda`, it renders nothing: it shows what stands, and what stands may be out of date.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from publisher.flows import days_sql
from publisher.flows.expand import NOT_STARTED
from publisher.kit.zones import wall
from publisher.models import Audience, Event, PlacementState
from publisher.models.specs import AudienceSpec, EventSpec, Plan, RuleSpec
from publisher.schedule.clashes import Clash, Hearing, clashes
from publisher.schedule.events import Happening, happenings

_Said = dict[str, datetime | str | int | bool | list[str]]  #: a statement's parameters

#: what readers hear or will hear
_HEARD = (
    PlacementState.PLANNED,
    PlacementState.MISSED,
    PlacementState.SENDING,
    PlacementState.PAUSED,
    PlacementState.FINISHED,
)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What narrows a calendar: slugs, and a state's name; empty: all."""

    organisation: str = ""  #: whose outlets it goes through
    audience: str = ""
    channel: str = ""
    state: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return any(asdict(self).values())


@dataclass(frozen=True, kw_only=True)
class Line:
    """An occurrence, as a calendar shows it."""

    entry: str
    occurrence: str  #: its key
    title: Mapping[str, str]
    zone: str  #: the entry's
    at_local: datetime | None  #: naive, in `zone`; None until the launch
    due_at: datetime | None  #: aware; None until the launch
    day: date | None  #: in the viewer's zone
    repeats: bool
    states: Mapping[str, int]  #: how many placements stand where
    audiences: tuple[str, ...]  #: slugs
    channels: tuple[str, ...]  #: slugs

    @property
    def movable(self) -> bool:
        """Whether nothing of it has started."""
        return all(state in NOT_STARTED for state in self.states)


@dataclass(frozen=True, kw_only=True)
class Days:
    """What stands between two moments, in order."""

    lines: tuple[Line, ...]
    numbers: Mapping[date, int]  #: how many stand on each day; there may be more than lines


@dataclass(frozen=True, kw_only=True)
class Held:
    """A time that an event takes place."""

    event: str  #: slug
    summary: str
    first: date  #: in the viewer's zone
    last: date
    starts_at: datetime  #: aware


def days(
    *, start: datetime, end: datetime, zone: str, wish: Wish | None = None, most: int = 10_000
) -> Days:
    """Give what is due from `start` to before `end`.

    Args:
        start: aware.
        end: aware.
        zone: the viewer's, whose days are meant.
        wish: what narrows it.
        most: how many lines of one day.
    """
    wanted = wish or Wish()
    window: _Said = {"start": start, "end": end, "zone": zone, "most": most}
    said = window | _narrowed(wanted)
    rows = list(_rows(days_sql.DAYS, said))
    return Days(
        lines=tuple(_line(row) for row in rows),
        numbers={row["day"]: row["of_day"] for row in rows},
    )


def waiting_for_launch(*, wish: Wish | None = None, most: int = 200) -> tuple[Line, ...]:
    """Give what has no moment until the plan is launched."""
    said: _Said = {"most": most} | _narrowed(wish or Wish())
    return tuple(_line(row) for row in _rows(days_sql.AT_LAUNCH, said))


def day_clashes(*, start: datetime, end: datetime) -> list[Clash]:
    """Say where the same readers are addressed too often, whatever the wish."""
    heard = day_hearings(start=start, end=end)
    return clashes(heard, parts()) if heard else []


def day_hearings(*, start: datetime, end: datetime) -> list[Hearing]:
    """Give what readers are to hear of what is due between two moments."""
    said: _Said = {"start": start, "end": end, "states": [str(one) for one in _HEARD]}
    with connection.cursor() as cursor:
        cursor.execute(days_sql.HEARINGS, said)
        return [
            Hearing(
                audience=audience,
                entry=entry,
                occurrence=one,
                channel=channel,
                at=datetime.fromtimestamp(seconds, UTC),
                on=date.fromordinal(day),
            )
            for audience, entry, one, channel, seconds, day in cursor.fetchall()
        ]


def events_held(*, start: datetime, end: datetime, zone: str) -> list[Held]:
    """Give the events of the plan's `.ics` files that take place between two moments."""
    specs = Event.objects.filter(retired_at=None).values_list("spec", flat=True)
    found = [
        _held(event, one, zone)
        for event in map(EventSpec.model_validate, specs)
        for one in _happenings(event, zone, (wall(start, zone), wall(end, zone)))
    ]
    return sorted(found, key=lambda one: (one.starts_at, one.summary))


# Reading a calendar takes longer than all else on the page, and it seldom changes.
@lru_cache(maxsize=2000)
def _happenings(
    event: EventSpec, zone: str, between: tuple[datetime, datetime]
) -> tuple[Happening, ...]:
    return tuple(happenings(event, zone=zone, between=between))


def _held(event: EventSpec, one: Happening, zone: str) -> Held:
    first, last = wall(one.start, zone), wall(one.end, zone)
    if last > first and not (last.hour or last.minute):
        last -= _MOMENT  # a day's end is no part of the next day
    return Held(
        event=event.slug,
        summary=event.summary,
        first=first.date(),
        last=last.date(),
        starts_at=one.start,
    )


_MOMENT = datetime.resolution


def parts() -> Plan:
    """Give what clashes need of the plan: which audience is part of which."""
    rows = Audience.objects.values_list("slug", "spec__part_of")
    return Plan(audiences={slug: _part(slug, wider) for slug, wider in rows})


def _part(slug: str, wider: str | None) -> AudienceSpec:
    # A copy of one is much quicker than as many made and checked.
    return _AUDIENCE.model_copy(update={"slug": slug, "part_of": wider})


_AUDIENCE = AudienceSpec(slug="any", name={}, kind="primary", who=RuleSpec(everyone=True))


def _narrowed(wish: Wish) -> _Said:
    return {**asdict(wish), "narrows": wish.narrows}


def _rows(statement: str, said: _Said) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        names = [column.name for column in cursor.description or ()]
        for row in cursor.fetchall():
            yield dict(zip(names, row, strict=True))


def _line(row: Mapping[str, Any]) -> Line:
    local: datetime | None = row["at_local"]
    states: Sequence[str] = row["states"] or ()
    return Line(
        entry=row["slug"],
        occurrence=row["key"],
        title=json.loads(row["title"]),
        zone=row["zone"],
        at_local=local.replace(tzinfo=None) if local else None,
        due_at=row["due_at"],
        day=row["day"],
        repeats=row["repeats"],
        states={state: states.count(state) for state in dict.fromkeys(states)},
        audiences=tuple(row["audiences"] or ()),
        channels=tuple(row["channels"] or ()),
    )
