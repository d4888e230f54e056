"""What went wrong or is held up, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Count, Max, Min, Q, QuerySet, Sum, Value

from publisher.models import Placement, PlacementState

#: how soon something must be due for what holds it up to be today's matter
SOON = timedelta(days=14)
LATELY = timedelta(days=7)  #: for how long what was refused is shown

Kind = Literal["uncertain", "missed", "held", "refused"]

#: what each kind is, the most pressing first
_OF: Mapping[Kind, Q] = {
    "uncertain": Q(uncertain__gt=0),
    "missed": Q(state=PlacementState.MISSED),
    "held": Q(state__in=(PlacementState.PLANNED, PlacementState.SENDING, PlacementState.PAUSED))
    & ~Q(problem=""),
    "refused": Q(refused__gt=0),
}


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """The same trouble in one occurrence, however many placements have it."""

    kind: Kind
    entry: str
    title: Mapping[str, str]
    occurrence: str
    since: datetime | None  #: when it was due; aware
    placements: int
    deliveries: int  #: how many hand-overs are concerned; 0 where none was made
    problem: str  #: of one of them, as a sentence; may be empty


def troubles(*, now: datetime, organisations: frozenset[str] | None = None) -> list[Trouble]:
    """Give what needs somebody, the most pressing kind first and then the newest.

    Args:
        now: aware.
        organisations: slugs of those whose outlets count; None: all.
    """
    rows = Placement.objects.filter(occurrence__entry__retired_at=None)
    if organisations is not None:
        rows = rows.filter(outlet__organisation__slug__in=organisations)
    return [trouble for kind in _OF for trouble in _of(kind, rows, now)]


def _of(kind: Kind, rows: QuerySet[Placement], now: datetime) -> list[Trouble]:
    found = rows.filter(_OF[kind])
    if kind == "held":
        found = found.filter(Q(due_at=None) | Q(due_at__lt=now + SOON))
    elif kind == "refused":
        found = found.filter(started_at__gt=now - LATELY)
    figure = kind if kind in {"uncertain", "refused"} else ""
    named = found.values(
        "occurrence__entry__slug", "occurrence__entry__spec__title", "occurrence__key"
    )
    summed = named.annotate(
        since=Min("due_at"),
        placements=Count("id"),
        hand_overs=Sum(figure) if figure else Value(0),
        said=Max("problem"),
    )
    return [
        Trouble(
            kind=kind,
            entry=row["occurrence__entry__slug"],
            title=row["occurrence__entry__spec__title"],
            occurrence=row["occurrence__key"],
            since=row["since"],
            placements=row["placements"],
            deliveries=row["hand_overs"],
            problem=row["said"],
        )
        for row in summed.order_by("-since", "occurrence__entry__slug")
    ]
