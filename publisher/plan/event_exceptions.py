"""Where a series and the exceptions to it contradict each other.

Programs differ in what they make of such files: one shows a session that another leaves out. So
nothing is made of them here; what contradicts is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from icalendar import Calendar, Component

from publisher.kit.recurrence import checked_rule, wall_times
from publisher.models.specs import EventSpec

_DAY = timedelta(days=1)


def contradictions(parts: Sequence[Component]) -> Iterator[str]:
    """Say what contradicts among the events of one UID, each of which can be read by itself.

    Source: RFC 5545 §3.8.4.4 (RECURRENCE-ID), §3.8.5 (EXDATE, RDATE, RRULE).
    """
    series = [one for one in parts if "RECURRENCE-ID" not in one]
    changes = [one for one in parts if "RECURRENCE-ID" in one]
    if not series:
        yield (
            "changes a session of a series (RECURRENCE-ID) that is not in the file; export the "
            "whole series, or take the line RECURRENCE-ID out"
        )
        return
    if len({_sequence(one) for one in series}) < len(series):
        yield "is in the file twice, under one UID; keep one of them"
        return
    newest = max(series, key=_sequence)
    yield from _of_series(newest)
    yield from _of_changes(newest, changes)


def unused(event: EventSpec) -> list[date]:
    """Give the days that a series leaves out though it has no session on them."""
    found: list[date] = []
    for one in Calendar.from_ical(event.ics).walk("VEVENT"):
        if one.get("UID") == event.uid and "RECURRENCE-ID" not in one:
            left_out = [_wall(day, one) for day in _dates(one, "EXDATE")]
            sessions = {at.date() for at in _sessions(one, left_out)}
            found += [day for day in map(_day, left_out) if day not in sessions]
    return found


def _of_series(series: Component) -> Iterator[str]:
    if "EXRULE" in series:
        yield "has an EXRULE, which calendars dropped in 2009 and leave unread; write EXDATE"
    start = _start(series)
    first = _wall(start, series)
    if _rules(series) and not any(_midnight(first) == at for at in _sessions(series, [first])):
        yield (f"begins on {_day(start)}, on which its repetition has no session; begin it on one")
    for day in _dates(series, "RDATE"):
        if isinstance(day, datetime) != isinstance(start, datetime):
            kind = (
                "an hour to a series of whole days"
                if isinstance(day, datetime)
                else ("a whole day to a series that has an hour")
            )
            yield f"adds {_shown(day)} (RDATE), {kind}; write both alike"
    left_out = [_wall(day, series) for day in _dates(series, "EXDATE")]
    sessions = _sessions(series, left_out)
    for day in left_out:
        near = [at for at in sessions if at.date() == _day(day)]
        if isinstance(day, datetime) and near and day not in near:
            yield (
                f"leaves out {_shown(day)} (EXDATE), and its session of that day is at "
                f"{near[0]:%H:%M}; write the same time"
            )


def _of_changes(series: Component, changes: Sequence[Component]) -> Iterator[str]:
    if changes and not _rules(series) and "RDATE" not in series:
        yield "changes a session (RECURRENCE-ID) of an event that does not repeat; keep one of them"
        return
    moved = [_wall(one.decoded("RECURRENCE-ID"), series) for one in changes]
    sessions = set(_sessions(series, moved))
    left_out = {_wall(day, series) for day in _dates(series, "EXDATE")}
    for one, at in zip(changes, moved, strict=True):
        if "RRULE" in one or "RDATE" in one:
            yield f"makes a series of its session of {_shown(at)}; make that an event of its own"
        if at in left_out or _day(at) in left_out:
            yield f"changes its session of {_shown(at)} and leaves it out (EXDATE); keep one"
        if _midnight(at) not in sessions or isinstance(at, datetime) != _has_hours(series):
            yield f"changes a session of {_shown(at)} (RECURRENCE-ID), and it has none then"
    versions = Counter((at, _sequence(one)) for one, at in zip(changes, moved, strict=True))
    for (at, _), times in versions.items():
        if times > 1:
            yield f"changes its session of {_shown(at)} twice; keep one of the changes"


def _sessions(series: Component, about: Sequence[date]) -> list[datetime]:
    """Give a series' wall times from a day before the first of these to a day after the last."""
    if not about:
        return []
    days = [_midnight(one) for one in about]
    between = (min(days) - _DAY, max(days) + _DAY)
    start = _midnight(_wall(_start(series), series))
    zone = "UTC"
    found = {start} | {_midnight(_wall(one, series)) for one in _dates(series, "RDATE")}
    if _rules(series):
        found.discard(start)
    for rule in _rules(series):
        found |= {at for _, at in wall_times(start, rule, zone=zone, between=between)}
    return sorted(at for at in found if between[0] <= at <= between[1])


def _rules(series: Component) -> list[str]:
    rules = series.get("RRULE", [])
    rules = rules if isinstance(rules, list) else [rules]
    return [checked_rule(rule.to_ical().decode()) for rule in rules]


def _dates(series: Component, name: str) -> list[date]:
    found = series.get(name, [])
    lists = found if isinstance(found, list) else [found]
    moments = [one.dt for dates in lists for one in dates.dts]
    return [one[0] if isinstance(one, tuple) else one for one in moments]  # of a period its start


def _start(series: Component) -> date:
    start: date = series.decoded("DTSTART")
    return start


def _has_hours(series: Component) -> bool:
    return isinstance(_start(series), datetime)


def _wall(moment: date, series: Component) -> date:
    """Give a moment as clocks show it where the series takes place; a day stays one."""
    if not isinstance(moment, datetime):
        return moment
    start = _start(series)
    zone = start.tzinfo if isinstance(start, datetime) else None
    shown = moment.astimezone(zone) if moment.tzinfo and zone else moment
    return shown.replace(tzinfo=None)


def _midnight(moment: date) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _shown(moment: date) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else f"{moment:%Y-%m-%d}"


def _sequence(one: Component) -> int:
    said = str(one.get("SEQUENCE", 0))
    return int(said) if said.isdecimal() else 0
