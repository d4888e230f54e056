"""What is done for one reader: a consent withdrawn, mails let through again, all erased."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from publisher.flows import reader_acts
from publisher.flows.readers import mine
from publisher.kit import clock
from publisher.models import Delivery, Reader
from publisher.web.desk.acts import acted
from publisher.web.desk.door import doer, person
from publisher.web.desk.readers.one import page
from publisher.web.desk.screen import screen


@require_POST
def withdraw(request: HttpRequest, reader: int, consent: int) -> HttpResponse:
    """Take one consent back."""
    reason = request.POST.get("reason", "")
    return _done(
        request,
        reader,
        lambda: reader_acts.withdraw(consent, reason=reason, doer=doer(request), now=clock.now()),
        "desk.readers.consent_withdrawn",
    )


@require_POST
def restore(request: HttpRequest, reader: int) -> HttpResponse:
    """Let it be written to again."""
    return _done(
        request,
        reader,
        lambda: reader_acts.restore(
            reader,
            reason=request.POST.get("reason", ""),
            mine=mine(person(request)),
            doer=doer(request),
            now=clock.now(),
        ),
        "desk.readers.restored",
    )


@require_POST
def ask_again(request: HttpRequest, reader: int) -> HttpResponse:
    """Send the mail that asks to confirm once more."""
    whose = mine(person(request))
    return _done(
        request,
        reader,
        lambda: reader_acts.ask_again(reader, mine=whose, doer=doer(request), now=clock.now()),
        "desk.readers.asked_again",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, reader: int) -> HttpResponse:
    """Ask whether it is meant; then erase: GDPR, article 17."""
    row, whose = Reader.objects.get(pk=reader), mine(person(request))
    if request.method == "POST":
        return acted(
            request,
            lambda: reader_acts.erase(reader, mine=whose, doer=doer(request), now=clock.now()),
            says="desk.readers.erased",
            there=lambda: reverse("desk-readers"),
            refused=lambda wrong: _again(request, reader, wrong),
        )
    return screen(
        request,
        "readers/erase",
        at="readers",
        row=row,
        others=reader_acts.others(reader, whose),
        deliveries=Delivery.objects.filter(recipient=reader).count(),
    )


def _done(request: HttpRequest, reader: int, act: Callable[[], object], says: str) -> HttpResponse:
    return acted(
        request,
        act,
        says=says,
        there=lambda: reverse("desk-reader", args=[reader]),
        refused=lambda wrong: _again(request, reader, wrong),
    )


def _again(request: HttpRequest, reader: int, wrong: list[str]) -> HttpResponse:
    return page(request, Reader.objects.get(pk=reader), problems=wrong, status=422)
