"""Whose the things are that these pages are about."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from publisher.flows.approve import speakers
from publisher.flows.rights import Owners
from publisher.models import Delivery, Placement


def of_placement(request: HttpRequest, key: str) -> Owners:  # `door` passes it
    """A placement is its outlet's organisation's."""
    found = Placement.objects.filter(key=key).values_list("outlet__organisation__slug", flat=True)
    return _known(frozenset(found))


def of_entry(request: HttpRequest, entry: str) -> Owners:
    """What is in doubt of an entry is decided by whoever sends it."""
    rows = Placement.objects.filter(occurrence__entry__slug=entry, uncertain__gt=0)
    names = ("outlet__organisation", "occurrence__entry")
    found = {slug for row in rows.select_related(*names) for slug in speakers(row)}
    return _known(frozenset(found))


def of_delivery(request: HttpRequest, number: int) -> Owners:
    """A delivery is its outlet's organisation's."""
    rows = Delivery.objects.filter(pk=number)
    return _known(frozenset(rows.values_list("placement__outlet__organisation__slug", flat=True)))


def _known(slugs: frozenset[str]) -> frozenset[str]:
    if not slugs:
        raise Http404
    return slugs
