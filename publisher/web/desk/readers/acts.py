"""What is done for one reader: a consent withdrawn, mails let through again, all erased."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from publisher.flows import reader_acts
from publisher.flows.readers import mine
from publisher.kit import clock
from publisher.models import Delivery, Reader
from publisher.models.errors import PublisherError
from publisher.web.desk.door import doer, person
from publisher.web.desk.readers.one import done, page
from publisher.web.desk.screen import screen, spoken


@require_POST
def withdraw(request: HttpRequest, reader: int, consent: int) -> HttpResponse:
    """Take one consent back."""
    reason = request.POST.get("reason", "")
    try:
        reader_acts.withdraw(consent, reason=reason, doer=doer(request), now=clock.now())
    except PublisherError as error:
        return _refused(request, reader, error)
    return done(request, reader, "desk.readers.consent_withdrawn")


@require_POST
def restore(request: HttpRequest, reader: int) -> HttpResponse:
    """Let it be written to again."""
    reason, whose = request.POST.get("reason", ""), mine(person(request))
    try:
        reader_acts.restore(reader, reason=reason, mine=whose, doer=doer(request), now=clock.now())
    except PublisherError as error:
        return _refused(request, reader, error)
    return done(request, reader, "desk.readers.restored")


@require_POST
def ask_again(request: HttpRequest, reader: int) -> HttpResponse:
    """Send the mail that asks to confirm once more."""
    whose = mine(person(request))
    try:
        reader_acts.ask_again(reader, mine=whose, doer=doer(request), now=clock.now())
    except PublisherError as error:
        return _refused(request, reader, error)
    return done(request, reader, "desk.readers.asked_again")


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, reader: int) -> HttpResponse:
    """Ask whether it is meant; then erase: GDPR, article 17."""
    row, whose = Reader.objects.get(pk=reader), mine(person(request))
    if request.method == "POST":
        try:
            reader_acts.erase(reader, mine=whose, doer=doer(request), now=clock.now())
        except PublisherError as error:
            return _refused(request, reader, error)
        messages.success(request, spoken(request).say("desk.readers.erased"))
        return HttpResponseRedirect(reverse("desk-readers"))
    return screen(
        request,
        "readers/erase",
        at="readers",
        row=row,
        others=reader_acts.others(reader, whose),
        deliveries=Delivery.objects.filter(recipient=reader).count(),
    )


def _refused(request: HttpRequest, reader: int, error: PublisherError) -> HttpResponse:
    row = Reader.objects.get(pk=reader)
    return page(request, row, problems=str(error).splitlines(), status=422)
