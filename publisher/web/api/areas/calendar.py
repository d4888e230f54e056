"""What comes on which day, and moving it to another."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import available_timezones

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from publisher.flows.begin import Beginning, begin
from publisher.flows.calendar_feeds import revoke_feed
from publisher.flows.days import Line, Wish, day_clashes, days, events_held, waiting_for_launch
from publisher.flows.reschedule import Moving, moving, reschedule
from publisher.kit import clock
from publisher.models import Act, CalendarFeed
from publisher.models.errors import Refused
from publisher.schedule.shifts import Way
from publisher.web.api.door import Area, doer
from publisher.web.api.problems import Denied
from publisher.web.api.shapes import Moment, Sent, Shown, Slug, Texts, WallTime, seen, wall_time
from publisher.web.desk.calendar.moves import entry_owners
from publisher.web.desk.door import person

area = Area("Calendar", "What comes when, what clashes, and moving it.")
LONGEST = timedelta(days=400)


class Between(Sent):
    """Which days, and what narrows them."""

    start: Moment = Field(description="The first moment, with its offset.")
    end: Moment = Field(description="The moment after the last; 400 days on at most.")
    zone: str = Field("UTC", max_length=60, description="In which days begin and end.")
    organisation: Slug = ""
    audience: Slug = ""
    channel: Slug = ""
    state: Slug = Field("", description="Of placements, such as `planned`.")


class OccurrenceShown(Shown):
    """One due moment of an entry."""

    entry: str
    occurrence: str
    title: Texts
    zone: str
    at_local: str | None = Field(description="Wall time in `zone`; null until the launch.")
    due_at: datetime | None
    repeats: bool
    states: dict[str, int] = Field(description="How many placements stand where.")
    audiences: list[str]
    channels: list[str]


class ClashShown(Shown):
    """Readers who would hear from us too often."""

    audience: str
    on: date
    entries: list[str]
    sentence: str


class EventShown(Shown):
    """A time at which an event of the plan takes place."""

    event: str
    summary: str
    first: date
    last: date
    starts_at: datetime


class CalendarShown(Shown):
    """What stands between two moments."""

    occurrences: list[OccurrenceShown]
    waiting_for_launch: list[OccurrenceShown]
    events: list[EventShown]
    clashes: list[ClashShown]


class Begun(Sent):
    """As little as an entry needs to stand in the calendar."""

    title: str = Field(min_length=1, max_length=300)
    language: str = Field("en", max_length=12)
    at: WallTime = Field(description="In `zone`.")
    zone: str = Field("UTC", max_length=60)
    audiences: list[Slug] = Field(max_length=100)
    messages: list[Slug] = Field(max_length=100)
    channels: list[Slug] = Field(default_factory=list, max_length=100)
    speaks_for: list[Slug] = Field(default_factory=list, max_length=100)
    words: str = Field("", max_length=100_000, description="Markdown.")


class EntryMade(Shown):
    """The entry that stands in the calendar now."""

    entry: str


class Where(Sent):
    """Where to, and how."""

    to: WallTime | None = Field(None, description="In the entry’s zone; left out: where it is.")
    way: Way | None = Field(None, description="Null: the gentlest there is.")


class Moved(Sent):
    """Where to, and how; what follows is asked for first."""

    to: WallTime = Field(description="In the entry’s zone.")
    way: Way | None = Field(None, description="Null: the gentlest there is.")


class LostShown(Shown):
    """A placement whose yeses would not count any more."""

    placement: str
    organisations: list[str]
    because: Literal["words", "gone"]


class FollowingShown(Shown):
    """What would follow from a move."""

    entry: str
    occurrence: str
    zone: str
    at: str | None
    to: str
    ways: list[str]
    way: str | None
    possible: bool
    reason: str = Field(description="Why it cannot be; empty: it can.")
    due_at: datetime | None
    others: int = Field(description="Other occurrences that move along.")
    kept: int = Field(description="Placements that keep their yeses.")
    lost: list[LostShown]
    silent_outlets: dict[str, datetime] = Field(description="When each speaks again.")
    clashes: list[ClashShown]
    hung: list[str] = Field(description="Entries that hang on what it invites to.")


class FeedShown(Shown):
    """A private address at which other programs read the calendar."""

    number: int
    name: str
    wish: dict[str, str]
    made_at: datetime
    read_at: datetime | None


@area.get("/calendar", gives=CalendarShown)
def calendar(request: HttpRequest, asked: Query[Between]) -> dict[str, object]:
    """Give what is due between two moments, with events and clashes."""
    del request
    start, end = asked.start, asked.end
    if not start < end <= start + LONGEST:
        raise Denied("invalid", "The end comes after the start, and 400 days on at most.")
    if asked.zone not in available_timezones():
        raise Denied("invalid", f"There is no time zone “{asked.zone}”; one is Europe/Zurich.")
    wish = _wish(asked)
    found = days(start=start, end=end, zone=asked.zone, wish=wish)
    return {
        "occurrences": [told(line) for line in found.lines],
        "waiting_for_launch": [told(line) for line in waiting_for_launch(wish=wish)],
        "events": events_held(start=start, end=end, zone=asked.zone),
        "clashes": day_clashes(start=start, end=end),
    }


@area.post("/calendar/entries", Act.EDIT, gives=EntryMade, status=201)
def begin_entry(request: HttpRequest, said: Begun) -> dict[str, str]:
    """Put an entry on a day; the rest is written with `write_entry`."""
    if said.zone not in available_timezones():
        raise Denied("invalid", f"There is no time zone “{said.zone}”; one is Europe/Zurich.")
    given = {**said.model_dump(), "at": wall_time(said.at)}
    slug = begin(Beginning(**given), doer=doer(request), now=clock.now())
    return {"entry": slug}


@area.get("/entries/{slug:entry}/occurrences/{occurrence}/move", Act.EDIT, entry_owners,
          gives=FollowingShown)  # fmt: skip
def what_follows_from_a_move(
    request: HttpRequest, response: HttpResponse, entry: str, occurrence: str, where: Query[Where]
) -> dict[str, object]:
    """Say what would follow from moving an occurrence; nothing is changed."""
    del request
    found = _moving(entry, occurrence, where.to, where.way)
    response["ETag"] = f'"{found.seen}"'
    return _following(found)


@area.post("/entries/{slug:entry}/occurrences/{occurrence}/move", Act.EDIT, entry_owners,
           gives=EntryMade, needs_mark=True)  # fmt: skip
def move_occurrence(
    request: HttpRequest, entry: str, occurrence: str, where: Moved
) -> dict[str, str]:
    """Move an occurrence; gives the entry that has it now.

    `If-Match` takes the `ETag` of what would follow.
    """
    found = _moving(entry, occurrence, where.to, where.way)
    if found.following is None:
        raise Refused(f"It cannot be moved so: {found.reason}.")
    mark = seen(request, found.row)
    return {"entry": reschedule(found, seen=mark, doer=doer(request), now=clock.now())}


@area.get("/calendar/feeds", gives=list[FeedShown])
def calendar_feeds(request: HttpRequest) -> list[dict[str, object]]:
    """Give one’s own private calendar addresses, without the addresses."""
    rows = CalendarFeed.objects.filter(person=person(request), revoked_at=None)
    return [_feed(row) for row in rows]


@area.delete("/calendar/feeds/{int:number}", status=204)
def revoke_calendar_feed(request: HttpRequest, number: int) -> None:
    """Take a private calendar address back."""
    if not CalendarFeed.objects.filter(pk=number, person=person(request)).exists():
        raise Http404
    revoke_feed(person(request), number, doer=doer(request), now=clock.now())


def told(line: Line) -> dict[str, object]:
    """Give an occurrence as it is shown."""
    at = line.at_local
    return {
        **{name: getattr(line, name) for name in OccurrenceShown.model_fields},
        "at_local": at.replace(tzinfo=None).isoformat() if at else None,
    }


def _wish(said: Between) -> Wish:
    return Wish(
        organisation=said.organisation,
        audience=said.audience,
        channel=said.channel,
        state=said.state,
    )


def _moving(entry: str, occurrence: str, to: str | None, way: Way | None) -> Moving:
    at = wall_time(to) if to else None
    try:
        return moving(entry, occurrence, to=at, way=way, now=clock.now())
    except Refused as error:
        raise Http404 from error


def _following(found: Moving) -> dict[str, object]:
    after = found.following
    return {
        "entry": found.row.slug,
        "occurrence": found.occurrence.key,
        "zone": found.zone,
        "at": found.at.isoformat() if found.at else None,
        "to": found.to.isoformat(),
        "ways": found.ways,
        "way": found.way,
        "possible": after is not None,
        "reason": found.reason or "",
        "due_at": after.due_at if after else None,
        "others": after.others if after else 0,
        "kept": after.kept if after else 0,
        "lost": [
            {"placement": one.placement.key, "organisations": one.organisations,
             "because": one.because}
            for one in (after.lost if after else ())
        ],
        "silent_outlets": {one.outlet: one.due_at for one in (after.silences if after else ())},
        "clashes": after.clashes if after else (),
        "hung": after.hung if after else (),
    }  # fmt: skip


def _feed(row: CalendarFeed) -> dict[str, object]:
    names = ("name", "wish", "made_at", "read_at")
    return {"number": row.pk, **{name: getattr(row, name) for name in names}}
