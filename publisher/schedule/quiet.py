"""Quiet hours and quiet days: when an outlet keeps silent, and when it speaks again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from publisher.kit.zones import instant, wall
from publisher.models.specs import QuietSpec

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def after_quiet(due_at: datetime, quiet: QuietSpec, zone: str) -> datetime:
    """Give the first moment from `due_at` on at which the outlet is not silent.

    Args:
        due_at: aware.
        quiet: the outlet's.
        zone: the organisation's; quiet hours are what its clocks show.
    """
    moment = due_at
    # Each step leaves a quiet day or window; silence has no more of them than this.
    for _ in range(3 * (len(quiet.dates) + 8)):
        end = _end_of_silence(moment, quiet, zone)
        if end is None:
            return moment
        moment = end
    return moment


def _end_of_silence(moment: datetime, quiet: QuietSpec, zone: str) -> datetime | None:
    at = wall(moment, zone)
    if _DAYS[at.weekday()] in quiet.days or at.date().isoformat() in quiet.dates:
        return instant(datetime.combine(at.date() + timedelta(days=1), time()), zone)
    if quiet.start is None or quiet.end is None or not _within(at.time(), quiet.start, quiet.end):
        return None
    tomorrow = at.time() >= quiet.end
    end = datetime.combine(at.date() + timedelta(days=tomorrow), quiet.end)
    return _next_showing(end, zone, after=moment)


def _within(at: time, start: time, end: time) -> bool:
    """Whether a wall time lies in a window that may go over midnight."""
    return start <= at < end if start < end else at >= start or at < end


def _next_showing(at_local: datetime, zone: str, *, after: datetime) -> datetime:
    """Give the next moment at which clocks show a time: where it comes twice, maybe the second."""
    first = instant(at_local, zone)
    if first > after:
        return first
    return at_local.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
