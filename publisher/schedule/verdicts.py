"""What becomes of a placement whose moment has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from publisher.models.placement import PlacementState


def at_its_moment(
    *, due_at: datetime, late_after: timedelta, owed: Sequence[str], now: datetime
) -> tuple[PlacementState, str]:
    """Say whether a due placement starts or is missed, and why, as a sentence.

    Args:
        due_at: out of quiet hours already.
        late_after: how long after that it may still start.
        now: not before `due_at`.
        owed: the names of the organisations that have not said yes to its words.
    """
    if owed:
        return (
            PlacementState.MISSED,
            f"It was not approved when due: {_and(owed)} had not said yes.",
        )
    if now - due_at > late_after:
        return PlacementState.MISSED, "No clock ran when it was due, and it is too late now."
    return PlacementState.SENDING, ""


def after_a_change(
    state: PlacementState, *, form_is_there: bool, due_at: datetime | None, now: datetime
) -> PlacementState:
    """Give the state of a placement that has not started, after the plan or the product changed."""
    if not form_is_there:
        return state if state is PlacementState.MISSED else PlacementState.UNAVAILABLE
    if state is PlacementState.UNAVAILABLE:
        return PlacementState.PLANNED
    if state is PlacementState.MISSED and (due_at is None or due_at > now):
        return PlacementState.PLANNED
    return state


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
