"""Occasions of the stored plan: what was announced, who is meant, and how often it changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import get_args

from django.db.models import Q, QuerySet

from publisher.dispatch.recipients import About
from publisher.models import (
    Audience,
    Entry,
    Occasion,
    Occurrence,
    Organisation,
    Placement,
    PlacementState,
    Registration,
    Seat,
)
from publisher.models.adapter import Json
from publisher.models.errors import Refused
from publisher.models.specs import BeforeEvent, EntrySpec, OccasionSpec
from publisher.models.specs.audience import Seats
from publisher.schedule.occasions import Sitting, holder, sittings
from publisher.schedule.occurrences import HORIZON, zone_of

#: what makes an invitation a new one (RFC 5546 §2.1.4); the rest may change without being said
_TOLD = {"starts", "lasts", "zone", "place", "repeat", "skip", "cancelled"}
_COUNTED_FROM = datetime(2026, 1, 1, tzinfo=UTC)  #: a moment before any invitation of ours
#: once it is on its way to anybody, anybody may know of it
ANNOUNCED = (PlacementState.SENDING, PlacementState.PAUSED, PlacementState.FINISHED)
TAKEN = (Seat.REGISTERED, Seat.ATTENDED, Seat.ABSENT)


@dataclass(frozen=True, kw_only=True)
class Held:
    """An entry's occasion with its dates."""

    row: Entry
    said: EntrySpec
    occasion: OccasionSpec
    zone: str
    dates: list[Sitting]  #: from half a year ago on

    def date(self, key: str) -> Sitting | None:
        """Give one of its dates."""
        return next((one for one in self.dates if one.key == key), None)

    def ahead(self, now: datetime) -> list[Sitting]:
        """Give the dates that are not over."""
        return [one for one in self.dates if one.ends > now]

    def is_open(self, date: Sitting, now: datetime) -> bool:
        """Whether one may register for a date."""
        return not self.occasion.cancelled and now < date.closes


def announced(*, now: datetime) -> list[Held]:
    """Give the occasions of which anybody may know and that are not over, the next one first."""
    found = [held for held in held_all(now=now) if held.ahead(now) and is_announced(held)]
    return sorted(found, key=lambda held: held.ahead(now)[0].starts)


def find(slug: str, *, now: datetime) -> Held:
    """Give an entry's occasion, announced or not.

    Raises:
        Refused: it has none.
    """
    row = Entry.objects.filter(slug=slug, retired_at=None).first()
    held = _held(row, now) if row else None
    if held is None:
        raise Refused(f"No entry “{slug}” has an occasion; see publisher occasions list")
    return held


def held_all(*, now: datetime) -> Iterator[Held]:
    """Give every occasion of the plan."""
    for row in Entry.objects.filter(retired_at=None, spec__occasion__starts__isnull=False):
        if held := _held(row, now):
            yield held


def audiences_of_seats() -> QuerySet[Audience]:
    """Give the audiences of those registered: what goes to them is of interest to nobody else."""
    return Audience.objects.filter(spec__who__occasion__in=get_args(Seats))


def is_announced(held: Held) -> bool:
    """Whether anybody may know of it."""
    sent = Placement.objects.filter(state__in=ANNOUNCED)
    invites = Q(occurrence__entry=held.row) | Q(occurrence__entry__spec__invites_to=held.said.slug)
    return sent.filter(invites).exists()


def free(held: Held, date: Sitting) -> int | None:
    """Give how many seats a date has left; None: as many as wish."""
    if held.occasion.capacity is None:
        return None
    taken = Registration.objects.filter(entry=held.row, sitting=date.key, state__in=TAKEN)
    return max(0, held.occasion.capacity - taken.count())


def about(occurrence: Occurrence) -> About | None:
    """Give the occasion that an occurrence's entry is about; with its date if it hangs on one."""
    return about_entry(occurrence.entry.said, sitting=occurrence.key)


def about_entry(said: EntrySpec, *, sitting: str = "") -> About | None:
    """Give the occasion that an entry is about, stored or not.

    Args:
        said: the entry.
        sitting: the key of its date, if it hangs on one; empty: any of them.
    """
    hangs_on = said.when.event if isinstance(said.when, BeforeEvent) else ""
    near = Entry.objects.filter(slug__in=[said.slug, said.invites_to or "", hangs_on])
    rows = {row.slug: row for row in near}
    held = holder(said, {slug: row.said for slug, row in rows.items()})
    if held is None or held.slug not in rows:
        return None
    return About(entry=rows[held.slug].pk, sitting=sitting if hangs_on == held.slug else "")


def zone_of_occasion(held: EntrySpec) -> str:
    """Give the zone of the occasion that an entry of the stored plan holds."""
    own = held.occasion.zone if held.occasion else None
    rows = Organisation.objects.filter(slug__in=held.speaks_for)
    return own or zone_of(held, {row.slug: row.said for row in rows})


def note_changes(*, now: datetime) -> None:
    """Number each change of a time or place, so that calendars take the later one.

    Numbers begin with the minutes since 2026, so that a database that was lost and made anew does
    not count from nought again: calendars would leave its changes unread.
    """
    minutes = max(0, int((now - _COUNTED_FROM) / timedelta(minutes=1)))
    known: Mapping[int, Occasion] = {
        row.entry_id: row for row in Occasion.objects.select_for_update()
    }
    for entry in Entry.objects.filter(retired_at=None, spec__occasion__starts__isnull=False):
        occasion = entry.said.occasion
        if occasion is None:
            continue
        said, row = _told(occasion, entry), known.get(entry.pk)
        if row is None:
            Occasion.objects.create(entry=entry, said=said, sequence=minutes, changed_at=now)
        elif row.said != said:
            row.said, row.sequence, row.changed_at = said, max(row.sequence + 1, minutes), now
            row.save(update_fields=("said", "sequence", "changed_at"))


def _held(row: Entry, now: datetime) -> Held | None:
    said = row.said
    if said.occasion is None:
        return None
    zone = zone_of_occasion(said)
    since = now - timedelta(days=183)
    dates = sittings(said.slug, said.occasion, zone, between=(since, now + 2 * HORIZON))
    return Held(row=row, said=said, occasion=said.occasion, zone=zone, dates=dates)


def _told(occasion: OccasionSpec, entry: Entry) -> Json:
    return {
        **occasion.model_dump(mode="json", include=_TOLD),
        "zone": occasion.zone or entry.said.zone or "",
    }


def of_placement(key: str) -> str:
    """Give the slug of the entry whose occasion a placement is about; empty: there is none."""
    rows = Placement.objects.select_related("occurrence__entry")
    found = rows.filter(key=key).first() if key else None
    meant = about(found.occurrence) if found else None
    return Entry.objects.get(pk=meant.entry).slug if meant else ""
