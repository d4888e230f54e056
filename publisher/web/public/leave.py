"""Leaving: the page with the button, and the one-click POST of mail programs (RFC 8058)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from publisher.flows import leave as flow
from publisher.kit import clock
from publisher.kit.signing import read_reader_token
from publisher.models.specs import in_language
from publisher.web.language import tongue
from publisher.web.page import notice, page

#: RFC 8058 §3.1: what a mail program posts
ONE_CLICK = ("List-Unsubscribe", "One-Click")


@require_safe
def without_token(request: HttpRequest) -> HttpResponse:
    """Say where a reader finds its own link."""
    return notice(request, "your_link")


# A mail program has no cookie of ours. The token in the address is what nobody else knows.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and changes nothing; POST leaves at once, as often as it comes."""
    try:
        reader, placement = read_reader_token(token)
    except ValueError:
        return notice(request, "bad_link", status=404)
    if request.method == "POST":
        return _left(request, reader, placement)
    received, spoken = flow.received(placement), tongue(request)
    named = received and {
        "organisation": in_language(received.organisation.name, spoken.tag),
        "channel": in_language(received.channel.name, spoken.tag),
    }
    return page(request, "leave", seconds=0, received=named, token=token)


def _left(request: HttpRequest, reader: int, placement: str) -> HttpResponse:
    field, value = ONE_CLICK
    flow.leave(
        reader,
        placement,
        now=clock.now(),
        how="one-click" if request.POST.get(field) == value else "page",
        everything=request.POST.get("what") == "everything",
    )
    return notice(request, "left")
