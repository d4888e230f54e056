"""The menu as one organisation reads it: what each channel could bring to whom, and who took it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from publisher.models.specs import ChannelSpec, ChoiceSpec, OutletSpec, Plan
from publisher.schedule.matrix import Matrix


@dataclass(frozen=True, kw_only=True)
class Line:
    """An audience that a channel is offered for, and what this organisation said of it."""

    outlet: str  #: slug of its own
    audience: str  #: slug
    messages: tuple[str, ...]  #: slugs of the key messages that it would carry
    choice: ChoiceSpec | None  #: None: it has not said
    others: tuple[str, ...]  #: slugs of the organisations that use the channel for the audience


@dataclass(frozen=True, kw_only=True)
class Dish:
    """A channel on the menu."""

    channel: ChannelSpec
    form_is_there: bool
    outlets: tuple[OutletSpec, ...]  #: this organisation's own; none: it has no way to use it
    lines: tuple[Line, ...]


def menu(plan: Plan, organisation: str, *, forms: Collection[str]) -> list[Dish]:
    """Give every channel, in the plan's order.

    Args:
        plan: the plan in force.
        organisation: slug of the one that reads it.
        forms: the names of the forms that are there.
    """
    offered = _offered(plan, forms)
    return [
        Dish(
            channel=channel,
            form_is_there=channel.form in forms,
            outlets=tuple(own := _own(plan, slug, organisation)),
            lines=tuple(
                _line(plan, outlet, audience, messages)
                for outlet in own
                for audience, messages in offered[slug].items()
                if _may(plan, organisation, audience)
            ),
        )
        for slug, channel in plan.channels.items()
    ]


def _offered(plan: Plan, forms: Collection[str]) -> dict[str, dict[str, list[str]]]:
    """Give each channel's audiences, with the key messages they are to hear through it."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in Matrix(plan).rows(forms):
        for offer in row.offers:
            found[offer.channel][row.audience].append(row.message)
    return found


def _own(plan: Plan, channel: str, organisation: str) -> list[OutletSpec]:
    return [
        outlet
        for outlet in plan.outlets.values()
        if outlet.channel == channel and outlet.organisation == organisation
    ]


def _may(plan: Plan, organisation: str, audience: str) -> bool:
    whose = plan.audiences[audience].organisations
    return not whose or organisation in whose


def _line(plan: Plan, outlet: OutletSpec, audience: str, messages: Collection[str]) -> Line:
    using = {
        plan.outlets[choice.outlet].organisation
        for choice in plan.choices.values()
        if choice.use
        and choice.audience == audience
        and choice.outlet in plan.outlets
        and plan.outlets[choice.outlet].channel == outlet.channel
    }
    return Line(
        outlet=outlet.slug,
        audience=audience,
        messages=tuple(messages),
        choice=plan.choices.get(f"{outlet.slug}/{audience}"),
        others=tuple(sorted(using - {outlet.organisation})),
    )
