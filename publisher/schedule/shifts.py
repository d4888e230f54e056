"""Moving an entry to another time: which ways there are, and what the entry then says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from publisher.kit.zones import instant, wall
from publisher.models.specs import AtWallTime, BeforeEvent, EntrySpec, OnLaunch, OutletSpec

#: `entry`: what comes once. `once`: this time of a repetition only, as an entry of its own.
#: `series`: all its times. `offset`: how long before or after its event or the launch.
#: `detach`: to a date of its own, so that it no longer follows.
Way = Literal["entry", "once", "series", "offset", "detach"]
Reason = Literal["same", "past", "started", "before_launch", "during_event", "rule", "no_way"]
Clocks = Literal["", "gap", "twice", "shifted"]
#: parts of a rule that say themselves on which days it comes
_NAMES_DAYS = ("BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYWEEKNO", "BYYEARDAY")


class CannotMove(ValueError):
    """It cannot be moved so; the reason says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """What an occurrence hangs on, as wall times in the entry's zone."""

    start: datetime  #: the launch, or the event's start
    end: datetime  #: the event's end; of the launch, the same


@dataclass(frozen=True, kw_only=True)
class Shifted:
    """What the plan says after a move."""

    entry: EntrySpec
    apart: EntrySpec | None = None  #: the new entry that one time of a repetition becomes


def ways(entry: EntrySpec, *, launched: bool) -> tuple[Way, ...]:
    """Give how an occurrence of an entry can be moved, the gentlest first."""
    match entry.when:
        case AtWallTime():
            return ("once", "series") if entry.repeat else ("entry",)
        case OnLaunch() if entry.repeat:
            return ("once",) if launched else ()
        case OnLaunch():
            return ("offset", "detach") if launched else ("detach",)
        case BeforeEvent():
            return ("offset", "detach")


def shifted(
    entry: EntrySpec,
    way: Way,
    *,
    at: datetime | None,
    to: datetime,
    anchor: Anchor | None = None,
    apart: str = "",
) -> Shifted:
    """Give the entry as it is after its occurrence was moved.

    Args:
        entry: as it is.
        way: one of `ways`.
        at: the occurrence's wall time; naive, in the entry's zone; None until the launch.
        to: the wall time it gets; naive, in the entry's zone.
        anchor: what it hangs on.
        apart: the slug that an entry of its own gets.

    Raises:
        CannotMove: not this way.
    """
    if at == to:
        raise CannotMove("same")
    match way:
        case "entry":
            return Shifted(entry=_with(entry, when=AtWallTime(at=to)))
        case "detach":
            return Shifted(entry=_with(entry, when=AtWallTime(at=to)))
        case "offset" if anchor:
            return Shifted(entry=_with(entry, when=_offset(entry, to, anchor)))
        case "once" if at and entry.repeat:
            return _once(entry, at, to, apart)
        case "series" if at and isinstance(entry.when, AtWallTime):
            return Shifted(entry=_series(entry, at, to))
    raise CannotMove("no_way")


def silent(outlet: OutletSpec, due_at: datetime, after: datetime) -> bool:
    """Whether a move to a moment falls into an outlet's silence, which then moves it on."""
    return after > due_at and bool(outlet.quiet.start or outlet.quiet.days or outlet.quiet.dates)


def clocks(at: datetime | None, to: datetime, zone: str) -> Clocks:
    """Say what clocks in the entry's zone do about a move.

    Returns:
        `gap`: the wall time never comes that day; `twice`: it comes twice, and the first counts;
        `shifted`: summer time begins or ends between the two, so the moment in UTC is another.
    """
    tz = ZoneInfo(zone)
    if wall(instant(to, zone), zone) != to:
        return "gap"
    first, second = (to.replace(tzinfo=tz, fold=fold).utcoffset() for fold in (0, 1))
    if first != second:
        return "twice"
    return "shifted" if at and at.replace(tzinfo=tz).utcoffset() != first else ""


def _with(entry: EntrySpec, **changes: object) -> EntrySpec:
    """Give the entry with changes, checked again."""
    said = {name: getattr(entry, name) for name in EntrySpec.model_fields}
    return EntrySpec.model_validate(said | changes)


def _once(entry: EntrySpec, at: datetime, to: datetime, apart: str) -> Shifted:
    skip = sorted({*entry.skip, at.date()})
    invites = entry.slug if entry.occasion else entry.invites_to
    one = _with(
        entry,
        slug=apart,
        when=AtWallTime(at=to),
        repeat=None,
        until=None,
        skip=[],
        occasion=None,
        invites_to=invites,
    )
    return Shifted(entry=_with(entry, skip=skip), apart=one)


def _series(entry: EntrySpec, at: datetime, to: datetime) -> EntrySpec:
    """Move all times by as many days, to the same time of the day."""
    assert isinstance(entry.when, AtWallTime)
    by = to.date() - at.date()
    if by and any(f"{name}=" in (entry.repeat or "").upper() for name in _NAMES_DAYS):
        raise CannotMove("rule")

    def later(day: date) -> date:
        return day + by

    first = datetime.combine(later(entry.when.at.date()), to.time())
    until = later(entry.until) if entry.until else None
    return _with(
        entry, when=AtWallTime(at=first), until=until, skip=[later(day) for day in entry.skip]
    )


def _offset(entry: EntrySpec, to: datetime, anchor: Anchor) -> OnLaunch | BeforeEvent:
    before = (anchor.start.date() - to.date()).days
    if isinstance(entry.when, OnLaunch):
        if before > 0:
            raise CannotMove("before_launch")
        return OnLaunch(after=_days(-before), at=to.time())
    assert isinstance(entry.when, BeforeEvent)
    if before > 0 or (before == 0 and to < anchor.end):
        return BeforeEvent(event=entry.when.event, before=_days(before), at=to.time())
    after = (to.date() - anchor.end.date()).days
    if after < 0:
        raise CannotMove("during_event")
    return BeforeEvent(event=entry.when.event, after=_days(after), at=to.time())


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
