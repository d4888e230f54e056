"""The menu: what each organisation chose, its outlets, and their accounts."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from pydantic import Field

from publisher.flows import accounts
from publisher.flows.choose import choose
from publisher.flows.edit import edit
from publisher.flows.menu_figures import costs, planned, readers
from publisher.flows.stored_plan import stored_plan
from publisher.flows.token_ends import token_ends
from publisher.kit import clock
from publisher.models import Act, Outlet
from publisher.models.specs import Plan
from publisher.render.rendition import forms
from publisher.schedule.menu import Dish
from publisher.schedule.menu import menu as menu_of
from publisher.settings import settings
from publisher.web.api.door import Area, doer
from publisher.web.api.shapes import Reason, Sent, Shown, Texts, Values, marked, seen
from publisher.web.desk.menu.whose import of_outlet

area = Area("Menu", "What organisations choose from the channels, and their outlets’ accounts.")


class LineShown(Shown):
    """An audience that a channel is offered for, and what the organisation said of it."""

    outlet: str
    audience: str
    messages: list[str]
    use: bool | None = Field(description="Null: it has not chosen.")
    reason: Texts
    others: list[str] = Field(description="Organisations that use the channel for the audience.")
    readers: int = Field(description="Who agreed to hear from the organisation so.")
    planned: int = Field(description="Placements within the next months.")


class DishShown(Shown):
    """A channel on the menu."""

    channel: str
    form: str
    form_is_there: bool
    outlets: list[str] = Field(description="The organisation’s own; none: no way to use it.")
    cents: dict[str, float] = Field(description="What is planned costs, by outlet.")
    lines: list[LineShown]


class ChoiceSent(Sent):
    """On or off, or nothing said of it any more."""

    use: bool | None = Field(strict=True)
    reason: Reason = Field("", description="The other organisations read it beside the choice.")
    language: str = Field("en", max_length=12, description="Of the reason.")


class AccountShown(Shown):
    """An outlet’s account, as far as it is shown: what is in a credential never is."""

    name: str
    fields: list[str] = Field(description="What a credential for it holds.")
    kept: bool
    missing: bool
    problems: list[str]
    ends_on: date | None = Field(description="When its token ends, if it says so.")
    placements_after: int = Field(description="Planned after that day.")


class OutletShown(Shown):
    """One organisation’s own instance of a channel."""

    slug: str
    says: Values
    account: AccountShown


class WaysSent(Sent):
    """When an outlet keeps silent, and how fast it goes."""

    quiet: Values = Field(default_factory=dict, description="As in `says` of the outlet.")
    pace: Values = Field(default_factory=dict, description="As in `says` of the outlet.")


class CredentialSent(Sent):
    """A credential, to be sealed; it is shown to nobody again."""

    fields: dict[str, str] = Field(description="By the names in `account.fields`.")


class TriedShown(Shown):
    """What the service calls us."""

    name: str


@area.get("/menu/{slug:organisation}", gives=list[DishShown])
def menu(request: HttpRequest, organisation: str) -> list[dict[str, object]]:
    """Give every channel with what it reaches and costs one organisation, and who took it."""
    del request
    plan = stored_plan()
    if organisation not in plan.organisations:
        raise Http404
    return _menu(plan, organisation)


@area.put("/outlets/{slug:slug}/choices/{slug:audience}", Act.EDIT, of_outlet, status=204)
def choose_outlet(request: HttpRequest, slug: str, audience: str, said: ChoiceSent) -> None:
    """Switch an outlet on or off for an audience, or take back what was said."""
    choose(
        slug,
        audience,
        use=said.use,
        reason=said.reason,
        language=said.language,
        doer=doer(request),
        now=clock.now(),
    )


@area.get("/outlets/{slug:slug}", Act.VIEW, of_outlet, gives=OutletShown)
def read_outlet(request: HttpRequest, response: HttpResponse, slug: str) -> dict[str, object]:
    """Give an outlet with how its account stands."""
    del request
    row = Outlet.objects.get(slug=slug)
    marked(response, row)
    return _outlet(row)


@area.put("/outlets/{slug:slug}/ways", Act.EDIT, of_outlet, gives=OutletShown, needs_mark=True)
def set_outlet_ways(
    request: HttpRequest, response: HttpResponse, slug: str, said: WaysSent
) -> dict[str, object]:
    """Set an outlet’s quiet hours and pace."""
    row = Outlet.objects.get(slug=slug)
    spec = {**row.spec, "quiet": said.quiet, "pace": said.pace}
    edit("outlet", spec, seen=seen(request, row), doer=doer(request), now=clock.now())
    return read_outlet(request, response, slug)


@area.put("/outlets/{slug:slug}/account", Act.ADMINISTER, of_outlet, gives=OutletShown)
def connect_account(request: HttpRequest, slug: str, said: CredentialSent) -> dict[str, object]:
    """Seal a credential for an outlet’s account."""
    row = Outlet.objects.get(slug=slug)
    accounts.connect(row.said, said.fields, doer=doer(request), now=clock.now())
    return _outlet(row)


@area.post("/outlets/{slug:slug}/account/try", Act.ADMINISTER, of_outlet, gives=TriedShown)
def try_account(request: HttpRequest, slug: str) -> dict[str, str]:
    """Sign in to the service, changing nothing there."""
    del request
    return {"name": accounts.try_out(Outlet.objects.get(slug=slug).said)}


@area.delete("/outlets/{slug:slug}/account", Act.ADMINISTER, of_outlet, status=204)
def forget_account(request: HttpRequest, slug: str) -> None:
    """Forget an outlet’s credential."""
    accounts.forget(Outlet.objects.get(slug=slug).said, doer=doer(request), now=clock.now())


def _menu(plan: Plan, organisation: str) -> list[dict[str, object]]:
    dishes = menu_of(plan, organisation, forms=forms())
    own = [outlet for dish in dishes for outlet in dish.outlets]
    counts, reached = planned(organisation, now=clock.now()), readers(organisation)
    cents = {slug: one.cents for slug, one in costs(plan, own, counts, reached).items()}
    return [_dish(dish, counts, reached, cents) for dish in dishes]


def _dish(
    dish: Dish,
    counts: dict[tuple[str, str], int],
    reached: dict[tuple[str, str], int],
    cents: dict[str, float],
) -> dict[str, object]:
    outlets = [one.slug for one in dish.outlets]
    return {
        "channel": dish.channel.slug,
        "form": dish.channel.form,
        "form_is_there": dish.form_is_there,
        "outlets": outlets,
        "cents": {slug: cents[slug] for slug in outlets if slug in cents},
        "lines": [
            {
                "outlet": one.outlet,
                "audience": one.audience,
                "messages": one.messages,
                "use": one.choice.use if one.choice else None,
                "reason": one.choice.reason if one.choice else {},
                "others": one.others,
                "readers": reached.get((one.audience, dish.channel.slug), 0),
                "planned": counts.get((one.outlet, one.audience), 0),
            }
            for one in dish.lines
        ],
    }


def _outlet(row: Outlet) -> dict[str, object]:
    found = accounts.account(row.said)
    ends = token_ends(settings(), now=clock.now())
    end = next((one for one in ends if one.outlet == row.slug), None)
    return {
        "slug": row.slug,
        "says": row.spec,
        "account": {
            **{name: getattr(found, name) for name in ("name", "fields", "kept", "missing")},
            "problems": found.problems,
            "ends_on": end.ends_on if end else None,
            "placements_after": end.placements_after if end else 0,
        },
    }
