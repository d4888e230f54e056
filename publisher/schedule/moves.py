"""What becomes of a placement whose moment has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from publisher.models.placement import PlacementState

#: why a placement with approvals was dropped; it is taken up again when the plan asks for it
NO_LONGER_ASKED = "The plan no longer asks for it."


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
    state: PlacementState,
    problem: str,
    *,
    form: str,
    form_is_there: bool,
    due_at: datetime | None,
    now: datetime,
) -> tuple[PlacementState, str]:
    """Give the state and problem of what has not started, after the plan or the product changed.

    Args:
        state: as it is.
        problem: as it is.
        form: its name.
        form_is_there: whether the product has it.
        due_at: as the plan says now; None until the launch.
        now: aware.
    """
    given_up = state is PlacementState.DROPPED and problem != NO_LONGER_ASKED
    ahead = due_at is None or due_at > now
    if given_up or (state is PlacementState.MISSED and not ahead):
        return state, problem
    if form_is_there:
        return PlacementState.PLANNED, "" if state is not PlacementState.PLANNED else problem
    if state in {PlacementState.PLANNED, PlacementState.UNAVAILABLE}:
        return PlacementState.UNAVAILABLE, f"Its form “{form}” is not there yet."
    return state, problem


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
