"""The desk's first page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publisher.flows import hooks, intakes, proposals
from publisher.flows.agenda import agenda
from publisher.flows.promises import all_promises
from publisher.flows.rights import acts, organisations
from publisher.flows.troubles import troubles
from publisher.kit import clock
from publisher.models import Act, Audience, Channel, Intake, KeyMessage, Proposal
from publisher.models.specs import in_language
from publisher.reports.promises import PromiseState
from publisher.web.desk.approvals.views import short_names, waiting_for
from publisher.web.desk.door import person
from publisher.web.desk.screen import screen, spoken
from publisher.web.heartbeat import heartbeats

AHEAD = timedelta(days=30)
MANY = 8  #: lines of a list; the rest stands on the page that it links to
#: promises that need somebody
_OWED = {PromiseState.BROKEN: "broken", PromiseState.LATE: "late"}


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What went wrong, what waits for me, which promises are late, and what goes out next."""
    now = clock.now()
    mine = frozenset(acts(person(request)))
    coming = agenda(start=now, end=now + AHEAD, now=now).items
    return screen(
        request,
        "today",
        at="today",
        coming=[item for item in coming if item.due_at],
        at_launch=sum(item.due_at is None for item in coming),
        waiting=waiting_for(request),
        troubles=troubles(now=now, organisations=mine),
        late_intakes=_late_intakes(request, now),
        silent_hooks=list(hooks.switched_off(organisations(person(request), Act.ADMINISTER))),
        proposed=_proposed(request),
        promises=list(_late(spoken(request).tag, now)),
        beats=_beats(),
        short=short_names(),
        many=MANY,
    )


def _late_intakes(request: HttpRequest, now: datetime) -> list[Intake]:
    """Give the offers from outside whose answer is late, to who may answer them."""
    mine = organisations(person(request), Act.EDIT)
    return list(intakes.late(now=now, organisations=mine)) if mine else []


def _proposed(request: HttpRequest) -> list[Proposal]:
    """Give the proposals that wait for a word, to who may say it."""
    mine = organisations(person(request), Act.EDIT)
    return list(proposals.waiting(mine)[: MANY + 1]) if mine else []


def _late(language: str, now: datetime) -> Iterator[dict[str, object]]:
    """Give what was approved and not published in time, the longest ago first."""
    owed = [one for one in all_promises(now=now) if one.state in _OWED]
    if not owed:
        return
    names = {
        noun: {slug: in_language(name, language) for slug, name in rows}
        for noun, rows in (
            ("audience", Audience.objects.values_list("slug", "spec__name")),
            ("message", KeyMessage.objects.values_list("slug", "spec__name")),
            ("channel", Channel.objects.values_list("slug", "spec__name")),
        )
    }
    for one in owed:
        yield {
            "state": _OWED[one.state],
            "days": (now - one.approved_at).days if one.approved_at else 0,
            "approved_at": one.approved_at,
            "audience": names["audience"].get(one.owed.audience, one.owed.audience),
            "message": names["message"].get(one.owed.message, one.owed.message),
            "channel": names["channel"].get(one.owed.channel, one.owed.channel),
            "entries": one.entries,
        }


def _beats() -> dict[str, str]:
    with connection.cursor() as cursor:
        return heartbeats(cursor)
