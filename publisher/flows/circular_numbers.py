"""Give a circular or paper its number in its organisation's year: no gaps, no repeats."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Max

from publisher.kit.dates import in_words
from publisher.models import Circular, Occurrence, Organisation


def numbered_values(
    series: str,
    occurrence: Occurrence,
    organisation: Organisation,
    language: str,
    *,
    now: datetime,
) -> dict[str, str]:
    """Give what fills the holes of a numbered form, allotting its number if it has none yet.

    To be called inside the transaction that starts it: a number is lost only with its circular.
    Circulars are cited by us; how a paper is cited is its board's matter and its template's.

    Args:
        series: the form that is numbered; each organisation counts it by itself.
        occurrence: what gets the number.
        organisation: in whose year.
        language: of the date.
        now: aware.
    """
    numbered = _numbered(series, occurrence, organisation, now=now)
    dated = in_words(numbered.dated, language)
    if series == "circular":
        return {"circular.number": numbered.cited, "circular.date": dated}
    return {
        "paper.number": str(numbered.number),
        "paper.year": str(numbered.year),
        "paper.date": dated,
    }


def _numbered(
    series: str, occurrence: Occurrence, organisation: Organisation, *, now: datetime
) -> Circular:
    # One lock for every organisation's numbers: a joint circular takes several of them, and two
    # that took them one by one could wait for each other for ever.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('publisher.circular-numbers'))")
    mine = Circular.objects.filter(organisation=organisation, series=series)
    kept = mine.filter(occurrence=occurrence).first()
    if kept is not None:
        return kept
    today = now.astimezone(ZoneInfo(organisation.said.time_zone)).date()
    last = mine.filter(year=today.year).aggregate(last=Max("number"))["last"] or 0
    return Circular.objects.create(
        organisation=organisation,
        series=series,
        occurrence=occurrence,
        year=today.year,
        number=last + 1,
        dated=today,
    )
