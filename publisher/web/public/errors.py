"""What is shown when something is not there, not allowed, or went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from publisher.web.language import tongue
from publisher.web.page import notice, static_address

#: whose answers are for programs
_API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    if request.path.startswith(_API):
        return _problem("unreadable")
    return notice(request, "bad_request", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403; at the desk it says who can help."""
    if request.path.startswith("/desk/") and request.user.is_authenticated:
        from publisher.web.desk.screen import screen  # which shows errors, too

        return screen(request, "forbidden", status=403)
    return notice(request, "bad_request", status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: the same was tried too often."""
    response = notice(request, "too_many", status=429)
    response["Retry-After"] = "60"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    if request.path.startswith(_API):
        return _problem("not-there")
    return notice(request, "not_found", status=404)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, where a form's token is missing: mostly because cookies are switched off."""
    return notice(request, "no_cookie", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """500; without the database, which may be what is broken."""
    if request.path.startswith(_API):
        return _problem("broken")
    spoken = tongue(request)
    response = render(
        request,
        "broken.html",
        {"tongue": spoken, "say": spoken.say, "static": static_address},
        status=500,
    )
    response["Cache-Control"] = "no-store"
    return response


def _problem(kind: str) -> HttpResponse:
    from publisher.web.api.problems import problem  # which pages do without

    return problem(kind)
