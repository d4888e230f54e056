"""`/calendar.ics`: what has been published, and the events to come; nothing before its time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from icalendar import Calendar, Component
from icalendar import Event as VEvent
from recurring_ical_events import of

from publisher.kit import clock
from publisher.models import Event
from publisher.settings import settings
from publisher.web.language import tongue
from publisher.web.tour import Story, stories

AHEAD = timedelta(days=400)
#: RFC 5545 §3.8.1.3: what its author marks so is not for the public
_NOT_PUBLIC = frozenset({"PRIVATE", "CONFIDENTIAL"})


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The calendar as iCalendar (RFC 5545), with the same UIDs at each reading."""
    spoken = tongue(request)
    made = Calendar()
    made.add("prodid", "-//Publisher//Public calendar//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", spoken.say("calendar.name"))
    zones: dict[str, Component] = {}
    for event in Event.objects.filter(retired_at=None).order_by("slug"):
        for component in _to_come(event, clock.now()):
            if component.name == "VTIMEZONE":
                zones[str(component["TZID"])] = component
            else:
                made.add_component(component)
    for story in stories(spoken.tag, newest=200):
        made.add_component(_published(story))
    made.subcomponents[:0] = list(zones.values())
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response


def _published(story: Story) -> VEvent:
    """Give a moment in the calendar for what went out."""
    made = VEvent()
    made.add("uid", f"{story.uid}@publisher")
    made.add("dtstamp", story.at)
    made.add("dtstart", story.at)
    made.add("summary", story.title)
    made.add("transp", "TRANSPARENT")  # it takes nobody's time
    if story.summary:
        made.add("description", story.summary)
    public = [stop.address for stop in story.stops if stop.address]
    if public:
        made.add("url", public[0] if "://" in public[0] else settings().site_url + public[0])
    return made


def _to_come(event: Event, now: datetime) -> list[Component]:
    """Give an event's components if it, or a repeat of it, lies within the next year or so."""
    read = Calendar.from_ical(event.said.ics)
    found = [part for part in read.walk("VEVENT") if str(part.get("CLASS", "")) not in _NOT_PUBLIC]
    if not found or not of(read).between(now - timedelta(days=1), now + AHEAD):
        return []
    return [*read.walk("VTIMEZONE"), *found]
