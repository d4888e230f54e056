"""A webinar with what hangs on it, as apply leaves it in the database."""

from __future__ import annotations

from datetime import UTC, datetime

from publisher.flows.address import begin
from publisher.flows.expand import expand
from publisher.flows.occasions import find
from publisher.flows.plan_rows import stored, write
from publisher.flows.prepare import prepare
from publisher.flows.registrations import Wish
from publisher.models import Placement, PlacementState
from publisher.models.specs import Plan
from publisher.plan.diff import compare
from publisher.plan.said import paths, said
from tests.flows.stored import joint_plan
from tests.unit.schedule.specs import audience, channel, choice, entry, message, organisation
from tests.unit.schedule.specs import outlet as any_outlet
from tests.unit.schedule.specs import plan as any_plan

NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
STARTS = datetime(2027, 3, 12, 13, 0, tzinfo=UTC)
OCCASION = {
    "starts": "2027-03-12T14:00",
    "lasts": "1 hour",
    "zone": "Europe/Zurich",
    "capacity": 2,
    "closes": "1 hour",
    "join": "our-room",
}
SEATS = ("registered", "attended", "absent")


def webinar_plan(*entries, **changes) -> Plan:
    """Give a plan with one webinar; `changes` are to its occasion."""
    hears = [{"message": "together", "through": ["webinar"]}]
    held = entry(
        "look-first",
        title={"en": "Look first", "ar": "ابحث أولاً"},
        when="2027-03-01 09:00",
        occasion=OCCASION | changes,
        words=[{"language": "en", "words": "Come and see."}],
    )
    reminder = entry(
        "reminder",
        when={"event": "look-first", "before": "1 day"},
        audiences=["registered"],
    )
    after = [
        entry(slug, when={"event": "look-first", "after": "2 hours"}, audiences=[slug])
        for slug in ("attended", "absent")
    ]
    made = any_plan(
        organisation("iso"),
        channel("webinar", form="webinar"),
        any_outlet("iso", "webinar"),
        audience(hears=hears),
        *(audience(seat, hears=hears, who={"occasion": seat}) for seat in SEATS),
        message(),
        *(choice("iso-webinar", slug) for slug in ("members", *SEATS)),
        held,
        reminder,
        *after,
        *entries,
    )
    return Plan(**vars(made) | {"templates": joint_plan().templates})


def keep(plan: Plan, *, now: datetime = NOW) -> None:
    """Write a plan and lay out its calendar."""
    write(compare(said(plan), stored(), paths=paths(plan), take={}), plan, now=now)
    expand(now=now)


def started(slug: str, *, now: datetime = NOW) -> Placement:
    """Render an entry's one placement, start it and write its ledger."""
    placement = Placement.objects.get(occurrence__entry__slug=slug)
    assert prepare([placement], now=now) == []
    placement.state = PlacementState.SENDING
    placement.save()
    begin(placement.occurrence_id, now=now)
    placement.refresh_from_db()
    return placement


def wish(*, now: datetime = NOW, date: int = 0) -> Wish:
    """Ask for a seat at the webinar."""
    held = find("look-first", now=now)
    return Wish(held=held, date=held.dates[date], wording="I agree.", source="the page")
