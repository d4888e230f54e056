"""One outlet: its account, its quiet hours and its pace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from publisher.flows.accounts import (
    EXTRA,
    OPERATORS,
    account,
    connect,
    forget,
    is_operator,
    try_out,
)
from publisher.flows.edit import edit, mark
from publisher.flows.rights import may
from publisher.flows.token_ends import TokenEnd, token_ends
from publisher.kit import clock
from publisher.models import Act, Outlet
from publisher.models.errors import PublisherError
from publisher.settings import settings
from publisher.web.desk.acts import acted
from publisher.web.desk.door import doer, need, person
from publisher.web.desk.screen import screen, spoken

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@require_http_methods(["GET", "HEAD", "POST"])
def outlet(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is, and what may be set."""
    row = Outlet.objects.get(slug=slug)
    if request.method != "POST":
        return _shown(request, row)
    need(request, Act.EDIT, frozenset({row.said.organisation}))
    seen = request.POST.get("seen", "")
    spec = _said(row, request)
    act = partial(edit, "outlet", spec, seen=seen, doer=doer(request), now=clock.now())
    return _done(request, row, act, "desk.menu_page.saved")


@require_POST
def connected(request: HttpRequest, slug: str) -> HttpResponse:
    """Seal a credential."""
    row = Outlet.objects.get(slug=slug)
    names = (*account(row.said).fields, *EXTRA, *OPERATORS)
    given = {name: request.POST.get(f"field-{name}", "") for name in names}
    act = partial(connect, row.said, given, doer=doer(request), now=clock.now())
    return _done(request, row, act, "desk.menu_page.connected")


@require_POST
def tried(request: HttpRequest, slug: str) -> HttpResponse:
    """See whether the service lets us in."""
    row = Outlet.objects.get(slug=slug)
    try:
        name = try_out(row.said)
    except PublisherError as error:
        return _shown(request, row, problems=str(error).splitlines(), status=422)
    messages.success(request, spoken(request).say("desk.menu_page.tried", name=name))
    return HttpResponseRedirect(reverse("desk-outlet", args=[row.slug]))


@require_POST
def forgotten(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget a credential."""
    row = Outlet.objects.get(slug=slug)
    act = partial(forget, row.said, doer=doer(request), now=clock.now())
    return _done(request, row, act, "desk.menu_page.forgotten")


def _done(request: HttpRequest, row: Outlet, act: Callable[[], object], says: str) -> HttpResponse:
    return acted(
        request,
        act,
        says=says,
        there=lambda: reverse("desk-outlet", args=[row.slug]),
        refused=lambda wrong: _shown(request, row, problems=wrong, status=422),
    )


def _said(row: Outlet, request: HttpRequest) -> dict[str, Any]:
    """Give the spec with what the form says put in; what is not a number stays what was typed."""
    given = request.POST
    spec: dict[str, Any] = row.spec
    return spec | {
        "quiet": {
            "start": given.get("start") or None,
            "end": given.get("end") or None,
            "days": [day for day in DAYS if day in given.getlist("days")],
            "dates": given.get("dates", "").split(),
        },
        "pace": spec.get("pace", {})
        | {
            "per_minute": given.get("per_minute") or None,
            "connections": given.get("connections") or 1,
        },
    }


def _ends() -> list[TokenEnd]:
    return token_ends(settings(), now=clock.now())


def _shown(
    request: HttpRequest, row: Outlet, *, problems: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    said = row.said
    whose = frozenset({said.organisation})
    return screen(
        request,
        "menu/outlet",
        at="menu",
        status=status,
        row=row,
        said=said,
        seen=mark(row),
        account=account(said),
        extra=(*EXTRA, *(OPERATORS if is_operator(doer(request)) else ())),
        ends=next((end for end in _ends() if end.outlet == row.slug), None),
        channel=row.channel.said,
        organisation=row.organisation.said,
        days=DAYS,
        may_edit=may(person(request), Act.EDIT, whose),
        may_connect=may(person(request), Act.ADMINISTER, whose),
        problems=problems,
    )
