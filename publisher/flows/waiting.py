"""Find what a person means: the placements of an entry, or the one with a key."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from publisher.models import Entry, Placement, PlacementState
from publisher.models.errors import Refused

#: what is still to be approved and sent
UNDECIDED = (PlacementState.PLANNED, PlacementState.MISSED)
#: what names a placement, to be read with it
NAMES = ("occurrence__entry", "outlet__organisation", "outlet__channel", "audience")

#: what is long and read by who renders only
_LONG = ("material",)


def placements(what: str, states: Sequence[PlacementState]) -> QuerySet[Placement]:
    """Give an entry's placements, or the one with a key, that are in some states.

    Args:
        what: an entry's slug or a placement's key.
        states: those that count.

    Raises:
        Refused: there is no such entry or placement.
    """
    named = Q(key=what) | Q(occurrence__entry__slug=what)
    rows = Placement.objects.filter(named).select_related(*NAMES).defer(*_LONG)
    if not rows.exists() and not Entry.objects.filter(slug=what).exists():
        raise Refused(f"There is no entry or placement “{what}”; see `publisher agenda`.")
    return rows.filter(state__in=states).order_by("id")


def at_hand(what: str, states: Sequence[PlacementState] = UNDECIDED) -> list[Placement]:
    """Give what a person who names an entry means now: one occurrence of it.

    It is the latest one with something missed; else the next.

    Raises:
        Refused: there is nothing of it.
    """
    rows = placements(what, states)
    missed = rows.filter(state=PlacementState.MISSED).order_by("-occurrence__due_at")
    first = missed.first() or rows.order_by("occurrence__due_at").first()
    if first is None:
        raise Refused(f"Nothing of “{what}” waits; see `publisher status`.")
    return list(rows.filter(occurrence=first.occurrence_id))


def undecided() -> QuerySet[Placement]:
    """Give every placement that is still to be approved and sent."""
    rows = Placement.objects.filter(state__in=UNDECIDED).select_related(*NAMES).defer(*_LONG)
    return rows.order_by("occurrence__entry_id", "id")
