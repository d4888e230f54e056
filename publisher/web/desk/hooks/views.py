"""List, add, try, change and remove hooks; read what they were told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from publisher.flows import hooks as flow
from publisher.flows.rights import Owners, organisations
from publisher.kit import clock
from publisher.models import Act, CallState, EventName, Hook, HookCall, Organisation
from publisher.models.errors import Refused
from publisher.web.desk.acts import acted
from publisher.web.desk.door import doer, need, person
from publisher.web.desk.screen import screen, spoken

A_PAGE = 30  #: events of the log on a page
#: how a call's state is coloured, by the states of placements
COLOURS = {
    CallState.WAITING: "planned",
    CallState.TOLD: "finished",
    CallState.GIVEN_UP: "missed",
}


def owners(_request: HttpRequest, *, hook: int, **_rest: object) -> Owners:
    """Give whose it is."""
    return frozenset({found(hook).organisation.slug})


def found(pk: int) -> Hook:
    """Give one by its number.

    Raises:
        Http404: there is none.
    """
    row = flow.hooks().filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@require_safe
def hooks(request: HttpRequest) -> HttpResponse:
    """Those of one's organisations, and a form for another."""
    return _list(request)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add one, and show its secret this once."""
    said = request.POST
    whose = said.get("organisation", "")
    need(request, Act.ADMINISTER, frozenset({whose}))
    try:
        made, secret = flow.add(
            whose,
            name=said.get("name", ""),
            url=said.get("url", ""),
            events=said.getlist("event"),
            doer=doer(request),
            now=clock.now(),
        )
    except Refused as refused:
        return _list(request, wrong=[str(refused)], status=422)
    return _one(request, made, secret=secret)


@require_safe
def hook(request: HttpRequest, hook: int) -> HttpResponse:
    """What it is told, and how that went."""
    return _one(request, found(hook))


@require_POST
def changed(request: HttpRequest, hook: int) -> HttpResponse:
    """Give it another name or other events."""
    said, row = request.POST, found(hook)
    name, events = said.get("name", ""), said.getlist("event")
    act = partial(flow.change, row, name=name, events=events, doer=doer(request), now=clock.now())
    return _done(request, row, act, "desk.hooks.changed")


@require_POST
def tested(request: HttpRequest, hook: int) -> HttpResponse:
    """Send it a test event."""
    row = found(hook)
    act = partial(flow.test, row, doer=doer(request), now=clock.now())
    return _done(request, row, act, "desk.hooks.tested")


@require_POST
def rotated(request: HttpRequest, hook: int) -> HttpResponse:
    """Give it a new secret, and show it this once."""
    row = found(hook)
    secret = flow.rotate(row, doer=doer(request), now=clock.now())
    return _one(request, found(hook), secret=secret)


@require_POST
def switched(request: HttpRequest, hook: int) -> HttpResponse:
    """Switch it off, or on again."""
    row = found(hook)
    verb, said = (
        (flow.switch_off, "desk.hooks.switched_off")
        if row.off_at is None
        else (flow.switch_on, "desk.hooks.switched_on")
    )
    act = partial(verb, row, doer=doer(request), now=clock.now())
    return _done(request, row, act, said)


@require_POST
def removed(request: HttpRequest, hook: int) -> HttpResponse:
    """Forget it."""
    row = found(hook)
    name = row.name
    flow.remove(row, doer=doer(request), now=clock.now())
    messages.success(request, spoken(request).say("desk.hooks.removed", name=name))
    return HttpResponseRedirect(reverse("desk-hooks"))


@require_POST
def again(request: HttpRequest, hook: int, call: int) -> HttpResponse:
    """Tell it an event once more."""
    row = found(hook)
    told = HookCall.objects.filter(pk=call, hook=row).select_related("hook__organisation").first()
    if told is None:
        raise Http404
    act = partial(flow.tell_again, told, doer=doer(request), now=clock.now())
    return _done(request, row, act, "desk.hooks.sent_again")


def _done(request: HttpRequest, row: Hook, act: Callable[[], object], said: str) -> HttpResponse:
    return acted(
        request,
        act,
        says=said,
        there=lambda: reverse("desk-hook", args=[row.pk]),
        refused=lambda wrong: _one(request, found(row.pk), wrong=wrong, status=422),
    )


def _list(request: HttpRequest, *, wrong: Sequence[str] = (), status: int = 200) -> HttpResponse:
    mine = organisations(person(request), Act.ADMINISTER)
    known = Organisation.objects.filter(slug__in=mine).order_by("slug")
    return screen(
        request,
        "hooks/list",
        at="hooks",
        status=status,
        rows=flow.hooks(mine),
        organisations={one.slug: one.said.short for one in known},
        events=list(EventName),
        ticked=request.POST.getlist("event"),
        said=request.POST if wrong else {},
        wrong=wrong,
    )


def _one(
    request: HttpRequest,
    row: Hook,
    *,
    secret: str = "",
    wrong: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    page = Paginator(flow.log_of(row), A_PAGE).get_page(request.GET.get("page"))
    return screen(
        request,
        "hooks/hook",
        at="hooks",
        status=status,
        row=row,
        short=row.organisation.said.short,
        events=list(EventName),
        page=page,
        colours=COLOURS,
        overlapping=bool(row.before_until and clock.now() < row.before_until),
        secret=secret,
        wrong=wrong,
    )
