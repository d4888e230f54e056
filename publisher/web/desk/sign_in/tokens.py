"""One's own programs: what lets them in, made, shown once, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from publisher.flows import tokens as flow
from publisher.flows.rights import acts
from publisher.kit import clock
from publisher.models import Act, Organisation, Token
from publisher.models.errors import Refused
from publisher.web.desk.door import doer, person
from publisher.web.desk.screen import screen, spoken

DAYS = (7, 30, 90, 180, 365)  #: that a token may last, to choose from


@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """Those that one has, and a form for another."""
    return _page(request)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make one, and show it this once."""
    said, now = request.POST, clock.now()
    days = next((many for many in DAYS if str(many) == said.get("days")), 0)
    try:
        _, secret = flow.make(
            person(request),
            name=said.get("name", "").replace("\0", ""),
            acts=said.getlist("act"),
            organisations=said.getlist("organisation"),
            ends_at=now + timedelta(days=days),
            doer=doer(request),
            now=now,
        )
    except Refused as refused:
        return _page(request, wrong=[str(refused)], status=422)
    return _page(request, made=secret)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one back."""
    row = Token.objects.filter(pk=pk, person=person(request)).select_related("person").first()
    if row is None:
        raise Http404
    try:
        flow.revoke(row, doer=doer(request), now=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, spoken(request).say("desk.tokens.revoked", prefix=row.prefix))
    return HttpResponseRedirect(reverse("desk-tokens"))


def _page(
    request: HttpRequest, *, made: str = "", wrong: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    who = person(request)
    able = acts(who)
    mine = Organisation.objects.filter(slug__in=list(able)).order_by("slug")
    return screen(
        request,
        "account/tokens",
        status=status,
        rows=flow.live(who, now=clock.now()),
        made=made,
        wrong=wrong,
        said=request.POST,
        ticked=request.POST.getlist("act") or [Act.VIEW],
        chosen=request.POST.getlist("organisation"),
        able=[act for act in Act if any(act in one for one in able.values())],
        organisations={one.slug: one.said.short for one in mine},
        days=DAYS,
    )
