"""The desk's only way in: no page of it is reached without leave to see or do it.

Each page says in `urls.py`, through `desk`, what act it is; one that is about a thing says whose
the thing is. So a page without a permission cannot be written by oversight, and a test walks all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from publisher.flows.audit import Doer
from publisher.flows.rights import Owners, may
from publisher.flows.second_factor import lacks
from publisher.kit import clock
from publisher.models import Act, Person, Via
from publisher.web.limits import Limit

View = Callable[..., HttpResponseBase]
#: gives whose the thing is that a page is about, from the request and what its address names;
#: raises Http404 where there is none
OwnersOf = Callable[..., Owners]
#: more than anybody does by hand; a script has the programs' door, which has limits of its own
WRITES = Limit(times=240, seconds=60)
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Guard:
    """What a page of the desk asks of who opens it; `view.guard` has it."""

    act: Act | None  #: None: whoever is signed in, such as one's own account
    owners_of: OwnersOf | None


def desk(
    route: str,
    view: View,
    act: Act | None = Act.VIEW,
    owners_of: OwnersOf | None = None,
    *,
    name: str = "",
) -> URLPattern:
    """Give a page of the desk its address and its guard.

    Args:
        route: below `/desk/`.
        view: shows the page.
        act: what opening it amounts to; None: whoever is signed in may. A page that also does
            something else asks `need`.
        owners_of: whose the thing is; without it, leave from any organisation will do.
        name: to give its address to `reverse`, as `desk-NAME`.
    """
    return path(f"desk/{route}", guarded(view, Guard(act, owners_of)), name=f"desk-{name or route}")


def guarded(view: View, guard: Guard) -> View:
    """Let only those in who may."""

    @wraps(view)
    def opened(request: HttpRequest, **named: Any) -> HttpResponseBase:  # noqa: ANN401  # the route's
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if guard.act is not None and lacks(person(request)):
            return _to_own_account(request)
        owners = guard.owners_of(request, **named) if guard.owners_of else None
        if guard.act is not None:
            need(request, guard.act, owners)
        if request.method not in {"GET", "HEAD", "OPTIONS"} and not _may_write(request):
            from publisher.web.public.errors import too_many  # it shows screens of the desk

            return too_many(request)
        _see(request)
        return view(request, **named)

    opened.guard = guard  # type: ignore[attr-defined]  # for the test that walks all pages
    return opened


def _to_own_account(request: HttpRequest) -> HttpResponseBase:
    """Lead to where a second factor is added; the rest of the desk opens when there is one."""
    from publisher.web.desk.screen import spoken  # which asks this module who is signed in

    messages.warning(request, spoken(request).say("desk.account.must_add"))
    if request.headers.get("HX-Request"):  # else the page would stand inside the one that asked
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("desk-account")})
    return HttpResponseRedirect(reverse("desk-account"))


def fresh(view: View) -> View:
    """Ask who opens it to prove again who it is, if it has not done so within minutes.

    For acts that a stolen session must not do, such as giving somebody a role.
    """
    from allauth.account.decorators import reauthentication_required

    asking: View = reauthentication_required(view)
    return asking


def _may_write(request: HttpRequest) -> bool:
    return WRITES.allows(str(person(request).pk))


def _see(request: HttpRequest) -> None:
    """Write down, now and then, that this person is here, and this session is in use."""
    who, now = person(request), clock.now()
    if who.last_seen_at is None or now - who.last_seen_at > SEEN_EVERY:
        from allauth.usersessions.models import UserSession

        Person.objects.filter(pk=who.pk).update(last_seen_at=now)
        key = request.session.session_key
        UserSession.objects.filter(session_key=key).update(last_seen_at=now)


def need(request: HttpRequest, act: Act, owners: Owners = None) -> None:
    """Refuse who may not.

    Raises:
        PermissionDenied: it may not do this to a thing of these organisations.
    """
    if not may(person(request), act, owners):
        raise PermissionDenied


def person(request: HttpRequest) -> Person:
    """Give who is signed in."""
    assert isinstance(request.user, Person)
    return request.user


def doer(request: HttpRequest) -> Doer:
    """Give who does what the request asks, for the audit trail."""
    return Doer(person=person(request), via=Via.DESK)
