"""The events of an `.ics` file, one spec for each UID, with its recurrences checked."""

from __future__ import annotations

import re
import warnings
from datetime import date, datetime, time

from icalendar import Calendar, Component
from icalendar.error import BrokenCalendarProperty

from publisher.kit.recurrence import checked_rule
from publisher.models.errors import Problem
from publisher.models.specs import EventSpec
from publisher.plan.event_exceptions import contradictions

_MAX_EVENTS = 2_000
#: what icalendar raises at calendars that are none; OSError for a TZID such as “Europe”
_UNREADABLE = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OSError
)  # fmt: skip


def event_slugs(stem: str, summaries: list[str]) -> list[str]:
    """Give the slug of each event of a file: its name, with the summary's if there are several."""
    if len(summaries) == 1:
        return [stem]
    return [f"{stem}-{_slugified(summary)}"[:80].rstrip("-") for summary in summaries]


def events(text: str, path: str, stem: str, problems: list[Problem]) -> list[EventSpec]:
    """Read a calendar; what is wrong with it is added to the problems."""
    try:
        with warnings.catch_warnings():
            # what it thinks of foreign zones' names is for nobody who applies a plan
            warnings.simplefilter("ignore")
            calendar = Calendar.from_ical(text)
        by_uid = _by_uid(calendar, path, problems)
    except _UNREADABLE as error:
        sentence = f"is not a calendar that can be read: {_first_line(error)}"
        problems.append(Problem(path=path, sentence=sentence))
        return []
    if not by_uid:
        problems.append(Problem(path=path, sentence="has no event (VEVENT) in it"))
    summaries = [str(parts[0].get("SUMMARY", "")) for parts in by_uid.values()]
    found = []
    for slug, (uid, parts) in zip(event_slugs(stem, summaries), by_uid.items(), strict=True):
        sentences = [said for part in parts for said in _wrong(part)] or _contradict(parts)
        problems.extend(
            Problem(path=path, line=_line(text, uid), field=slug, sentence=said)
            for said in sentences
        )
        if not sentences:
            ics = _calendar(calendar, parts) if len(by_uid) > 1 else text
            summary = str(parts[0].get("SUMMARY", slug))
            found.append(EventSpec(slug=slug, uid=uid, summary=summary, ics=ics))
    return found


def _contradict(parts: list[Component]) -> list[str]:
    try:
        return list(contradictions(parts))
    except (*_UNREADABLE, OverflowError):
        return ["has times that contradict each other"]


def _by_uid(calendar: Calendar, path: str, problems: list[Problem]) -> dict[str, list[Component]]:
    """Group the components by UID, an event before the exceptions to its recurrences."""
    by_uid: dict[str, list[Component]] = {}
    for number, event in enumerate(calendar.walk("VEVENT")):
        if number == _MAX_EVENTS:
            sentence = f"has more than {_MAX_EVENTS} events"
            problems.append(Problem(path=path, sentence=sentence))
            break
        uid = str(event.get("UID", ""))
        if not uid:
            problems.append(Problem(path=path, sentence="has an event without a UID"))
        by_uid.setdefault(uid, []).append(event)
    for parts in by_uid.values():
        parts.sort(key=lambda part: "RECURRENCE-ID" in part)
    return by_uid


def _wrong(event: Component) -> list[str]:
    """Say what is wrong with one event."""
    start = _when(event, "DTSTART")
    if start is None:
        return ["has no beginning (DTSTART) that can be read"]
    wrong = [
        f"says {name} in a way that cannot be read"
        for name in ("RDATE", "EXDATE", "RECURRENCE-ID")
        if not _readable(event, name)
    ]
    end = _when(event, "DTEND")
    if end is not None:
        if isinstance(end, datetime) != isinstance(start, datetime):
            wrong.append("begins at a time and ends on a day; write both alike")
        elif _comparable(end) < _comparable(start):
            wrong.append("ends before it begins")
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        try:
            checked_rule(rule.to_ical().decode())
        except ValueError as error:
            wrong.append(str(error))
    return wrong


def _readable(event: Component, name: str) -> bool:
    found = event.get(name, [])
    try:
        for one in found if isinstance(found, list) else [found]:
            assert getattr(one, "dts", None) or one.dt
    except (BrokenCalendarProperty, AttributeError):
        return False
    return True


def _when(event: Component, name: str) -> date | None:
    try:
        when = getattr(event.get(name), "dt", None)
    except BrokenCalendarProperty:
        return None
    return when if isinstance(when, date) else None


def _comparable(moment: date) -> datetime:
    whole = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    return whole.replace(tzinfo=None)


def _calendar(whole: Calendar, parts: list[Component]) -> str:
    """Give a calendar of one event, with the zones of the file it came from."""
    one = Calendar()
    for name in ("PRODID", "VERSION", "CALSCALE"):
        if name in whole:
            one[name] = whole[name]
    for zone in whole.walk("VTIMEZONE"):
        one.add_component(zone)
    for part in parts:
        one.add_component(part)
    written: bytes = one.to_ical()
    return written.decode().replace("\r\n", "\n")


def _line(text: str, uid: str) -> int | None:
    index = text.find(f"UID:{uid}") if uid else -1
    return None if index < 0 else text.count("\n", 0, index) + 1


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["it is broken"])[0][:200]


def _slugified(summary: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", summary.lower()).strip("-") or "event"
