"""The one way a placement changes its state by hand or by the clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from publisher.models import LEGAL_MOVES, Placement, PlacementState
from publisher.models.errors import Refused


def move(placement: Placement, to: PlacementState, *, now: datetime, problem: str = "") -> None:
    """Move a placement on, in the database and in hand.

    Raises:
        Refused: the move is not legal, or somebody else moved it meanwhile.
    """
    was = _checked(placement, to)
    changes = _changes(placement, to, now=now, problem=problem)
    if not Placement.objects.filter(pk=placement.pk, state=was).update(**changes):
        raise Refused(f"{describe(placement)} changed in this very moment; look again.")
    for name, value in changes.items():
        setattr(placement, name, value)


def move_locked(
    placements: Sequence[Placement], to: PlacementState, *, now: datetime, problem: str = ""
) -> None:
    """Move on many placements whose rows this transaction has locked, in a statement or two.

    Raises:
        Refused: the move is not legal for one of them; none was moved.
    """
    alike: dict[tuple[tuple[str, object], ...], list[Placement]] = defaultdict(list)
    for placement in placements:
        _checked(placement, to)
        changes = _changes(placement, to, now=now, problem=problem)
        alike[tuple(changes.items())].append(placement)
    for same, rows in alike.items():
        Placement.objects.filter(pk__in=[row.pk for row in rows]).update(**dict(same))
        for row in rows:
            for name, value in same:
                setattr(row, name, value)


def _checked(placement: Placement, to: PlacementState) -> PlacementState:
    """Give the state it is in, if it may leave that for the other."""
    was = PlacementState(placement.state)
    if to not in LEGAL_MOVES[was]:
        raise Refused(
            f"{describe(placement)} is {was.label.lower()}: it cannot become {to.label.lower()}."
        )
    return was


def _changes(
    placement: Placement, to: PlacementState, *, now: datetime, problem: str
) -> dict[str, object]:
    changes: dict[str, object] = {"state": to, "problem": problem}
    if to is PlacementState.SENDING and placement.started_at is None:
        changes["started_at"] = now
    if to in {PlacementState.CANCELLED, PlacementState.FINISHED}:
        changes["finished_at"] = now
    return changes


def describe(placement: Placement) -> str:
    """Name a placement for a person."""
    return (
        f"“{placement.occurrence.entry.slug}” to {placement.audience.slug} through "
        f"{placement.outlet.slug} in {placement.language}"
    )
