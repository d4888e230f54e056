"""One organisation's menu, and its choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from publisher.flows.accounts import account
from publisher.flows.choose import choose
from publisher.flows.menu_figures import costs, planned, readers
from publisher.flows.rights import acts, may
from publisher.flows.stored_plan import stored_plan
from publisher.flows.token_ends import token_ends
from publisher.kit import clock
from publisher.models import Act, Outlet
from publisher.models.errors import PublisherError
from publisher.models.specs import Plan
from publisher.render.rendition import forms
from publisher.schedule.menu import menu as menu_of
from publisher.settings import settings
from publisher.web.desk.door import doer, person
from publisher.web.desk.screen import screen, spoken

#: what a choice's switch says
SWITCH: Mapping[str, bool | None] = {"on": True, "off": False, "": None}


@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    """Every channel, with what it reaches and costs, and who took it."""
    plan = stored_plan()
    wanted = request.GET.get("organisation", "")
    if wanted and wanted not in plan.organisations:
        raise Http404
    mine = [slug for slug in plan.organisations if slug in acts(person(request))]
    return _shown(request, plan, wanted or next(iter(mine), ""))


@require_POST
def chosen(request: HttpRequest, slug: str) -> HttpResponse:
    """Switch an outlet on or off for an audience."""
    outlet = Outlet.objects.get(slug=slug).said
    audience = request.POST.get("audience", "")
    try:
        choose(
            slug,
            audience,
            use=SWITCH.get(request.POST.get("use", "")),
            reason=request.POST.get("reason", ""),
            language=spoken(request).tag,
            doer=doer(request),
            now=clock.now(),
        )
    except PublisherError as error:
        lines = str(error).splitlines()
        return _shown(
            request,
            stored_plan(),
            outlet.organisation,
            opened=outlet.channel,
            problems=lines,
            status=422,
        )
    messages.success(request, spoken(request).say("desk.menu_page.chosen"))
    query = f"organisation={outlet.organisation}&channel={outlet.channel}#{outlet.channel}"
    return HttpResponseRedirect(f"{reverse('desk-menu')}?{query}")


def _shown(
    request: HttpRequest,
    plan: Plan,
    organisation: str,
    *,
    opened: str = "",
    problems: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    dishes = menu_of(plan, organisation, forms=forms()) if organisation else []
    own = [outlet for dish in dishes for outlet in dish.outlets]
    counts = planned(organisation, now=clock.now())
    reached = readers(organisation) if organisation else {}
    return screen(
        request,
        "menu/menu",
        at="menu",
        status=status,
        plan=plan,
        organisation=organisation,
        dishes=sorted(dishes, key=lambda dish: not dish.outlets),
        opened=opened or request.GET.get("channel", ""),
        planned=counts,
        readers=reached,
        costs=costs(plan, own, counts, reached),
        ends={end.outlet: end for end in token_ends(settings(), now=clock.now())},
        accounts={outlet.slug: account(outlet) for outlet in own},
        may_choose=may(person(request), Act.EDIT, frozenset({organisation})),
        problems=problems,
    )
