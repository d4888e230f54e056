"""Days and hours in the words of six languages; what is not one certain day is left as words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

_LANGUAGES = ["en", "fr", "es", "ar", "ru", "zh"]
_SETTINGS = {
    "REQUIRE_PARTS": ["day", "month", "year"],
    "STRICT_PARSING": True,
    "PARSERS": ["absolute-time"],
}
#: 03/04/2027: a day first, or a month
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_TIME = re.compile(r"\d\s*(?:[:h时点時]|[ap]\.?m\b)|\d\.\d\d\s*(?:uhr|ч)", re.IGNORECASE)
_YEARS = range(2000, 2200)


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day that a plan names, maybe with an hour."""

    words: str  #: as the plan has it
    at: datetime | None = None  #: naive; None: it is no one certain day
    timed: bool = False  #: the hour was said, too
    why: str = ""  #: why it is none, if more can be said than that


def days(cell: str, language: str) -> list[Day]:
    """Give the days of a cell, one for each line of it or part between semicolons."""
    pieces = (" ".join(piece.split()) for piece in re.split(r"[;；\n]", cell))
    return [_day(piece, language) for piece in pieces if piece]


def _day(words: str, language: str) -> Day:
    numbers = _NUMBERS.search(words)
    if numbers and language == "en" and numbers[2] == "/" and _either(numbers[1], numbers[3]):
        why = f"it may be day {int(numbers[1])} of month {int(numbers[3])}, or the other way round"
        return Day(words=words, why=why)
    at = _parsed(words, language, american=bool(numbers and int(numbers[3]) > 12))
    if at is None or at.year not in _YEARS or not _holds_all(words, at):
        return Day(words=words)
    return Day(words=words, at=at, timed=_TIME.search(words) is not None)


def _either(first: str, second: str) -> bool:
    return int(first) <= 12 and int(second) <= 12 and int(first) != int(second)


def _parsed(words: str, language: str, *, american: bool) -> datetime | None:
    from dateparser.date import DateDataParser

    # In all six languages a day stands before its month where both are numbers, but in America's.
    order = "YMD" if _ISO.search(words) else "MDY" if american else "DMY"
    languages = [language, *(one for one in _LANGUAGES if one != language)]
    parser = DateDataParser(languages=languages, settings={**_SETTINGS, "DATE_ORDER": order})
    try:
        found = parser.get_date_data(words[:100]).date_obj
    except (ValueError, OverflowError, RecursionError):
        return None
    return found.replace(tzinfo=None) if isinstance(found, datetime) else None


def _holds_all(words: str, at: datetime) -> bool:
    """Say whether each number of the words went into the day: “12–14 March” is no one day."""
    used = {at.year, at.year % 100, at.month, at.day, at.hour, at.hour % 12 or 12, at.minute, 0}
    said = [int(number) for number in re.findall(r"\d+", words)]
    return len(said) >= 2 and set(said) <= used
