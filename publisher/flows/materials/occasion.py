"""What invitations and the mails about an occasion say of it: when, where, how often changed.

Shape: see `SAMPLE`; null where the entry is about no occasion.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from publisher.flows.materials import Asked
from publisher.flows.occasions import zone_of_occasion
from publisher.kit.recurrence import checked_rule
from publisher.kit.zones import instant, wall
from publisher.models import Audience, Entry, Occasion, Outlet
from publisher.models.adapter import Json
from publisher.models.specs import BeforeEvent, EntrySpec, OccasionSpec, in_language
from publisher.models.specs.when import duration
from publisher.schedule.occasions import Sitting, holder, sittings
from publisher.schedule.occurrences import HORIZON
from publisher.settings import settings

#: It is made of the plan alone, so that it changes with it even where somebody has spoken: an
#: invitation to where nobody will be is worse than one more yes.
OF_THE_PLAN: Final = True
MOST_DATES = 12  #: of a series that a mail shows

SAMPLE: Json = {
    "uid": "00000000000000000000@publisher",
    "sequence": 0,
    "stamp": "2027-01-01T09:00:00+00:00",  #: when it last changed
    "holder": "a-webinar",
    "page": "https://example.org/events/a-webinar/",
    "title": "A webinar",
    "summary": "What it is about.",
    "place": "",  #: empty: online
    "organiser": "news@example.org",
    "starts": "2027-03-12T14:00:00",  #: wall time of the first date
    "zone": "Europe/Zurich",
    "zone_name": "Zurich",
    "minutes": 60,
    "repeat": "",
    "skip": [],
    "capacity": 0,  #: 0: as many as wish
    "cancelled": False,
    "invites": True,  #: whether this mail is an invitation, with a calendar's part
    "over": False,  #: whether it is sent after the date
    "audience": "",  #: registered, waiting, attended or absent; empty: those who are invited
    "dates": [{"day": "2027-03-12", "from": "14:00", "to": "15:00", "utc": "13:00"}],
}


def gather(asked: Asked) -> Json:
    """Give what is known of the occasion that an entry is about."""
    entry = _said(asked.entry)
    held = holder(entry, _near(entry)) if entry else None
    if entry is None or held is None or held.occasion is None:
        return None
    occasion, zone = held.occasion, zone_of_occasion(held)
    known = Occasion.objects.filter(entry__slug=held.slug).first()
    changed = known.changed_at if known else (asked.now or datetime(2000, 1, 1, tzinfo=UTC))
    return {
        "uid": uid(held.slug),
        "sequence": known.sequence if known else 0,
        "stamp": changed.replace(microsecond=0).isoformat(),
        "holder": held.slug,
        "page": f"{settings().site_url}/events/{held.slug}/",
        "title": in_language(held.title, asked.language),
        "summary": in_language(held.summary, asked.language),
        "place": in_language(occasion.place, asked.language),
        "organiser": _organiser(asked.outlet),
        "starts": occasion.starts.isoformat(),
        "zone": zone,
        "zone_name": zone.rpartition("/")[2].replace("_", " "),
        "minutes": int(duration(occasion.lasts).total_seconds() // 60),
        "repeat": checked_rule(occasion.repeat) if occasion.repeat else "",
        "skip": [day.isoformat() for day in occasion.skip],
        "capacity": occasion.capacity or 0,
        "cancelled": occasion.cancelled,
        "invites": bool(entry.occasion or entry.invites_to),
        "over": isinstance(entry.when, BeforeEvent) and entry.when.after is not None,
        "audience": _seats(asked.audience),
        "dates": [_date(one, zone) for one in _shown(entry, held, occasion, zone, asked)],
    }


def uid(slug: str) -> str:
    """Give what calendars know the occasion by, for ever; it depends on its entry's name alone."""
    return hashlib.sha256(f"occasion\n{slug}".encode()).hexdigest()[:20] + "@publisher"


def _said(slug: str) -> EntrySpec | None:
    row = Entry.objects.filter(slug=slug, retired_at=None).first()
    return row.said if row else None


def _near(entry: EntrySpec) -> dict[str, EntrySpec]:
    hangs_on = entry.when.event if isinstance(entry.when, BeforeEvent) else ""
    rows = Entry.objects.filter(slug__in=[entry.invites_to or "", hangs_on], retired_at=None)
    return {row.slug: row.said for row in rows}


def _organiser(outlet: str) -> str:
    row = Outlet.objects.select_related("organisation").get(slug=outlet)
    return (row.said.sender or row.organisation.said.sender).address


def _seats(audience: str) -> str:
    row = Audience.objects.filter(slug=audience).first()
    return (row.said.who.seats or "") if row else ""


def _shown(
    entry: EntrySpec, held: EntrySpec, occasion: OccasionSpec, zone: str, asked: Asked
) -> Sequence[Sitting]:
    """Give the dates to come; of what hangs on a series, the one date it is about."""
    first = instant(occasion.starts, zone)
    since = max(first, asked.now - HORIZON) if asked.now else first
    found = sittings(held.slug, occasion, zone, between=(since, since + 2 * HORIZON))
    if not isinstance(entry.when, BeforeEvent) or asked.at_local is None:
        ahead = [one for one in found if asked.now is None or one.ends > asked.now]
        return (ahead or found)[:MOST_DATES]
    at = asked.at_local.replace(tzinfo=None)
    return sorted(found, key=lambda one: _distance(one, entry.when, at, zone))[:1]  # type: ignore[arg-type]  # narrowed above; a lambda forgets it


def _distance(one: Sitting, when: BeforeEvent, at: datetime, zone: str) -> timedelta:
    if when.after is not None:
        return abs(wall(one.ends, zone) + duration(when.after) - at)
    return abs(wall(one.starts, zone) - duration(when.before) - at)


def _date(one: Sitting, zone: str) -> Json:
    return {
        "day": one.at_local.date().isoformat(),
        "from": f"{wall(one.starts, zone):%H:%M}",
        "to": f"{wall(one.ends, zone):%H:%M}",
        "utc": f"{one.starts:%H:%M}",
    }
