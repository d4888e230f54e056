"""How values are written on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import override

#: our languages in Django's tags, where they differ
_DJANGO = {"zh": "zh-hans"}
#: Django's English dates are American, and its British months are cut short
_DAY = {"en": "j F Y"}


def day(value: date | datetime, language: str) -> str:
    """Write a day in words, such as 12 March 2027 or 12 mars 2027."""
    with override(_DJANGO.get(language, language)):
        return date_format(value, _DAY.get(language, "DATE_FORMAT"))


def moment(value: datetime, language: str) -> str:
    """Write a day and the time, in UTC and saying so."""
    return f"{day(value, language)}, {value:%H:%M} UTC"


FILTERS: Mapping[str, Callable[..., Any]] = {"day": day, "moment": moment}
