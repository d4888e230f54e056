"""Occasions as events: what is held on which dates, so that entries may hang on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from icalendar import Calendar, vRecur
from icalendar import Event as VEvent

from publisher.kit.recurrence import checked_rule, wall_times
from publisher.kit.zones import instant, wall
from publisher.models.specs import BeforeEvent, EntrySpec, EventSpec, OccasionSpec, Plan
from publisher.models.specs.when import duration
from publisher.schedule.occurrences import HORIZON, short, zone_of


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """One date of an occasion."""

    key: str  #: as that of an occurrence that hangs on it; a series' date keeps it
    at_local: datetime  #: naive, in the occasion's zone
    starts: datetime  #: aware, UTC
    ends: datetime
    closes: datetime  #: when registration ends


def sittings(
    slug: str, occasion: OccasionSpec, zone: str, *, between: tuple[datetime, datetime]
) -> list[Sitting]:
    """Give an occasion's dates, in order.

    Args:
        slug: of the entry that holds it.
        occasion: what is said of it.
        zone: see `occasion_zone`.
        between: aware.
    """
    first, last = (wall(end, zone) for end in between)
    found = wall_times(
        occasion.starts,
        occasion.repeat,
        zone=zone,
        between=(first, last),
        skip=tuple(occasion.skip),
    )
    return [_sitting(slug, occasion, at, zone) for _, at in found]


def occasion_zone(entry: EntrySpec, plan: Plan) -> str:
    """Give the zone of an entry's occasion: its own, else the entry's."""
    own = entry.occasion.zone if entry.occasion else None
    return own or zone_of(entry, plan.organisations)


def holder(entry: EntrySpec, entries: Mapping[str, EntrySpec]) -> EntrySpec | None:
    """Give the entry that holds the occasion this one is about; None: it is about none.

    That is its own, the one it invites to, or the one that it hangs on.
    """
    if entry.occasion:
        return entry
    hangs_on = entry.when.event if isinstance(entry.when, BeforeEvent) else None
    found = entries.get(entry.invites_to or hangs_on or "")
    return found if found and found.occasion else None


def events(plan: Plan) -> dict[str, EventSpec]:
    """Give the events that entries may hang on: those of `.ics` files, and the occasions."""
    held = {
        slug: _event(entry, entry.occasion, occasion_zone(entry, plan))
        for slug, entry in plan.entries.items()
        if entry.occasion
    }
    return {**plan.events, **held}


def never_shown(occasion: OccasionSpec, zone: str, now: datetime) -> list[datetime]:
    """Give the dates' wall times that clocks skip when they go forward."""
    far = datetime.combine(max(now.date(), occasion.starts.date()), time()) + HORIZON
    found = wall_times(
        occasion.starts,
        occasion.repeat,
        zone=zone,
        between=(occasion.starts, far),
        skip=tuple(occasion.skip),
    )
    return [at for _, at in found if wall(instant(at, zone), zone) != at]


def _sitting(slug: str, occasion: OccasionSpec, at: datetime, zone: str) -> Sitting:
    starts = instant(at, zone)
    return Sitting(
        key=short(f"{slug}@{at:%Y-%m-%dT%H:%M}" if occasion.repeat else slug),
        at_local=at,
        starts=starts,
        ends=starts + duration(occasion.lasts),
        closes=starts - duration(occasion.closes),
    )


def _event(entry: EntrySpec, occasion: OccasionSpec, zone: str) -> EventSpec:
    made = VEvent()
    starts, tz = occasion.starts, ZoneInfo(zone)
    made.add("uid", entry.slug)
    made.add("dtstart", starts.replace(tzinfo=tz) if occasion.repeat else instant(starts, zone))
    made.add("duration", duration(occasion.lasts))
    if occasion.repeat:
        made.add("rrule", vRecur.from_ical(checked_rule(occasion.repeat)))
        for day in occasion.skip:
            made.add("exdate", datetime.combine(day, starts.time(), tz))
    if occasion.cancelled:
        made.add("status", "CANCELLED")
    calendar = Calendar()
    calendar.add_component(made)
    ics = calendar.to_ical().decode()
    return EventSpec(slug=entry.slug, uid=entry.slug, summary=entry.slug, ics=ics)
