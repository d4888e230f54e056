"""The ledger searched, and one delivery's whole history."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publisher.flows.deliveries import Asked, history, search
from publisher.flows.rights import organisations
from publisher.models import IN_FLIGHT, Act, Consent, DeliveryState
from publisher.web.desk.door import person
from publisher.web.desk.screen import screen, spoken
from publisher.web.names import Names

_FIELDS = ("address", "placement", "entry", "state")


@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """A page of deliveries, the newest first."""
    said = {name: request.GET.get(name, "").strip() for name in _FIELDS}
    before = request.GET.get("before", "")
    asked = Asked(**said, before=int(before) if before.isdecimal() and len(before) < 19 else 0)
    mine = organisations(person(request), Act.READERS)
    page = search(asked, organisations=mine)
    following = {**{name: value for name, value in said.items() if value}, "before": page.next}
    return screen(
        request,
        "going_out/deliveries",
        at="going-out",
        found=page,
        asked=asked,
        following=f"?{urlencode(following)}" if page.next else "",
        states=[IN_FLIGHT, *(state.label for state in DeliveryState)],
        names=Names(spoken(request).tag),
    )


@require_safe
def delivery(request: HttpRequest, number: int) -> HttpResponse:
    """Who got it, when, in which words, what the server said, and why it was sent at all."""
    told = history(number)
    if told is None:
        raise Http404
    outlet = told.row.placement.outlet
    consents = Consent.objects.filter(
        reader=told.row.recipient, organisation=outlet.organisation, channel=outlet.channel
    )
    return screen(
        request,
        "going_out/delivery",
        at="going-out",
        told=told,
        consents=consents.order_by("-given_at"),
        names=Names(spoken(request).tag),
    )
