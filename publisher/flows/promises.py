"""Gather what is known of each promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef

from publisher.adapters.registry import adapter
from publisher.flows.approve import yeses_missing
from publisher.flows.publish import prepare_approved
from publisher.flows.stored_plan import stored_plan
from publisher.models import Approval, Entry, Placement, PlacementState, Vote
from publisher.models.errors import WillNeverWork
from publisher.models.specs import Plan
from publisher.models.specs.when import duration
from publisher.reports.promises import Fact, Owed, Promise, promises
from publisher.schedule.matrix import Matrix, wholes


def all_promises(*, now: datetime) -> list[Promise]:
    """Give every promise of the stored plan; see `reports.promises`.

    Args:
        now: aware.
    """
    prepare_approved(now)
    return promises_as_known(now=now)


def promises_as_known(*, now: datetime) -> list[Promise]:
    """Give every promise without rendering what changed since it was approved; it counts as not.

    This is for what is itself rendered, such as a report.
    """
    from publisher.render.rendition import forms

    plan = stored_plan()
    matrix = Matrix(plan)
    owed = [
        Owed(
            audience=row.audience,
            message=row.message,
            channel=offer.channel,
            form=offer.form,
            form_is_there=offer.form_is_there,
            outlets=offer.outlets,
            within=duration(_within(plan, row.audience, row.message)),
        )
        for row in matrix.rows(forms())
        for offer in row.offers
        if offer.outlets
    ]
    return promises(owed, _facts(plan), now=now)


def _within(plan: Plan, audience: str, message: str) -> str:
    for one in wholes(plan, plan.audiences[audience]):
        for row in one.hears:
            if row.message == message and row.within:
                return row.within
    return plan.messages[message].within if message in plan.messages else "60 days"


#: what is read of each placement: there are many, and what their forms asked for is long
_TOLD = (
    "state", "finished_at", "accepted", "occurrence__entry__slug", "audience__slug",
    "outlet__slug", "outlet__channel__slug",
)  # fmt: skip


def _facts(plan: Plan) -> Iterator[Fact]:
    spoken = list(
        Placement.objects.filter(Exists(Approval.objects.filter(placement=OuterRef("pk"))))
        .select_related("occurrence__entry", "audience", "outlet__channel")
        .only(*_TOLD)
    )
    messages = dict(Entry.objects.values_list("slug", "spec__messages"))
    approved = _approved_at(spoken)
    captured = _captured(plan)
    for row in spoken:
        for message in messages[row.occurrence.entry.slug]:
            yield Fact(
                audience=row.audience.slug,
                message=message,
                channel=row.outlet.channel.slug,
                entry=row.occurrence.entry.slug,
                state=PlacementState(row.state),
                approved_at=approved.get(row.pk),
                published_at=row.finished_at if _reached_somebody(row) else None,
                captured=captured.get(row.outlet.slug, False),
            )
    yield from _unspoken()


def _unspoken() -> Iterator[Fact]:
    """Say what the calendar has that nobody said anything of, a row for each entry's cell."""
    rows = (
        Placement.objects.filter(state__in=(PlacementState.PLANNED, PlacementState.MISSED))
        .values_list(
            "audience__slug", "outlet__channel__slug", "occurrence__entry__slug",
            "occurrence__entry__spec__messages",
        )
        .distinct()
    )  # fmt: skip
    for audience, channel, entry, messages in rows:
        for message in messages:
            yield Fact(
                audience=audience,
                message=message,
                channel=channel,
                entry=entry,
                state=PlacementState.PLANNED,
                approved_at=None,
                published_at=None,
            )


def _approved_at(rows: list[Placement]) -> dict[int, datetime]:
    """Give when the last yes was said to each placement that has every one."""
    complete = [pk for pk, owed in yeses_missing(rows).items() if not owed]
    said = Approval.objects.filter(
        placement__in=complete, rendition=F("placement__rendition"), vote=Vote.YES
    )
    return dict(said.values("placement").annotate(at=Max("at")).values_list("placement", "at"))


def _reached_somebody(row: Placement) -> bool:
    return row.state in {PlacementState.FINISHED, PlacementState.CANCELLED} and row.accepted > 0


def _captured(plan: Plan) -> Mapping[str, bool]:
    """Say of each outlet whether its adapter keeps everything here."""
    kept = {}
    for outlet in plan.outlets.values():
        try:
            kept[outlet.slug] = not adapter(outlet.adapter).capabilities.reaches_the_world
        except WillNeverWork:
            kept[outlet.slug] = False
    return kept
