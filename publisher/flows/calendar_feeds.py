"""Private calendars: what a person’s other programs read of the plan, by its own address."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from icalendar import Calendar
from icalendar import Event as VEvent

from publisher.flows.audit import Doer, note
from publisher.flows.days import Line, Wish, days
from publisher.flows.rights import acts
from publisher.models import CalendarFeed, Person
from publisher.models.errors import Refused
from publisher.models.specs import in_language
from publisher.schedule.occurrences import HORIZON

AT_MOST = 20  #: of one person; what reads a calendar seldom needs more
_BEHIND = timedelta(days=30)
_LINES = 3000  #: in one answer
_READ_EVERY = timedelta(hours=1)


def make_feed(person: Person, *, name: str, wish: Wish, doer: Doer, now: datetime) -> str:
    """Make an address; give its token, which is kept nowhere.

    Raises:
        Refused: the person has as many as it may.
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if CalendarFeed.objects.filter(person=person, revoked_at=None).count() >= AT_MOST:
            raise Refused(f"You have {AT_MOST} calendar addresses; take one back first.")
        made = CalendarFeed.objects.create(
            person=person,
            name=name.strip()[:100],
            token_sha256=_hash(token),
            wish=asdict(wish),
            made_at=now,
        )
        note(doer, "calendar_feed.make", f"calendar feed/{made.pk}", now=now)
    return token


def revoke_feed(person: Person, number: int, *, doer: Doer, now: datetime) -> None:
    """Take an address back: from now on it gives nothing.

    Raises:
        Refused: the person has no such address.
    """
    with transaction.atomic():
        rows = CalendarFeed.objects.filter(pk=number, person=person, revoked_at=None)
        if not rows.update(revoked_at=now):
            raise Refused("You have no such calendar address.")
        note(doer, "calendar_feed.revoke", f"calendar feed/{number}", now=now)


def feed_of(token: str, *, now: datetime) -> CalendarFeed | None:
    """Give what a token is for; None: for nothing, or for nothing any more."""
    rows = CalendarFeed.objects.filter(token_sha256=_hash(token), revoked_at=None)
    found = rows.select_related("person").first()
    if found is None or not acts(found.person):
        return None
    if found.read_at is None or now - found.read_at > _READ_EVERY:
        CalendarFeed.objects.filter(pk=found.pk).update(read_at=now)
    return found


def ics(feed: CalendarFeed, *, language: str, zone: str, desk: str, now: datetime) -> bytes:
    """Give the calendar as iCalendar (RFC 5545), with the same UIDs at each reading.

    Args:
        feed: whose, and what narrows it.
        language: of titles.
        zone: the person's.
        desk: where the calendar of the desk is.
        now: aware.
    """
    made = Calendar()
    made.add("prodid", "-//Publisher//Desk calendar//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", feed.name or "Publisher")
    made.add("refresh-interval;value=duration", "PT1H")
    wish = Wish(**feed.wish)
    found = days(start=now - _BEHIND, end=now + HORIZON, zone=zone, wish=wish)
    for line in found.lines[:_LINES]:
        made.add_component(_event(line, language, desk, now))
    written: bytes = made.to_ical()
    return written


def _event(line: Line, language: str, desk: str, now: datetime) -> VEvent:
    made = VEvent()
    made.add("uid", f"{line.entry}/{line.occurrence}@desk.publisher")
    made.add("dtstamp", now)
    made.add("dtstart", line.due_at)
    made.add("summary", in_language(line.title, language))
    said = [f"{state}: {number}" for state, number in line.states.items()]
    parts = [", ".join(line.audiences), ", ".join(line.channels), ", ".join(said)]
    made.add("description", "\n".join(filter(None, parts)))
    made.add("url", f"{desk}?view=day&day={line.day}")
    made.add("transp", "TRANSPARENT")  # it takes nobody's time
    return made


def _hash(token: str) -> str:
    # A token of 256 random bits needs no salt and no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()
