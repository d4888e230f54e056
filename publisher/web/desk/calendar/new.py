"""A short form that puts an entry on a day; the rest is written where entries are written."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from publisher.flows.begin import Beginning
from publisher.flows.begin import begin as begin_entry
from publisher.flows.rights import organisations
from publisher.kit import clock
from publisher.models import Act, KeyMessage, Occurrence, Organisation
from publisher.models.errors import PlanError, PublisherError
from publisher.models.specs import in_language
from publisher.web.desk.calendar.moves import wall_time
from publisher.web.desk.calendar.spread import entry_address
from publisher.web.desk.calendar.views import choices
from publisher.web.desk.door import doer, person
from publisher.web.desk.screen import screen, spoken, zone


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Show the form with what the address says filled in, and take it."""
    if request.method != "POST":
        return _form(request)
    given, tongue = request.POST, spoken(request)
    at = wall_time(given.get("day", ""), given.get("time", ""))
    if at is None or not given.get("title", "").strip():
        return _form(request, problems=[tongue.say("desk.calendar.new_needs")], status=422)
    said = Beginning(
        title=given["title"].strip(),
        language=given.get("language", tongue.tag),
        at=at,
        zone=_zone(request, given.get("speaks_for", "")),
        audiences=given.getlist("audience"),
        messages=given.getlist("message"),
        channels=given.getlist("channel"),
        speaks_for=given.getlist("speaks_for"),
        words=given.get("words", ""),
    )
    try:
        slug = begin_entry(said, doer=doer(request), now=clock.now())
    except PlanError as error:
        return _form(request, problems=[one.sentence for one in error.problems], status=422)
    except PublisherError as error:
        return _form(request, problems=str(error).splitlines(), status=422)
    messages.success(request, tongue.say("desk.calendar.begun", entry=said.title))
    first = Occurrence.objects.filter(entry__slug=slug).first()
    return HttpResponseRedirect(entry_address(slug, first.key if first else "launch"))


def _zone(request: HttpRequest, organisation: str) -> str:
    """Give the zone in which the wall time is meant: the first speaker's, else one's own."""
    found = Organisation.objects.filter(slug=organisation, retired_at=None).first()
    return found.said.time_zone if found else zone(request).key


def _form(request: HttpRequest, *, problems: Sequence[str] = (), status: int = 200) -> HttpResponse:
    tongue = spoken(request)
    given = request.POST if request.method == "POST" else request.GET
    mine = organisations(person(request), Act.EDIT)
    known = choices(tongue.tag)
    rows = KeyMessage.objects.filter(retired_at=None).values_list("slug", "spec__name")
    today = clock.now().astimezone(zone(request)).date()
    return screen(
        request,
        "calendar/new",
        at="calendar",
        status=status,
        problems=problems,
        given=given,
        day=given.get("day") or str(today),
        picked={name: given.getlist(name) for name in ("audience", "message", "channel")},
        speaking=given.getlist("speaks_for") or mine[:1],
        audiences=known["audience"],
        channels=known["channel"],
        organisations={slug: known["organisation"].get(slug, slug) for slug in mine},
        key_messages={slug: in_language(name, tongue.tag) for slug, name in rows},
    )
