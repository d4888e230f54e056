"""Pause, resume, stop, drop, send now, and decide what nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from publisher.flows import hold
from publisher.flows.audit import Doer
from publisher.flows.publish import publish_now
from publisher.flows.rights import organisations
from publisher.flows.uncertain import Decision, decide, look_up
from publisher.kit import clock
from publisher.models import Act, Placement
from publisher.models.errors import PublisherError, Refused
from publisher.web.desk.door import doer, person
from publisher.web.desk.going_out.views import page
from publisher.web.desk.screen import spoken


def _publish(key: str, *, now: datetime, doer: Doer) -> list[Placement]:
    return publish_now(key, now=now, doer=doer)


_ACTS: Mapping[str, Callable[..., list[Placement]]] = {
    "pause": hold.pause,
    "resume": hold.resume,
    "cancel": hold.cancel,
    "drop": hold.drop,
    "publish": _publish,
}


@require_POST
def act(request: HttpRequest, key: str) -> HttpResponse:
    """Do one thing to one placement."""
    does = _ACTS.get(request.POST.get("act", ""))
    try:
        if does is None:
            raise Refused("Say what to do: pause, resume, cancel, drop or publish.")
        does(key, now=clock.now(), doer=doer(request))
    except PublisherError as error:
        return page(request, problems=str(error).splitlines(), status=422)
    return _done(request, "desk.going_out.done", count=1)


@require_POST
def hold_all(request: HttpRequest) -> HttpResponse:
    """The kill switch: pause everything that one's organisations are sending."""
    mine = organisations(person(request), Act.PUBLISH)
    held = hold.pause_all(mine, now=clock.now(), doer=doer(request))
    return _done(request, "desk.going_out.held", count=held)


@require_POST
def decided(request: HttpRequest, entry: str) -> HttpResponse:
    """Ask the service, or say oneself what became of what is in doubt."""
    choice = request.POST.get("decision", "")
    try:
        if choice == "ask":
            count = look_up(entry)
            return _done(request, "desk.going_out.asked", count=count)
        mine = organisations(person(request), Act.PUBLISH)
        count = decide(
            entry, Decision(choice), now=clock.now(), organisations=mine, doer=doer(request)
        )
    except (PublisherError, ValueError) as error:
        return page(request, problems=str(error).splitlines(), status=422)
    return _done(request, "desk.going_out.decided", count=count)


def _done(request: HttpRequest, key: str, *, count: int) -> HttpResponse:
    messages.success(request, spoken(request).say(key, count=count))
    return HttpResponseRedirect(reverse("desk-going-out"))
