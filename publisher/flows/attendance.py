"""Who came, from a file: a list of addresses as meeting services and door lists give it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from publisher.flows.occasions import Held, find
from publisher.flows.registrations import Attendance, attend
from publisher.kit.spreadsheet import opened, unguarded
from publisher.models import Registration, Seat
from publisher.models.errors import Refused
from publisher.schedule.occasions import Sitting

#: what the column of addresses may be called, in lower case
NAMES = ("address", "email", "e-mail", "mail")


@dataclass(frozen=True, kw_only=True)
class Seats:
    """One date of an occasion, in figures."""

    slug: str
    date: str  #: its key
    starts: datetime
    capacity: int | None
    cancelled: bool
    registered: int
    waiting: int
    attended: int
    absent: int


def seats(held: Held) -> list[Seats]:
    """Count each date's registrations."""
    return [_counted(held, date) for date in held.dates]


def import_attendance(slug: str, file: Path, *, date: str = "", now: datetime) -> Attendance:
    """Note who came, from a CSV file with a column of addresses.

    Args:
        slug: of the entry that holds the occasion.
        file: its first line names the columns.
        date: which date of a series: its key, or the day as 2027-03-12.
        now: aware.

    Raises:
        Refused: there is no such occasion or date, it has not begun, or the file is no list.
    """
    held = find(slug, now=now)
    chosen = chosen_date(held, date)
    if chosen.starts > now:
        raise Refused(f"{slug} begins on {chosen.at_local:%Y-%m-%d %H:%M}; nobody can have come")
    return attend(held, chosen, _addresses(file), now=now)


def chosen_date(held: Held, said: str) -> Sitting:
    """Find the date that somebody means; nothing said means the only one.

    Raises:
        Refused: there is none, or there are several.
    """
    days = [one for one in held.dates if said in {"", one.key, f"{one.at_local:%Y-%m-%d}"}]
    if len(days) == 1:
        return days[0]
    known = ", ".join(f"{one.at_local:%Y-%m-%d}" for one in held.dates[:12])
    raise Refused(f"Say which date of {held.said.slug} is meant: {known}")


def _counted(held: Held, date: Sitting) -> Seats:
    rows = Registration.objects.filter(entry=held.row, sitting=date.key)
    states = list(rows.values_list("state", flat=True))
    return Seats(
        slug=held.said.slug,
        date=date.key,
        starts=date.starts,
        capacity=held.occasion.capacity,
        cancelled=held.occasion.cancelled,
        registered=states.count(Seat.REGISTERED),
        waiting=states.count(Seat.WAITING),
        attended=states.count(Seat.ATTENDED),
        absent=states.count(Seat.ABSENT),
    )


def _addresses(file: Path) -> list[str]:
    try:
        sheet = opened(file)
        names = [name.strip().casefold() for name in sheet.header]
        column = next((names.index(name) for name in NAMES if name in names), None)
        if column is None:
            raise Refused(f"{file}: no column is called address or email")
        return [unguarded(row[column]) for _, row in sheet.rows() if len(row) > column]
    except ValueError as error:
        raise Refused(f"{file}: {error}") from error
