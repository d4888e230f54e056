"""One's own account: who one is, how one signs in, and where one is signed in."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from publisher.flows.own_account import introduce
from publisher.flows.sign_ins import end_sessions, sessions
from publisher.kit import clock
from publisher.models import Organisation, Person, Role
from publisher.models.errors import Refused
from publisher.web.desk.door import doer, person
from publisher.web.desk.screen import screen, spoken


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show it, and keep a name, a language and a time zone."""
    wrong: list[str] = []
    if request.method == "POST":
        try:
            _keep(request)
        except Refused as refused:
            wrong = [str(refused)]
        else:
            messages.success(request, spoken(request).say("sign_in.done.account"))
            return HttpResponseRedirect(reverse("desk-account"))
    who = person(request)
    return screen(
        request,
        "account/account",
        status=422 if wrong else 200,
        sessions=sessions(who, here=request.session.session_key),
        zones=sorted(available_timezones()),
        has_password=who.has_usable_password(),
        roles=_roles(request),
        wrong=wrong,
        **_factors(who),
    )


@require_POST
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    """Sign out in one other browser."""
    end_sessions(person(request), doer=doer(request), now=clock.now(), only=session)
    return HttpResponseRedirect(reverse("desk-account"))


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out in every other browser."""
    here = request.session.session_key
    end_sessions(person(request), doer=doer(request), now=clock.now(), but=here)
    return HttpResponseRedirect(reverse("desk-account"))


def _keep(request: HttpRequest) -> None:
    said = request.POST
    introduce(
        person(request),
        full_name=said.get("full_name", ""),
        language=said.get("language", ""),
        time_zone=said.get("time_zone", ""),
        doer=doer(request),
        now=clock.now(),
    )


def _factors(who: Person) -> dict[str, Any]:
    rows = list(Authenticator.objects.filter(user=who).order_by("created_at"))
    return {
        "app": next((row for row in rows if row.type == Authenticator.Type.TOTP), None),
        "has_codes": any(row.type == Authenticator.Type.RECOVERY_CODES for row in rows),
        "passkeys": [
            {"id": row.pk, "name": row.wrap().name, "created_at": row.created_at}
            for row in rows
            if row.type == Authenticator.Type.WEBAUTHN
        ],
    }


def _roles(request: HttpRequest) -> str:
    """Say in one line what the person may do where."""
    say = spoken(request).say
    if person(request).is_superuser:
        return say("desk.account.operator")
    rows = Role.objects.filter(person=person(request), organisation__retired_at=None)
    by: dict[Organisation, list[str]] = {}
    for row in rows.select_related("organisation").order_by("organisation__slug", "name"):
        by.setdefault(row.organisation, []).append(say(f"desk.role.{row.name}"))
    return " · ".join(f"{one.said.short}: {', '.join(names)}" for one, names in by.items())
