"""The events that entries hang on: when a VEVENT of an `.ics` file happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import recurring_ical_events
from icalendar import Calendar, Event

from publisher.kit.zones import instant
from publisher.models.specs import EventSpec


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One time that an event takes place."""

    key: str  #: the event's UID, and which recurrence it is; it stays when the event moves
    start: datetime  #: aware, UTC
    end: datetime  #: the same as `start` where nothing says how long it lasts


def happenings(
    event: EventSpec, *, zone: str, between: tuple[datetime, datetime]
) -> list[Happening]:
    """Give an event's occurrences, overrides applied and cancelled ones left out, in order.

    Args:
        event: with its calendar.
        zone: where an event without a zone of its own, or of whole days, takes place.
        between: naive, in `zone`.

    Raises:
        ValueError: the calendar cannot be read, or repeats more than daily.
    """
    calendar = _calendar(event)
    first, last = (instant(end, zone) for end in between)
    try:
        found = recurring_ical_events.of(calendar).between(first, last)
    except (TypeError, KeyError, AttributeError, OverflowError) as error:
        raise ValueError(f"the event “{event.summary}” has times that contradict") from error
    repeats = any("RRULE" in one or "RDATE" in one for one in calendar.walk("VEVENT"))
    return sorted(
        (_happening(one, event, zone, repeats=repeats) for one in found if _takes_place(one)),
        key=lambda one: (one.start, one.key),
    )


def fault(event: EventSpec) -> str:
    """Say in a sentence why nothing can hang on an event; an empty string if it can."""
    try:
        happenings(event, zone="UTC", between=_A_YEAR)
    except ValueError as error:
        return str(error)
    return ""


#: an event that can be followed in one year can be in another
_A_YEAR = (datetime.fromisoformat("2027-01-01"), datetime.fromisoformat("2027-12-31"))


def _calendar(event: EventSpec) -> Calendar:
    read = Calendar.from_ical(event.ics)
    if not isinstance(read, Calendar):
        raise ValueError(f"the file of the event “{event.summary}” holds no calendar")  # noqa: TRY004
    read.subcomponents = [
        one for one in read.subcomponents if one.name != "VEVENT" or one.get("UID") == event.uid
    ]
    for one in read.walk("VEVENT"):
        rules = one.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            _refuse_endless(rule, event)
    return read


def _refuse_endless(rule: Mapping[str, list[object]], event: EventSpec) -> None:
    """Refuse rules that ask for times by the million, or never move on."""
    often = str(next(iter(rule.get("FREQ", [])), "")).upper() in {"SECONDLY", "MINUTELY", "HOURLY"}
    if often or "BYSECOND" in rule or "BYMINUTE" in rule or rule.get("INTERVAL") == [0]:
        raise ValueError(f"the event “{event.summary}” repeats more than daily")


def _takes_place(one: Event) -> bool:
    return one.DTSTART is not None and str(one.get("STATUS", "")).upper() != "CANCELLED"


def _happening(one: Event, event: EventSpec, zone: str, *, repeats: bool) -> Happening:
    # A recurrence is known by when it was first to be (RFC 5545 §3.8.4.4), so it can move.
    original = one.decoded("RECURRENCE-ID") if repeats and "RECURRENCE-ID" in one else None
    key = f"{event.uid}@{original:%Y-%m-%dT%H:%M}" if original else event.uid
    assert one.DTSTART is not None
    start = _moment(one.DTSTART, zone)
    end = _moment(one.DTEND, zone) if one.DTEND is not None else start
    return Happening(key=key, start=start, end=end)


def _moment(start: date | datetime, zone: str) -> datetime:
    if not isinstance(start, datetime):
        return instant(datetime.combine(start, time()), zone)
    return start.astimezone(UTC) if start.tzinfo else instant(start, zone)
