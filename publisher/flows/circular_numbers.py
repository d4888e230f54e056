"""Give a circular its number in its organisation's year: no gaps, no repeats."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Max

from publisher.kit.dates import in_words
from publisher.models import Circular, Occurrence, Organisation


def circular_values(
    occurrence: Occurrence, organisation: Organisation, language: str, *, now: datetime
) -> dict[str, str]:
    """Give what fills a circular's holes, allotting its number if it has none yet.

    To be called inside the transaction that starts it: a number is lost only with the circular.
    """
    circular = _circular(occurrence, organisation, now=now)
    return {
        "circular.number": circular.cited,
        "circular.date": in_words(circular.dated, language),
    }


def _circular(occurrence: Occurrence, organisation: Organisation, *, now: datetime) -> Circular:
    # One lock for every organisation's numbers: a joint circular takes several of them, and two
    # that took them one by one could wait for each other for ever.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('publisher.circular-numbers'))")
    kept = Circular.objects.filter(organisation=organisation, occurrence=occurrence).first()
    if kept is not None:
        return kept
    today = now.astimezone(ZoneInfo(organisation.said.time_zone)).date()
    this_year = Circular.objects.filter(organisation=organisation, year=today.year)
    last = this_year.aggregate(last=Max("number"))["last"] or 0
    return Circular.objects.create(
        organisation=organisation,
        occurrence=occurrence,
        year=today.year,
        number=last + 1,
        dated=today,
    )
