"""Say where every placement stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from publisher.models import Placement, PlacementState

#: states in which a placement has nothing to do with the present any more, or not yet
_COMING = Q(state=PlacementState.PLANNED) | Q(state=PlacementState.UNAVAILABLE)

#: where each field of a row is found
FIELDS = {
    "key": "key",
    "entry": "occurrence__entry__slug",
    "occurrence": "occurrence__key",
    "audience": "audience__slug",
    "organisation": "outlet__organisation__slug",
    "outlet": "outlet__slug",
    "channel": "outlet__channel__slug",
    "form": "outlet__channel__spec__form",
    "language": "language",
    "state": "state",
    "due_at": "due_at",
    "candidates": "candidates",
    "accepted": "accepted",
    "refused": "refused",
    "excluded": "excluded",
    "uncertain": "uncertain",
    "url": "url",
    "problem": "problem",
}


@dataclass(frozen=True, kw_only=True)
class PlacementRow:
    """One placement with its figures: candidates = the four outcomes and what is open."""

    key: str
    entry: str
    occurrence: str
    audience: str
    organisation: str
    outlet: str
    channel: str
    form: str
    language: str
    state: str
    due_at: datetime | None  #: aware, UTC; None until the plan is launched
    candidates: int
    accepted: int
    refused: int
    excluded: int
    uncertain: int
    url: str
    problem: str

    @property
    def open(self) -> int:
        """How many candidates have no outcome yet."""
        return self.candidates - self.accepted - self.refused - self.excluded - self.uncertain


def due_rows(*, now: datetime) -> list[PlacementRow]:
    """Give the placements whose moment has come, in the order they were due."""
    coming = Q(due_at=None) | Q(due_at__gt=now)
    return _rows(Placement.objects.exclude(_COMING & coming))


def all_rows() -> list[PlacementRow]:
    """Give every placement there is, in the order they are due."""
    return _rows(Placement.objects.all())


def rows_of(placements: Iterable[Placement]) -> list[PlacementRow]:
    """Give some placements as they stand now, in the order they were planned."""
    found = Placement.objects.filter(pk__in=[row.pk for row in placements]).order_by("id")
    return _told(found)


def page_of(
    placements: QuerySet[Placement], *, after: str = "", limit: int
) -> tuple[list[PlacementRow], str]:
    """Give some placements in the order they were planned, and the key to go on after, or none."""
    last = Placement.objects.filter(key=after).values_list("id", flat=True).first()
    rows = _told(placements.filter(id__gt=last or 0).order_by("id")[: limit + 1])
    return rows[:limit], rows[limit - 1].key if len(rows) > limit else ""


def _rows(placements: QuerySet[Placement]) -> list[PlacementRow]:
    slugs = (path for path in FIELDS.values() if "slug" in path)
    return _told(placements.order_by("due_at", *slugs))


def _told(placements: QuerySet[Placement]) -> list[PlacementRow]:
    rows = placements.values_list(*FIELDS.values())
    return [PlacementRow(**dict(zip(FIELDS, row, strict=True))) for row in rows]
