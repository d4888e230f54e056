"""A repetition rule in plain words, with the next days it gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from publisher.kit.dates import month_name, weekday_name
from publisher.kit.recurrence import checked_rule, wall_times

Say = Callable[..., str]
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SHOWN = 4  #: of the next days
AHEAD = timedelta(days=800)


def in_plain_words(rule: str, say: Say, language: str) -> str:
    """Read a rule aloud; empty where it is none.

    Args:
        rule: a RRULE.
        say: the interface's sentences.
        language: of them.
    """
    try:
        parts = dict(part.split("=", 1) for part in checked_rule(rule).split(";"))
    except ValueError:
        return ""
    every = int(parts.get("INTERVAL", "1"))
    base = "desk.entry.every." + parts["FREQ"].lower()
    said = [say(base) if every == 1 else say(f"{base}_many", count=every)]
    said += [_day(day, say, language) for day in parts.get("BYDAY", "").split(",") if day]
    if days := parts.get("BYMONTHDAY"):
        said.append(say("desk.entry.every.on_days", days=days.replace(",", ", ")))
    if months := parts.get("BYMONTH"):
        said += [month_name(int(month), language) for month in months.split(",")]
    if count := parts.get("COUNT"):
        said.append(say("desk.entry.every.times", count=count))
    return ", ".join(said)


def next_days(rule: str, start: datetime | None, now: datetime) -> list[date]:
    """Give the next days of a rule, from its first time on; none where it is no rule."""
    if start is None:
        return []
    here = now.replace(tzinfo=None)
    try:
        found = wall_times(start, rule, zone="UTC", between=(here, here + AHEAD))
    except ValueError:
        return []
    return [at.date() for _, at in found[:SHOWN]]


def _day(day: str, say: Say, language: str) -> str:
    which, name = day[:-2].lstrip("+"), weekday_name(_DAYS.index(day[-2:]), language)
    if not which:
        return name
    known = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
    if which not in known:
        return f"{name} ({which})"
    return say("desk.entry.every." + known[which], day=name)
