"""Whose the things are that these pages are about."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from publisher.flows.readers import owners
from publisher.flows.rights import Owners
from publisher.models import Consent, Reader


def of_reader(request: HttpRequest, reader: int) -> Owners:
    """A reader is theirs whom it agreed to hear from, once or now; else an operator's alone."""
    if not Reader.objects.filter(pk=reader).exists():
        raise Http404
    return owners(reader)


def of_consent(request: HttpRequest, reader: int, consent: int) -> Owners:
    """A consent is the one organisation's."""
    rows = Consent.objects.filter(pk=consent, reader=reader)
    found = frozenset(rows.values_list("organisation__slug", flat=True))
    if not found:
        raise Http404
    return found
