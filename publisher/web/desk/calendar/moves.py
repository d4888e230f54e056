"""Moving an entry: what follows is said first, then it is done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from publisher.flows.edit import WHY_NOT
from publisher.flows.falling import Fall
from publisher.flows.reschedule import Moving, moving, reschedule
from publisher.flows.rights import Owners, may_change, owners
from publisher.kit import clock
from publisher.models import Act, Entry, Organisation
from publisher.models.errors import PublisherError, Refused
from publisher.schedule.shifts import Way
from publisher.web.desk.calendar.spread import names_in, said
from publisher.web.desk.door import doer, person
from publisher.web.desk.screen import screen, spoken
from publisher.web.language import Tongue
from publisher.web.names import Names


def entry_owners(request: HttpRequest, entry: str, occurrence: str = "") -> Owners:
    """Give whose an entry is."""
    found = Entry.objects.filter(slug=entry, retired_at=None).first()
    if found is None:
        raise Http404
    return owners("entry", found.spec)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, entry: str, occurrence: str) -> HttpResponse:
    """Show what would follow from a move (GET), and do it (POST)."""
    given = request.POST if request.method == "POST" else request.GET
    way = given.get("way", "")
    try:
        thought = moving(
            entry,
            occurrence,
            to=_wanted(given, entry, occurrence),
            way=way if way in get_args(Way) else None,  # type: ignore[arg-type]  # just looked
            now=clock.now(),
        )
    except Refused as error:
        raise Http404 from error
    if not may_change(person(request), Act.EDIT, "entry", thought.row.spec):
        refused = 422 if request.method == "POST" else 200
        why = WHY_NOT[Act.EDIT].format(kind="entry")
        return _page(request, thought, may=False, problems=[why], status=refused)
    if request.method != "POST":
        return _page(request, thought)
    if thought.following is None:
        return _page(request, thought, status=422)
    try:
        moved = reschedule(thought, seen=given.get("seen", ""), doer=doer(request), now=clock.now())
    except PublisherError as error:
        return _page(request, thought, problems=str(error).splitlines(), status=422)
    when = f"{thought.to:%Y-%m-%d %H:%M} {thought.zone}"
    messages.success(request, spoken(request).say("desk.calendar.moved", entry=moved, when=when))
    return HttpResponseRedirect(_back(request))


def _wanted(given: QueryDict, entry: str, occurrence: str) -> datetime | None:
    """Read where to: a wall time in the entry's zone, a day, or by how many days."""
    if asked := wall_time(given.get("to", ""), given.get("time", "")):
        return asked
    now = moving(entry, occurrence, to=None, way=None, now=clock.now())
    if _BY.fullmatch(by := given.get("by", "")):
        return now.to + timedelta(days=int(by))
    return wall_time(given.get("to", ""), f"{now.to:%H:%M}")


_BY = re.compile(r"-?\d{1,4}")


def wall_time(day: str, at: str) -> datetime | None:
    """Read what the two fields of a form say; None: it is no time."""
    try:
        found = datetime.fromisoformat(f"{day}T{at}")
    except ValueError:
        return None
    # What is too near the ends of time cannot be turned into another zone.
    return found if found.tzinfo is None and 1970 < found.year < 9000 else None


def _page(
    request: HttpRequest,
    thought: Moving,
    *,
    may: bool = True,
    problems: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    tongue, after = spoken(request), thought.following
    clashes = after.clashes if after else ()
    names = names_in(clashes, tongue.tag)
    return screen(
        request,
        "calendar/move",
        at="calendar",
        status=status,
        thought=thought,
        after=after,
        asks="to" in request.GET or "by" in request.GET or request.method == "POST",
        entry_zone=ZoneInfo(thought.zone),
        lost=_lost(after.lost, tongue) if after else (),
        clashes=[said(one, names, tongue) for one in clashes],
        sentences={way: tongue.say(f"desk.calendar.way_{way}") for way in thought.ways},
        may=may,
        problems=problems,
        back=_back(request),
    )


def _lost(falls: Sequence[Fall], tongue: Tongue) -> list[str]:
    """Say which yeses would not count any more."""
    names = Names(tongue.tag)
    short = dict(Organisation.objects.values_list("slug", "spec__short"))
    return [
        tongue.say(
            f"desk.calendar.lost_{one.because}",
            outlet=f"{names.outlets[one.placement.outlet_id].organisation} · "
            f"{names.outlets[one.placement.outlet_id].channel}",
            audience=names.audiences[one.placement.audience_id],
            tongue=one.placement.language,
            organisations=", ".join(short.get(slug, slug) for slug in one.organisations),
        )
        for one in falls
    ]


def _back(request: HttpRequest) -> str:
    """Give the calendar one came from."""
    said = request.POST.get("back") or request.GET.get("back") or ""
    safe = url_has_allowed_host_and_scheme(said, allowed_hosts=None)
    here = reverse("desk-calendar")
    return said if safe and said.startswith(here) else here
