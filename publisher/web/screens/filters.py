"""How values are written on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from publisher.kit.dates import in_words
from publisher.models.specs import in_language


def moment(value: datetime, language: str) -> str:
    """Write a day and the time, in UTC and saying so."""
    return f"{in_words(value, language)}, {value:%H:%M} UTC"


def local(value: datetime, zone: ZoneInfo, language: str) -> str:
    """Write a day and the time in a zone, which the page names elsewhere."""
    there = value.astimezone(zone)
    comma = "،" if language == "ar" else ","
    return f"{in_words(there, language)}{comma} {there:%H:%M}"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "day": in_words,
    "moment": moment,
    "local": local,
    "in_language": in_language,
}
