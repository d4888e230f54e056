"""Days as people write them, in each language."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import override

#: our languages in Django's tags, where they differ
_DJANGO = {"zh": "zh-hans"}
#: Django's English dates are American, and its British months are cut short
_FORMATS = {"en": "j F Y"}


def in_words(day: date, language: str) -> str:
    """Write a day in words, such as 12 March 2027 or 12 mars 2027."""
    with override(_DJANGO.get(language, language.lower())):
        return date_format(day, _FORMATS.get(language, "DATE_FORMAT"))


def working_days_after(moment: datetime, days: int) -> datetime:
    """Give the same time of day so many days later, Saturdays and Sundays not counted.

    Public holidays count, for three organisations in as many countries share none.
    """
    while days:
        moment += timedelta(days=1)
        days -= moment.weekday() < 5
    return moment


def weekday_name(number: int, language: str) -> str:
    """Give the name of a day of the week, from 0 for Monday."""
    return _name(WEEKDAYS[number], language)


def month_name(number: int, language: str) -> str:
    """Give the name of a month, from 1."""
    return _name(MONTHS[number], language)


def _name(known: object, language: str) -> str:
    with override(_DJANGO.get(language, language.lower())):
        return str(known)
