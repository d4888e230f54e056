"""The one way a placement changes its state by hand or by the clock."""

from __future__ import annotations

from datetime import datetime

from publisher.models import LEGAL_MOVES, Placement, PlacementState
from publisher.models.errors import Refused


def move(placement: Placement, to: PlacementState, *, now: datetime, problem: str = "") -> None:
    """Move a placement on, in the database and in hand.

    Raises:
        Refused: the move is not legal, or somebody else moved it meanwhile.
    """
    was = PlacementState(placement.state)
    if to not in LEGAL_MOVES[was]:
        raise Refused(
            f"{describe(placement)} is {was.label.lower()}: it cannot become {to.label.lower()}."
        )
    changes: dict[str, object] = {"state": to, "problem": problem}
    if to is PlacementState.SENDING and placement.started_at is None:
        changes["started_at"] = now
    if to in {PlacementState.CANCELLED, PlacementState.FINISHED}:
        changes["finished_at"] = now
    if not Placement.objects.filter(pk=placement.pk, state=was).update(**changes):
        raise Refused(f"{describe(placement)} changed in this very moment; look again.")
    for name, value in changes.items():
        setattr(placement, name, value)


def describe(placement: Placement) -> str:
    """Name a placement for a person."""
    return (
        f"“{placement.occurrence.entry.slug}” to {placement.audience.slug} through "
        f"{placement.outlet.slug} in {placement.language}"
    )
