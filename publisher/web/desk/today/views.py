"""The desk's first page."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publisher.flows.agenda import agenda
from publisher.kit import clock
from publisher.web.desk.screen import screen

AHEAD = timedelta(days=30)


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What goes out next."""
    now = clock.now()
    found = agenda(start=now, end=now + AHEAD, now=now)
    return screen(request, "today", at="today", coming=found.items)
