"""Repetition rules: RFC 5545's RRULE, as far as it can be followed safely."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time
from functools import lru_cache

from dateutil.rrule import rrule, rrulestr

from publisher.kit.zones import wall

#: BYHOUR and finer are left out: a repetition has one wall time, which its entry says.
_PARTS = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST",
    "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYWEEKNO", "BYYEARDAY",
}  # fmt: skip
_OFTEN_ENOUGH = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?\Z")
#: A leap year: a rule that has not one date after it has none at all.
_EXAMPLE = datetime.fromisoformat("2000-01-01T09:00")


@lru_cache(maxsize=4096)
def checked_rule(text: str) -> str:
    """Give a rule as it will be followed: its parts in capitals, without the word RRULE.

    Raises:
        ValueError: it is not a rule, repeats more than daily, or never comes.
    """
    parts = _parts(text)
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    unending = ";".join(f"{name}={value}" for name, value in parts.items() if name != "UNTIL")
    try:
        comes = _rule(unending, _EXAMPLE).after(_EXAMPLE, inc=True)
    except (ValueError, TypeError, IndexError) as error:
        raise ValueError(f"“{text}” is not an RRULE: {error}") from error
    if comes is None:
        raise ValueError(f"“{text}” never comes: there is no such day")
    return rule


def wall_times(
    start: datetime,
    repeat: str | None,
    *,
    zone: str,
    between: tuple[datetime, datetime],
    until: date | None = None,
    skip: Collection[date] = (),
) -> list[tuple[int, datetime]]:
    """Give the wall times of a repetition with their numbers, from 0 at its first.

    Args:
        start: the first wall time, naive; without `repeat`, the only one.
        repeat: a rule that `checked_rule` takes.
        zone: where a rule's UNTIL in UTC is read.
        between: both ends are in it; naive, in `zone`.
        until: the last day; on it, it still comes.
        skip: days on which it does not come. They count in COUNT.
    """
    first, last = between
    last = min(last, datetime.combine(until, time.max)) if until else last
    found = _numbered(start, checked_rule(repeat), zone, last) if repeat else [(0, start)]
    return [(number, at) for number, at in found if first <= at <= last and at.date() not in skip]


@lru_cache(maxsize=4096)
def _numbered(
    start: datetime, repeat: str, zone: str, last: datetime
) -> list[tuple[int, datetime]]:
    """Every time up to `last`. A rule gives one a day at most, so their number is bounded."""
    found = []
    for number, at in enumerate(_rule(_local_until(repeat, zone), start)):
        if at > last:
            break
        found.append((number, at))
    return found


@lru_cache(maxsize=4096)
def _rule(rule: str, start: datetime) -> rrule:
    made = rrulestr(rule, dtstart=start)
    assert isinstance(made, rrule)  # only several rules together give a set
    return made


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").strip(";").split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or not value or name in parts:
            raise ValueError(
                f"“{part}” cannot stand in a repetition; write FREQ=MONTHLY;BYDAY=1MO or the like"
            )
        parts[name] = value
    if parts.get("FREQ") not in _OFTEN_ENOUGH:
        raise ValueError("a repetition says FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")
    for name in ("INTERVAL", "COUNT"):
        # dateutil never ends with INTERVAL=0
        if name in parts and not (parts[name].isdecimal() and 1 <= int(parts[name]) <= 1000):
            raise ValueError(f"{name} is a number from 1 to 1000, not “{parts[name]}”")
    if "UNTIL" in parts:
        _until(parts["UNTIL"], "UTC")
    return parts


def _local_until(rule: str, zone: str) -> str:
    """Write UNTIL as a wall time of `zone`."""
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    if "UNTIL" in parts:
        parts["UNTIL"] = f"{_until(parts['UNTIL'], zone):%Y%m%dT%H%M%S}"
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _until(text: str, zone: str) -> datetime:
    """Read UNTIL, in UTC if it ends in Z; a day without a time lasts to its end."""
    match = _UNTIL.match(text)
    try:
        if match is None:
            raise ValueError(text)
        clock = match[2] or "235959"
        at = datetime.strptime(match[1] + clock, "%Y%m%d%H%M%S")  # noqa: DTZ007  # a wall time
    except ValueError as error:
        raise ValueError(f"UNTIL is a date such as 20271231, not “{text}”") from error
    return wall(at.replace(tzinfo=UTC), zone) if match[3] else at
