"""allauth's views in our frame: our screens, our words, our headers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, re_path
from django.utils.translation import override

from publisher.settings import settings
from publisher.web.desk.door import View, desk
from publisher.web.desk.screen import basics, framed, guarded, spoken

#: what Django calls a language where we call it something else
DJANGOS = {"zh": "zh-hans"}


class Outside:
    """The guard of a page through which one comes in: everybody may open it."""


def outside(route: str, view: View, name: str) -> URLPattern:
    """Give a page its address for whoever is not signed in; `route` is a pattern."""

    def shown(request: HttpRequest) -> dict[str, object]:
        return {**basics(request, spoken(request)), "elsewhere": _elsewhere()}

    opened = _opened(view, shown)
    opened.guard = Outside()  # type: ignore[attr-defined]  # for the test that walks all pages
    return re_path(f"^desk/{route}$", opened, name=name)


def own(route: str, view: View, name: str) -> URLPattern:
    """Give a page about one's own account its address."""
    pattern = desk(route, _opened(view, framed), None)
    pattern.name = name
    return pattern


def _opened(view: View, shown: Callable[[HttpRequest], dict[str, object]]) -> View:
    @wraps(view)
    def opened(request: HttpRequest, **named: Any) -> HttpResponseBase:  # noqa: ANN401  # the route's
        request.shown = shown(request)  # type: ignore[attr-defined]  # for `screens.everywhere`
        tag = spoken(request).tag
        with override(DJANGOS.get(tag, tag)):
            response = view(request, **named)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        return guarded(response)

    return opened


def _elsewhere() -> str:
    """Give what the button for single sign-on says; empty: there is none."""
    return settings().oidc_name if settings().oidc_issuer else ""
