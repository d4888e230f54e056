"""From a desk screen's name and its values to the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from publisher.flows.rights import acts
from publisher.kit import words
from publisher.kit.text import direction
from publisher.models import Act, Organisation, Person
from publisher.web.desk.door import person
from publisher.web.language import Tongue, tongue
from publisher.web.page import static_address

Response = TypeVar("Response", bound=HttpResponseBase)
#: the desk runs our scripts and HTMX, from our own address; it talks to nobody else
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'self'"
)


def screen(
    request: HttpRequest,
    name: str,
    *,
    at: str = "",
    status: int = 200,
    **values: object,
) -> HttpResponse:
    """Render a screen of the desk in the person's language.

    Args:
        request: what was asked.
        name: its file in `screens/desk/`, without `.html`; a part of a screen for HTMX begins
            with an underscore.
        at: the line of the menu it stands under.
        status: the HTTP status.
        values: what it shows.
    """
    shown = {**framed(request, at), **values}
    return guarded(render(request, f"desk/{name}.html", shown, status=status))


def framed(request: HttpRequest, at: str = "") -> dict[str, object]:
    """Give what the frame around each screen shows to who is signed in."""
    who = person(request)
    return {**basics(request, spoken(request)), "at": at, "menu": _menu(who, at), "me": who}


def guarded(response: Response) -> Response:
    """Keep an answer of the desk out of caches, search engines and other sites' frames."""
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def basics(request: HttpRequest, said: Tongue) -> Mapping[str, object]:
    """Give what every screen needs, whoever looks."""
    return {
        "tongue": said,
        "say": said.say,
        "languages": words.LANGUAGES,
        "static": static_address,
        "direction": direction,
        "url": reverse,
        "path": request.path,
        "notices": messages.get_messages(request),
        "zone": zone(request),
    }


def spoken(request: HttpRequest) -> Tongue:
    """Give the language of who is signed in: its own choice, else its browser's."""
    mine = getattr(request.user, "language", "")
    if mine in words.LANGUAGES and "lang" not in request.GET:
        return Tongue(tag=mine, chosen=False)
    return tongue(request)


def zone(request: HttpRequest) -> ZoneInfo:
    """Give the time zone that times are shown in: the person's, else its organisation's."""
    mine = getattr(request.user, "time_zone", "")
    return ZoneInfo(mine or _organisations_zone(request))


def _organisations_zone(request: HttpRequest) -> str:
    if not request.user.is_authenticated:
        return "UTC"
    slugs = sorted(acts(person(request)))
    first = Organisation.objects.filter(slug__in=slugs[:1]).first()
    return first.said.time_zone if first else "UTC"


def _menu(who: Person, at: str) -> list[dict[str, object]]:
    from publisher.web.desk.urls import AREAS  # they import this module

    able = frozenset[Act]().union(*acts(who).values())
    return [
        {"name": area.name, "url": reverse(f"desk-{area.name}"), "here": area.name == at}
        for area in AREAS
        if area.act in able
    ]
