"""Promises: the key messages owed to audiences, and what became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from publisher.models.placement import PlacementState


class PromiseState(Enum):
    """Kept, due, late or broken; or not a promise, because no words of it were approved."""

    BROKEN = "broken"  #: approved, not published, and it is too late or nothing is left to do it
    LATE = "late"  #: approved, not published in time, and still to come or to be decided
    DUE = "due"  #: approved, still to come, and in time
    NO_FORM = "no form"  #: its form is not there yet
    UNAPPROVED = "unapproved"  #: the calendar has it, and not every yes was said
    UNSAID = "unsaid"  #: nothing in the calendar says it
    KEPT = "kept"


@dataclass(frozen=True, kw_only=True)
class Owed:
    """What the matrix owes: a key message to an audience, through a channel somebody chose."""

    audience: str
    message: str
    channel: str
    form: str
    form_is_there: bool
    outlets: tuple[str, ...]
    within: timedelta  #: of its approval


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What is known of a placement that serves it."""

    audience: str
    message: str
    channel: str
    entry: str
    state: PlacementState
    approved_at: datetime | None  #: when the last yes was said; None: not every one is
    published_at: datetime | None  #: when it was finished, having reached somebody
    captured: bool = False  #: whether it only went into the capture mailbox or timeline


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What is owed, how it stands, and why."""

    owed: Owed
    state: PromiseState
    approved_at: datetime | None = None  #: the earliest approval of words that count
    published_at: datetime | None = None  #: the latest time
    entries: tuple[str, ...] = ()  #: that serve it
    sentence: str


def promises(owed: Iterable[Owed], facts: Iterable[Fact], *, now: datetime) -> list[Promise]:
    """Say how each promise stands: what was approved and never published first, the oldest on top.

    Args:
        owed: the rows of the matrix.
        facts: of all placements, however many.
        now: aware.
    """
    by_cell: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        by_cell[fact.audience, fact.message, fact.channel].append(fact)
    found = [_promise(one, by_cell[one.audience, one.message, one.channel], now) for one in owed]
    order = list(PromiseState)
    return sorted(
        found,
        key=lambda one: (
            order.index(one.state),
            (one.approved_at or now).timestamp(),
            (one.sentence, one.owed.audience, one.owed.message, one.owed.channel),
        ),
    )


def _promise(owed: Owed, facts: Sequence[Fact], now: datetime) -> Promise:
    state, sentence = _standing(owed, facts, now)
    return Promise(
        owed=owed,
        state=state,
        approved_at=_earliest(facts),
        published_at=max((one.published_at for one in facts if one.published_at), default=None),
        entries=tuple(dict.fromkeys(one.entry for one in facts)),
        sentence=sentence,
    )


def _standing(owed: Owed, facts: Sequence[Fact], now: datetime) -> tuple[PromiseState, str]:
    if not owed.form_is_there:
        return PromiseState.NO_FORM, f"its form “{owed.form}” is not there yet"
    published = [one for one in facts if one.published_at]
    if published:
        return PromiseState.KEPT, _published(published)
    approved_at = _earliest(facts)
    if approved_at is None:
        if facts:
            return PromiseState.UNAPPROVED, "in the calendar, not yet approved"
        return PromiseState.UNSAID, "nothing in the calendar says it"
    in_time = now <= approved_at + owed.within
    states = {one.state for one in facts if one.approved_at}
    state, why = _unpublished(states, in_time=in_time)
    return state, f"approved {_ago(now - approved_at)}, {why}"


def _unpublished(states: set[PlacementState], *, in_time: bool) -> tuple[PromiseState, str]:
    if states & {PlacementState.PLANNED, PlacementState.SENDING, PlacementState.PAUSED}:
        late = (PromiseState.LATE, "never published: to come")
        return (PromiseState.DUE, "to come") if in_time else late
    if PlacementState.MISSED in states:
        state = PromiseState.LATE if in_time else PromiseState.BROKEN
        return state, "never published: missed"
    if PlacementState.FINISHED in states:
        return PromiseState.BROKEN, "never published: it went out and reached nobody"
    return PromiseState.BROKEN, "never published: given up"


def _ago(since: timedelta) -> str:
    if not since.days:
        return "today"
    return f"{since.days} day{'' if since.days == 1 else 's'} ago"


def _published(facts: Sequence[Fact]) -> str:
    latest = max(one.published_at for one in facts if one.published_at)
    only = " (captured, not sent to the world)" if all(one.captured for one in facts) else ""
    return f"published on {latest:%Y-%m-%d}{only}"


def _earliest(facts: Sequence[Fact]) -> datetime | None:
    return min((one.approved_at for one in facts if one.approved_at), default=None)
