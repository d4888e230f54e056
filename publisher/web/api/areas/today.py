"""What a day at the desk begins with."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.http import HttpRequest
from pydantic import Field

from publisher.flows import intakes, proposals
from publisher.flows.approvals import waiting
from publisher.flows.days import days
from publisher.flows.promises import all_promises
from publisher.flows.rights import acts, organisations
from publisher.flows.troubles import troubles
from publisher.kit import clock
from publisher.models import Act
from publisher.reports.promises import PromiseState
from publisher.web.api.areas.calendar import OccurrenceShown, told
from publisher.web.api.door import Area
from publisher.web.api.shapes import Shown, Texts
from publisher.web.desk.door import person
from publisher.web.desk.today.views import AHEAD
from publisher.web.heartbeat import heartbeats

area = Area("Today", "What waits, what went wrong, which promises are late, and what comes next.")


class Trouble(Shown):
    """Something that went wrong or is held up, in one occurrence."""

    kind: str = Field(description="uncertain, missed, held or refused.")
    entry: str
    title: Texts
    occurrence: str
    since: datetime | None
    placements: int
    deliveries: int
    problem: str


class WaitingShown(Shown):
    """An occurrence whose words wait for a yes."""

    entry: str
    title: Texts
    occurrence: str
    due_at: datetime | None
    missed: bool
    owed: list[str] = Field(description="Organisations whose yes is missing.")
    words: int


class PromiseShown(Shown):
    """A key message owed to an audience through a channel, and how it stands."""

    state: str = Field(description=", ".join(state.value for state in PromiseState))
    audience: str
    message: str
    channel: str
    outlets: list[str]
    entries: list[str]
    approved_at: datetime | None
    published_at: datetime | None


class Today(Shown):
    """The desk’s first page."""

    waiting: list[WaitingShown]
    troubles: list[Trouble]
    promises: list[PromiseShown] = Field(description="Those that are late or broken.")
    late_intakes: list[str] = Field(description="References of offers whose answer is late.")
    proposals: int = Field(description="How many proposals wait for a word.")
    coming: list[OccurrenceShown] = Field(description="What is due within a month.")
    heartbeats: dict[str, str] = Field(description="Of clock and workers.")


@area.get("/today", gives=Today)
def today(request: HttpRequest) -> dict[str, object]:
    """Give what the desk’s first page shows."""
    now, who = clock.now(), person(request)
    edits = organisations(who, Act.EDIT)
    votes = organisations(who, Act.APPROVE)
    with connection.cursor() as cursor:
        beats = heartbeats(cursor)
    found = days(start=now, end=now + AHEAD, zone="UTC", most=200)
    return {
        "waiting": waiting(organisations=votes) if votes else [],
        "troubles": troubles(now=now, organisations=frozenset(acts(who))),
        "promises": _promises({PromiseState.LATE, PromiseState.BROKEN}, now),
        "late_intakes": [one.reference for one in intakes.late(now=now, organisations=edits)],
        "proposals": proposals.waiting(edits).count(),
        "coming": [told(line) for line in found.lines],
        "heartbeats": beats,
    }


@area.get("/promises", gives=list[PromiseShown])
def promises(request: HttpRequest) -> list[dict[str, object]]:
    """Give every promise: what the matrix owes, and what became of it."""
    del request
    return _promises(set(PromiseState), clock.now())


def _promises(states: set[PromiseState], now: datetime) -> list[dict[str, object]]:
    return [
        {
            "state": one.state.value,
            "audience": one.owed.audience,
            "message": one.owed.message,
            "channel": one.owed.channel,
            "outlets": one.owed.outlets,
            "entries": one.entries,
            "approved_at": one.approved_at,
            "published_at": one.published_at,
        }
        for one in all_promises(now=now)
        if one.state in states
    ]
