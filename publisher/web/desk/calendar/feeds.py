"""A person's calendar addresses for other programs, and what such a program reads."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from publisher.flows.calendar_feeds import feed_of, ics, make_feed, revoke_feed
from publisher.flows.rights import acts
from publisher.kit import clock, words
from publisher.models import CalendarFeed, Organisation, Person
from publisher.models.errors import Refused
from publisher.settings import settings
from publisher.web.desk.calendar.asked import wish
from publisher.web.desk.calendar.views import choices
from publisher.web.desk.door import doer, person
from publisher.web.desk.screen import guarded, screen, spoken
from publisher.web.limits import Limit

#: a program asks every quarter of an hour at most; this is for several of them
READS = Limit(times=30, seconds=60)


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """The addresses that a person has."""
    return _page(request)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make one, and show it this once."""
    try:
        token = make_feed(
            person(request),
            name=request.POST.get("name", ""),
            wish=wish(request.POST),
            doer=doer(request),
            now=clock.now(),
        )
    except Refused as error:
        return _page(request, problems=[str(error)], status=422)
    return _page(request, made=settings().site_url + reverse("desk-calendar-feed", args=[token]))


@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Take one back."""
    try:
        revoke_feed(person(request), number, doer=doer(request), now=clock.now())
    except Refused as error:
        raise Http404 from error
    messages.success(request, spoken(request).say("desk.calendar.feed_revoked"))
    return HttpResponseRedirect(reverse("desk-calendar-feeds"))


@require_safe
def _subscription(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar, for a program that has its address: it cannot sign in."""
    if not READS.allows(token):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    now = clock.now()
    feed = feed_of(token, now=now)
    if feed is None:
        raise Http404
    body = ics(
        feed,
        language=feed.person.language or next(iter(words.LANGUAGES)),
        zone=_zone(feed.person).key,
        desk=settings().site_url + reverse("desk-calendar"),
        now=now,
    )
    return guarded(HttpResponse(body, content_type="text/calendar; charset=utf-8"))


#: the one address of the calendar that its own token opens, and no sign-in
subscription = path("desk/calendar/feed/<str:token>.ics", _subscription, name="desk-calendar-feed")


def _zone(who: Person) -> ZoneInfo:
    if who.time_zone:
        return ZoneInfo(who.time_zone)
    first = Organisation.objects.filter(slug__in=sorted(acts(who))[:1]).first()
    return ZoneInfo(first.said.time_zone if first else "UTC")


def _page(
    request: HttpRequest, *, made: str = "", problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    return screen(
        request,
        "calendar/feeds",
        at="calendar",
        status=status,
        rows=CalendarFeed.objects.filter(person=person(request), revoked_at=None),
        made=made,
        problems=problems or [],
        choices=choices(spoken(request).tag),
        given=wish(request.GET),
    )
