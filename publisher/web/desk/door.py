"""The desk's only way in: no page of it is reached without leave to see or do it.

Each page says in `urls.py`, through `desk`, what act it is; one that is about a thing says whose
the thing is. So a page without a permission cannot be written by oversight, and a test walks all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from publisher.flows.audit import Doer
from publisher.flows.rights import Owners, may
from publisher.models import Act, Person, Via

View = Callable[..., HttpResponseBase]
#: gives whose the thing is that a page is about, from the request and what its address names;
#: raises Http404 where there is none
OwnersOf = Callable[..., Owners]


@dataclass(frozen=True)
class Guard:
    """What a page of the desk asks of who opens it; `view.guard` has it."""

    act: Act
    owners_of: OwnersOf | None


def desk(
    route: str,
    view: View,
    act: Act = Act.VIEW,
    owners_of: OwnersOf | None = None,
    *,
    name: str = "",
) -> URLPattern:
    """Give a page of the desk its address and its guard.

    Args:
        route: below `/desk/`.
        view: shows the page.
        act: what opening it amounts to. A page that also does something else asks `need`.
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
        owners = guard.owners_of(request, **named) if guard.owners_of else None
        need(request, guard.act, owners)
        return view(request, **named)

    opened.guard = guard  # type: ignore[attr-defined]  # for the test that walks all pages
    return opened


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
