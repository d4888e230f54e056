"""Whose an outlet is."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from publisher.flows.rights import Owners
from publisher.models import Outlet


def of_outlet(request: HttpRequest, slug: str, **_rest: str) -> Owners:  # `door` passes it
    """It is its organisation's."""
    rows = Outlet.objects.filter(slug=slug, retired_at=None)
    found = frozenset(rows.values_list("organisation__slug", flat=True))
    if not found:
        raise Http404
    return found
