"""How values are written on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from publisher.kit.dates import in_words


def moment(value: datetime, language: str) -> str:
    """Write a day and the time, in UTC and saying so."""
    return f"{in_words(value, language)}, {value:%H:%M} UTC"


FILTERS: Mapping[str, Callable[..., Any]] = {"day": in_words, "moment": moment}
