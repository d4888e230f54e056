"""Wall times and instants: what a clock on a wall says, and when that is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def instant(at_local: datetime, zone: str) -> datetime:
    """Give the moment, in UTC, at which clocks in `zone` show the naive `at_local`.

    A wall time that comes twice, when clocks go back, is the first of the two. One that never
    comes, when they go forward, is the first moment after the gap: docs/decisions/0006.
    """
    tz = ZoneInfo(zone)
    early, late = sorted(at_local.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1))
    if wall(early, zone) == at_local:
        return early
    return _first_showing(at_local, zone, after=early, at_latest=late)


def wall(moment: datetime, zone: str) -> datetime:
    """Give what clocks in `zone` show at an aware moment, as a naive time."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def _first_showing(
    at_local: datetime, zone: str, *, after: datetime, at_latest: datetime
) -> datetime:
    """Find the first second at which clocks show `at_local` or more; it lies in a gap."""
    low, high = 0, round((at_latest - after).total_seconds())
    while low < high:
        middle = (low + high) // 2
        if wall(after + timedelta(seconds=middle), zone) < at_local:
            low = middle + 1
        else:
            high = middle
    return after + timedelta(seconds=low)
