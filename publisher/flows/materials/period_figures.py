"""What really happened since an entry's last occurrence: promises, placements, deliveries, work.

Every figure has its denominator beside it. Nothing is chosen here: highlights are the officer's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Q, Sum

from publisher.flows.materials import Asked
from publisher.flows.promises import promises_as_known
from publisher.kit.dates import in_words
from publisher.models import (
    Audience,
    Channel,
    KeyMessage,
    Occurrence,
    Organisation,
    Placement,
    PlacementState,
    WorkItem,
)
from publisher.models.adapter import Json
from publisher.models.specs import in_language
from publisher.reports.promises import Promise, PromiseState

FIGURES = ("candidates", "accepted", "refused", "excluded", "uncertain")
MOST_NAMED = 12  #: promises and work items named one by one; the others are counted

SAMPLE: Json = {
    "since": "1 January 2027",
    "until": "31 March 2027",
    "promises": {
        "all": 40, "kept": 31, "due": 5, "late": 1, "broken": 1, "unapproved": 1, "unsaid": 1,
        "no_form": 0,
    },
    "owed": [
        {
            "state": "late",
            "audience": "Members",
            "message": "Coordination works",
            "channel": "Newsletter",
        }
    ],
    "placements": {"finished": 18, "all": 20},
    "channels": [
        {
            "organisation": "ISO", "channel": "Newsletter", "finished": 6, "placements": 6,
            "candidates": 1200, "accepted": 1150, "refused": 10, "excluded": 40, "uncertain": 0,
        }
    ],
    "total": {
        "candidates": 1200, "accepted": 1150, "refused": 10, "excluded": 40, "uncertain": 0
    },
    "work": {
        "all": 2,
        "organisations": [{"organisation": "ISO", "new": 2}],
        "items": [{"identifier": "ISO/AWI 1234", "title": "A title", "organisation": "ISO"}],
    },
}  # fmt: skip


def gather(asked: Asked) -> Json:
    """Give the figures of the period that ends now, or when the occurrence is due."""
    until = _until(asked)
    since = _since(asked, until)
    rows = _placements(since, until)
    owed = promises_as_known(now=until)
    return {
        "since": _day(since, asked) if since else "",
        "until": _day(until, asked),
        "promises": _counted(owed),
        "owed": _named(owed, asked.language),
        "placements": {
            "finished": sum(row["finished"] for row in rows),
            "all": sum(row["placements"] for row in rows),
        },
        "channels": _channels(rows, asked.language),
        "total": {name: sum(row[name] or 0 for row in rows) for name in FIGURES},
        "work": _work(since, until),
    }


def _until(asked: Asked) -> datetime:
    """Give the period's end; without a clock, the last moment anything was finished."""
    if asked.now is not None:
        return asked.now
    last = Placement.objects.aggregate(last=Max("finished_at"))["last"]
    return last or datetime(2000, 1, 1, tzinfo=UTC)


def _since(asked: Asked, until: datetime) -> datetime | None:
    """Give when the entry was last due; None: it never was, so the period has no beginning."""
    rows = Occurrence.objects.filter(entry__slug=asked.entry, due_at__lt=until)
    if asked.at_local is not None:
        rows = rows.filter(at_local__lt=asked.at_local.replace(tzinfo=UTC))
    found: datetime | None = rows.aggregate(last=Max("due_at"))["last"]
    return found


def _day(moment: datetime, asked: Asked) -> str:
    zone = Organisation.objects.get(slug=asked.organisation).said.time_zone
    return in_words(moment.astimezone(ZoneInfo(zone)).date(), asked.language)


def _counted(owed: Iterable[Promise]) -> dict[str, int]:
    states = Counter(one.state for one in owed)
    each = {state.value.replace(" ", "_"): states[state] for state in PromiseState}
    return {"all": sum(states.values()), **each}


def _named(owed: Iterable[Promise], language: str) -> list[dict[str, str]]:
    """Name what was approved and is late or broken, the oldest first."""
    bad = [one for one in owed if one.state in (PromiseState.LATE, PromiseState.BROKEN)]
    audiences, messages, channels = (
        {row.slug: in_language(row.said.name, language) for row in noun.objects.all()}
        for noun in (Audience, KeyMessage, Channel)
    )
    return [
        {
            "state": one.state.value,
            "audience": audiences[one.owed.audience],
            "message": messages[one.owed.message],
            "channel": channels[one.owed.channel],
        }
        for one in bad[:MOST_NAMED]
    ]


def _placements(since: datetime | None, until: datetime) -> Sequence[dict[str, Any]]:
    """Give the figures of all that was due in the period, by organisation and channel."""
    due = Placement.objects.filter(due_at__lte=until).exclude(state=PlacementState.UNAVAILABLE)
    if since is not None:
        due = due.filter(due_at__gt=since)
    grouped = due.values(
        organisation=F("outlet__organisation__slug"), channel=F("outlet__channel__slug")
    )
    figures = {name: Sum(name) for name in FIGURES}
    finished = Count("id", filter=Q(state=PlacementState.FINISHED))
    found = grouped.annotate(placements=Count("id"), finished=finished, **figures)
    return [dict(row) for row in found.order_by("organisation", "channel")]


def _channels(rows: Iterable[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    names = {row.slug: in_language(row.said.name, language) for row in Channel.objects.all()}
    shorts = {row.slug: row.said.short for row in Organisation.objects.all()}
    return [
        {
            **row,
            "organisation": shorts[row["organisation"]],
            "channel": names[row["channel"]],
        }
        for row in rows
    ]


def _work(since: datetime | None, until: datetime) -> Json:
    """Give the work items first seen in the period; without a beginning, none is new."""
    if since is None:
        return {"all": 0, "organisations": [], "items": []}
    fresh = WorkItem.objects.filter(
        first_seen_at__gt=since, first_seen_at__lte=until, unconfirmed=False
    )
    by = fresh.values(slug=F("organisation__slug")).annotate(new=Count("id")).order_by("slug")
    shorts = {row.slug: row.said.short for row in Organisation.objects.all()}
    first = fresh.select_related("organisation").order_by("organisation__slug", "identifier")
    return {
        "all": fresh.count(),
        "organisations": [{"organisation": shorts[row["slug"]], "new": row["new"]} for row in by],
        "items": [
            {
                "identifier": item.identifier,
                "title": item.title,
                "organisation": shorts[item.organisation.slug],
            }
            for item in first[:MOST_NAMED]
        ],
    }
