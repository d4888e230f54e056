"""When an entry is due: its occurrences, from the three ways a calendar file says when."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from publisher.kit.recurrence import wall_times
from publisher.kit.zones import instant, wall
from publisher.models.specs import (
    AtWallTime,
    BeforeEvent,
    EntrySpec,
    EventSpec,
    OnLaunch,
    OrganisationSpec,
)
from publisher.models.specs.when import duration
from publisher.schedule.events import Happening, happenings

HORIZON = timedelta(days=400)  #: how far ahead occurrences are made
AT_MOST = 60  #: occurrences of one entry that lie ahead
#: how far back an occurrence is still looked for, so that what was missed is known to be asked for
LOOK_BACK = timedelta(days=400)
_A_ZONE = timedelta(days=2)  #: more than wall times and UTC can differ


@dataclass(frozen=True, kw_only=True)
class Moment:
    """An occurrence as a value."""

    key: str  #: see `models.placement.Occurrence.key`
    at_local: datetime | None = None  #: naive, in the entry's zone; None until the launch
    due_at: datetime | None = None  #: aware, UTC; None until the launch


def zone_of(entry: EntrySpec, organisations: Mapping[str, OrganisationSpec]) -> str:
    """Give the entry's zone: its own, else its first speaker's, else UTC."""
    speakers = [organisations[slug] for slug in entry.speaks_for if slug in organisations]
    return entry.zone or (speakers[0].time_zone if speakers else "UTC")


def occurrences(
    entry: EntrySpec,
    *,
    zone: str,
    now: datetime,
    launched_at: datetime | None = None,
    events: Mapping[str, EventSpec] | None = None,
    known: Collection[str] = (),
) -> list[Moment]:
    """Give the occurrences of an entry that should exist, in order.

    Ahead, within `HORIZON` and `AT_MOST`. Behind, those that exist already; and of the others only
    the latest, while it is not later than `late_after`: what is older never existed.

    Args:
        entry: what the calendar says.
        zone: see `zone_of`.
        now: aware.
        launched_at: aware; None until the launch.
        events: those of the plan, by slug.
        known: keys of the entry's occurrences that exist.
    """
    moments = _moments(entry, zone, now, launched_at, events or {})
    ahead = [moment for moment in moments if moment.due_at is None or moment.due_at > now]
    behind = [moment for moment in moments if moment.due_at and moment.due_at <= now]
    earliest = now - duration(entry.late_after)
    latest = [moment for moment in behind[-1:] if moment.due_at and moment.due_at >= earliest]
    kept = [moment for moment in behind if moment.key in known and moment not in latest]
    return kept + latest + ahead[:AT_MOST]


def looked_at_from(now: datetime) -> datetime:
    """Give the moment before which `occurrences` says nothing: what exists there stays."""
    return now - LOOK_BACK


def _moments(
    entry: EntrySpec,
    zone: str,
    now: datetime,
    launched_at: datetime | None,
    events: Mapping[str, EventSpec],
) -> list[Moment]:
    window = (wall(looked_at_from(now) - _A_ZONE, zone), wall(now + HORIZON, zone))
    when = entry.when
    match when:
        case AtWallTime():
            times = _repeated(entry, when.at, zone, window)
            return [_at(f"{at:%Y-%m-%dT%H:%M}", at, zone) for _, at in times]
        case OnLaunch():
            return _after_launch(entry, when, zone, window, launched_at)
        case BeforeEvent():
            return _before(when, events.get(when.event), zone, window)


def _repeated(
    entry: EntrySpec, start: datetime, zone: str, window: tuple[datetime, datetime]
) -> list[tuple[int, datetime]]:
    return wall_times(
        start, entry.repeat, zone=zone, between=window, until=entry.until, skip=tuple(entry.skip)
    )


def _after_launch(
    entry: EntrySpec,
    when: OnLaunch,
    zone: str,
    window: tuple[datetime, datetime],
    launched_at: datetime | None,
) -> list[Moment]:
    key = short("launch" if not duration(when.after) else f"launch+{when.after}")
    if launched_at is None:
        return [Moment(key=key)]
    start = _shifted(launched_at, when.after, zone, forward=True, at=when.at)
    if when.at is None and not entry.repeat:
        # The instant itself: seconds count on the day of the launch.
        return [_exactly(key, start)] if window[0] <= start[0] <= window[1] else []
    times = _repeated(entry, start[0], zone, window)
    # The first keeps the key it had before the launch, and with it its approvals.
    return [_at(f"{key}#{number}" if number else key, at, zone) for number, at in times]


def _before(
    when: BeforeEvent,
    event: EventSpec | None,
    zone: str,
    window: tuple[datetime, datetime],
) -> list[Moment]:
    if event is None:
        return []
    ahead, behind = duration(when.before), duration(when.after or "0 minutes")
    found = happenings(event, zone=zone, between=(window[0] - behind, window[1] + ahead))
    moments = [_hung(when, happening, zone) for happening in found]
    inside = [one for one in moments if one.at_local and window[0] <= one.at_local <= window[1]]
    return sorted(inside, key=lambda one: (one.due_at or datetime.max.replace(tzinfo=UTC), one.key))


def _hung(when: BeforeEvent, happening: Happening, zone: str) -> Moment:
    if when.after is not None:
        start = _shifted(happening.end, when.after, zone, forward=True, at=when.at)
    else:
        start = _shifted(happening.start, when.before, zone, forward=False, at=when.at)
    return _exactly(short(happening.key), start)


def _shifted(
    moment: datetime, by: str, zone: str, *, forward: bool, at: time | None
) -> tuple[datetime, datetime]:
    """Move a moment by so many days of the calendar, or so many hours of the clock.

    Returns:
        The wall time in `zone`, and the moment.
    """
    shift = duration(by) if forward else -duration(by)
    if _in_days(by) or at:
        local = wall(moment, zone) + shift
        local = datetime.combine(local, at) if at else local
        return local, instant(local, zone)
    return wall(moment + shift, zone), moment + shift


def _in_days(text: str) -> bool:
    return "day" in text or "week" in text


def _at(key: str, at: datetime, zone: str) -> Moment:
    return Moment(key=key, at_local=at, due_at=instant(at, zone))


def _exactly(key: str, when: tuple[datetime, datetime]) -> Moment:
    return Moment(key=key, at_local=when[0], due_at=when[1])


def short(key: str) -> str:
    """Fit a key into its column: what a foreign calendar calls an event may be of any length."""
    if len(key) <= 100:
        return key
    return f"{key[:60]}…{hashlib.sha256(key.encode()).hexdigest()[:20]}"
