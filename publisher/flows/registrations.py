"""Registering for an occasion: asked on a page, confirmed by mail, seated or waiting, moved up.

Whatever the address, who asks learns nothing about it: see `publisher.flows.subscribe`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from publisher.feedback.consent import may_confirm
from publisher.flows import defer
from publisher.flows.occasions import TAKEN, Held, find, free, held_all
from publisher.flows.subscribe import reader_at, reader_for
from publisher.kit.signing import address_hash
from publisher.models import Entry, Reader, Registration, Seat, Suppression
from publisher.models.errors import Refused
from publisher.schedule.occasions import Sitting

LIVE = (Seat.REGISTERED, Seat.WAITING)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a form, or a reader's own page, said."""

    held: Held
    date: Sitting
    wording: str  #: the sentence agreed to, as it was shown
    source: str  #: the form's address


def ask(wish: Wish, address: str, language: str, *, now: datetime) -> None:
    """Keep what was asked for and have a mail sent: to confirm it, or about the seat there is."""
    with transaction.atomic():
        if Suppression.objects.filter(address_hash=address_hash(address)).exists():
            return
        reader = reader_for(address, language, now=now)
        known = _of(reader.pk, wish).first()
        if known and known.state in LIVE:
            defer.seat_letter(known.pk, known.state)
            return
        asked = _kept(reader, wish, Seat.ASKED, now)
        defer.seat_letter(asked.pk, "confirm")


def asked(reader: int, asked_at: datetime) -> QuerySet[Registration]:
    """Give the registration that was asked for at that moment."""
    rows = Registration.objects.filter(reader=reader, asked_at=asked_at)
    return rows.exclude(state=Seat.CANCELLED).select_related("entry", "reader")


def confirm(reader: int, asked_at: datetime, *, now: datetime) -> Registration | None:
    """Seat who asked at that moment; None: it is too late. A repeat changes nothing."""
    with transaction.atomic():
        found = asked(reader, asked_at).first()
        if found is None or found.state != Seat.ASKED:
            return found
        if not may_confirm(asked_at, now):
            return None
        return _seated(found, now)


def take(reader: Reader, wish: Wish, *, now: datetime) -> Registration:
    """Seat a reader whose own link reached it by mail, so that nothing is left to confirm."""
    with transaction.atomic():
        known = _of(reader.pk, wish).first()
        if known and known.state in LIVE:
            return known
        return _seated(_kept(reader, wish, Seat.ASKED, now), now)


def of_reader(reader: int, held: Held) -> list[Registration]:
    """Give a reader's registrations for an occasion."""
    rows = Registration.objects.filter(reader=reader, entry=held.row)
    return list(rows.exclude(state=Seat.ASKED).order_by("sitting"))


def cancel(reader: int, held: Held, sitting: str, *, now: datetime) -> bool:
    """Give a seat back, which goes to who waits longest; False if there was none."""
    with transaction.atomic():
        _alone(held.row)
        rows = Registration.objects.filter(reader=reader, entry=held.row, sitting=sitting)
        gone = rows.filter(state__in=(*LIVE, Seat.ASKED)).update(
            state=Seat.CANCELLED, changed_at=now
        )
        _move_up(held, now)
    return bool(gone)


def cancel_address(slug: str, address: str, *, now: datetime) -> int:
    """Give back every seat that an address has; give how many.

    Raises:
        Refused: there is no such occasion, or the address has no seat.
    """
    held = find(slug, now=now)
    reader = reader_at(address).first()
    rows = of_reader(reader.pk, held) if reader else []
    live = [row for row in rows if row.state in LIVE]
    if reader is None or not live:
        raise Refused(f"Nobody with that address has a seat at {slug}.")
    return sum(cancel(reader.pk, held, row.sitting, now=now) for row in live)


def move_all_up(*, now: datetime) -> int:
    """Give every free seat to who waits longest; give how many moved up."""
    moved = 0
    for held in held_all(now=now):
        with transaction.atomic():
            _alone(held.row)
            moved += len(_move_up(held, now))
    return moved


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """What a list of who came changed."""

    attended: int
    absent: int
    unknown: int  #: addresses of the list that had no seat


def attend(held: Held, date: Sitting, addresses: Collection[str], *, now: datetime) -> Attendance:
    """Note who came of those with a seat; the others did not. A later list corrects it."""
    came = {address.strip().casefold() for address in addresses} - {""}
    with transaction.atomic():
        rows = Registration.objects.filter(entry=held.row, sitting=date.key, state__in=TAKEN)
        seats = list(rows.select_related("reader").select_for_update(of=("self",)).order_by("id"))
        for seat in seats:
            there = seat.reader.address.casefold() in came
            seat.state, seat.changed_at = (Seat.ATTENDED if there else Seat.ABSENT), now
        Registration.objects.bulk_update(seats, ["state", "changed_at"], batch_size=1000)
    attended = sum(seat.state == Seat.ATTENDED for seat in seats)
    known = {seat.reader.address.casefold() for seat in seats}
    return Attendance(attended=attended, absent=len(seats) - attended, unknown=len(came - known))


def _of(reader: int, wish: Wish) -> QuerySet[Registration]:
    return Registration.objects.filter(reader=reader, entry=wish.held.row, sitting=wish.date.key)


def _kept(reader: Reader, wish: Wish, state: Seat, now: datetime) -> Registration:
    kept, _ = Registration.objects.update_or_create(
        reader=reader,
        entry=wish.held.row,
        sitting=wish.date.key,
        defaults={
            "state": state,
            "asked_at": now,
            "confirmed_at": None,
            "changed_at": now,
            "silent_at": None,
            "source": wish.source,
            "wording": wish.wording,
        },
    )
    return kept


def _seated(registration: Registration, now: datetime) -> Registration:
    """Give it a seat if one is free, else a place in the list of who waits."""
    _alone(registration.entry)
    held = find(registration.entry.slug, now=now)
    date = held.date(registration.sitting)
    if date is None or not held.is_open(date, now):
        raise Refused("Registration has ended.")
    left = free(held, date)
    waits = Registration.objects.filter(
        entry=held.row, sitting=date.key, state=Seat.WAITING
    ).exists()
    full = left is not None and (left == 0 or waits)
    registration.state = Seat.WAITING if full else Seat.REGISTERED
    registration.confirmed_at = registration.changed_at = now
    registration.save(update_fields=("state", "confirmed_at", "changed_at"))
    defer.seat_letter(registration.pk, registration.state)
    return registration


def _move_up(held: Held, now: datetime) -> Sequence[int]:
    """Move up as many as there are seats, of each date that has not begun."""
    dates = [date.key for date in held.dates if date.starts > now]
    if not dates or held.occasion.cancelled:
        return []
    capacity = held.occasion.capacity
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE_UP,
            {
                "entry": held.row.pk,
                "dates": dates,
                "taken": list(TAKEN),
                "capacity": capacity,
                "now": now,
            },
        )
        moved = [registration for (registration,) in cursor.fetchall()]
    for registration in moved:
        defer.seat_letter(registration, "moved_up")
    return moved


def _alone(entry: Entry) -> None:
    """Count and give seats of one occasion one at a time."""
    Entry.objects.select_for_update(no_key=True).get(pk=entry.pk)


# For each date, as many of those who wait as seats are free, who confirmed first first.
_MOVE_UP = """
WITH seats AS (
    SELECT sitting, count(*) AS taken FROM publisher_registration
    WHERE entry_id = %(entry)s AND state = ANY(%(taken)s) GROUP BY sitting
), line AS (
    SELECT id, sitting, row_number() OVER (
        PARTITION BY sitting ORDER BY confirmed_at, id) AS place
    FROM publisher_registration
    WHERE entry_id = %(entry)s AND state = 'waiting' AND sitting = ANY(%(dates)s)
), next AS (
    SELECT line.id FROM line LEFT JOIN seats USING (sitting)
    WHERE %(capacity)s::int IS NULL OR line.place <= %(capacity)s - coalesce(seats.taken, 0)
)
UPDATE publisher_registration r SET state = 'registered', changed_at = %(now)s
FROM next WHERE r.id = next.id
RETURNING r.id
"""
