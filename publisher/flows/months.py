"""The ledger's months: room is made for the next, and an old one can be taken out as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction

from publisher.flows.audit import TERMINAL, Doer, note
from publisher.models.errors import Refused

AHEAD = 2  #: months for which there is room beforehand
#: the tables that are kept by months, the one that refers to the other last
TABLES = ("publisher_delivery", "publisher_feedback")
#: hundredths of a page that new rows fill; the rest is for what becomes of a delivery
FILL = {"publisher_delivery": 45, "publisher_feedback": 100}


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month of the ledger."""

    begins: date
    rows: int  #: one for each candidate
    octets: int  #: on the disk, with feedback and indexes
    open: int  #: placements of it that are not finished


def month_of(moment: datetime) -> date:
    """Give the first day of a moment's month, by the calendar of UTC."""
    return moment.date().replace(day=1)


def make_room(*, now: datetime) -> None:
    """Make the partitions of this month and the next ones; cheap when they are there."""
    first = month_of(now)
    wanted = [first + relativedelta(months=ahead) for ahead in range(AHEAD + 1)]
    with connection.cursor() as cursor:
        cursor.execute(_THERE, [[_name(TABLES[-1], begins) for begins in wanted]])
        there = {name for (name,) in cursor.fetchall()}
    missing = [begins for begins in wanted if _name(TABLES[-1], begins) not in there]
    if missing:
        _make(missing)


def months() -> list[Month]:
    """Give the ledger's months, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS)
        return [
            Month(begins=begins, rows=rows, octets=octets, open=still)
            for begins, rows, octets, still in cursor.fetchall()
        ]


def take_out(begins: date, *, now: datetime, doer: Doer = TERMINAL) -> list[str]:
    """Take a month out of the ledger; its tables stay, on their own, until somebody drops them.

    Args:
        begins: the month's first day.
        now: aware.
        doer: who does it.

    Returns:
        The names of the tables.

    Raises:
        Refused: there is no such month, or something of it is not finished.
    """
    found = {month.begins: month for month in months()}
    if begins not in found:
        raise Refused(f"The ledger has no {begins:%Y-%m}; see `publisher ledger`.")
    if begins >= month_of(now):
        raise Refused(f"{begins:%Y-%m} is not over.")
    if still := found[begins].open:
        raise Refused(f"Of {begins:%Y-%m} {still} placements are not finished.")
    names = [_name(table, begins) for table in TABLES]
    with transaction.atomic(), connection.cursor() as cursor:
        for table, name in reversed(list(zip(TABLES, names, strict=True))):
            cursor.execute(f"ALTER TABLE {table} DETACH PARTITION {name}")
        note(doer, "ledger.take_out", f"{begins:%Y-%m}", now=now, rows=found[begins].rows)
    return names


def _make(missing: list[date]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('publisher.months'))")
        for table in TABLES:
            for begins in missing:
                name = _name(table, begins)
                cursor.execute(_MAKE.format(table=table, name=name, fill=FILL[table]))
                cursor.execute(_ATTACHED, [name])
                if not cursor.fetchone():
                    attach = _ATTACH.format(table=table, name=name)
                    cursor.execute(attach, [begins, begins + relativedelta(months=1)])


def _name(table: str, begins: date) -> str:
    return f"{table}_{begins:%Y_%m}"


_THERE = """
SELECT c.relname FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid
WHERE c.relname = ANY(%s)
"""
_ATTACHED = """
SELECT 1 FROM pg_inherits i WHERE i.inhrelid = to_regclass(%s)
"""
# Made beside and then attached, so that what is being sent goes on meanwhile.
_MAKE = """
CREATE TABLE IF NOT EXISTS {name}
    (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED)
    WITH (fillfactor = {fill})
"""
_ATTACH = "ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM (%s) TO (%s)"
_MONTHS = """
SELECT to_date(right(c.relname, 7), 'YYYY_MM'),
    (SELECT coalesce(sum(p.candidates), 0) FROM publisher_placement p
        WHERE p.month = to_date(right(c.relname, 7), 'YYYY_MM')),
    pg_total_relation_size(c.oid) + coalesce(pg_total_relation_size(
        to_regclass('publisher_feedback_' || right(c.relname, 7))), 0),
    (SELECT count(*) FROM publisher_placement p
        WHERE p.month = to_date(right(c.relname, 7), 'YYYY_MM')
            AND NOT p.state IN ('finished', 'cancelled'))
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'publisher_delivery'::regclass
ORDER BY c.relname
"""
