"""An invitation as iCalendar (RFC 5545) for mail programs (iTIP, RFC 5546; iMIP, RFC 6047)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vRecur

from publisher.kit.ics import whole_lines
from publisher.models.adapter import Json
from publisher.models.content import hole
from publisher.render.context import Context

#: for how many years the zone is written out: programs that know it by name need none of it
_ONCE, _SERIES = 2, 15


def calendar_part(context: Context, occasion: Json) -> str:
    """Give the calendar's whole lines; the attendee is a hole.

    Args:
        context: whose words they are.
        occasion: the material of that name.
    """
    made = Calendar()
    made.add("prodid", "-//Publisher//Invitations//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "CANCEL" if occasion["cancelled"] else "REQUEST")
    starts = datetime.fromisoformat(occasion["starts"]).replace(tzinfo=ZoneInfo(occasion["zone"]))
    # Only the years around it: older rules would make the mail long.
    made.add_component(
        Timezone.from_tzid(
            occasion["zone"],
            first_date=date(starts.year - 1, 1, 1),
            last_date=date(starts.year + (_SERIES if occasion["repeat"] else _ONCE), 1, 1),
        )
    )
    made.add_component(_event(context, occasion, starts))
    return whole_lines(made.to_ical())


def _event(context: Context, occasion: Json, starts: datetime) -> Event:
    made = Event()
    made.add("uid", occasion["uid"])
    made.add("sequence", occasion["sequence"])
    made.add("dtstamp", datetime.fromisoformat(occasion["stamp"]))
    made.add("dtstart", starts)
    made.add("dtend", _ends(occasion, starts))
    if occasion["repeat"]:
        made.add("rrule", vRecur.from_ical(occasion["repeat"]))
    for day in occasion["skip"]:
        skipped = datetime.combine(date.fromisoformat(day), starts.timetz())
        made.add("exdate", skipped)
    made.add("summary", occasion["title"])
    made.add("description", _description(context, occasion))
    made.add("location", occasion["place"] or occasion["page"])
    made.add("url", occasion["page"])
    made.add("status", "CANCELLED" if occasion["cancelled"] else "CONFIRMED")
    made.add("transp", "OPAQUE")
    made.add("organizer", _organiser(context, occasion))
    made.add("attendee", _attendee())
    return made


def _ends(occasion: Json, starts: datetime) -> datetime:
    """Add real minutes: clocks may change while it lasts."""
    utc = ZoneInfo("UTC")
    ends = starts.astimezone(utc) + timedelta(minutes=occasion["minutes"])
    return ends.astimezone(starts.tzinfo)


def _description(context: Context, occasion: Json) -> str:
    return "\n\n".join(
        filter(None, [occasion["summary"], f"{context.labels['register']}: {occasion['page']}"])
    )


def _organiser(context: Context, occasion: Json) -> vCalAddress:
    made = vCalAddress(f"mailto:{occasion['organiser']}")
    made.params["CN"] = context.organisation.sender
    return made


def _attendee() -> vCalAddress:
    made = vCalAddress(f"mailto:{hole('reader.address')}")
    made.params["CUTYPE"] = "INDIVIDUAL"
    made.params["ROLE"] = "REQ-PARTICIPANT"
    made.params["PARTSTAT"] = "NEEDS-ACTION"
    # Registering is done on the page: nobody reads what a calendar would answer.
    made.params["RSVP"] = "FALSE"
    return made
