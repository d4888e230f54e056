"""A wall time becomes one moment, whatever the clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as some

from publisher.kit.zones import instant, wall

#: `localtime` is the machine's own; `Factory` and the like are names for "not set"
ZONES = sorted(available_timezones() - {"localtime", "Factory"})

EARLIEST, LATEST = datetime.fromisoformat("1971-01-01"), datetime.fromisoformat("2037-12-31")


@pytest.mark.parametrize(
    ("zone", "at", "moment"),
    [
        ("Europe/Zurich", "2026-07-01T09:00", "2026-07-01T07:00"),
        # in a gap: the first moment after it
        ("Europe/Zurich", "2026-03-29T02:30", "2026-03-29T01:00"),
        ("Europe/Zurich", "2026-03-29T03:00", "2026-03-29T01:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30"),
        # Samoa left this day out
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00"),
        # in a fold: the first of the two
        ("Europe/Zurich", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30"),
    ],
)
def test_gaps_and_folds_are_decided(zone, at, moment):
    """A time that never comes is the first after the gap; one that comes twice is the first."""
    expected = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    assert instant(datetime.fromisoformat(at), zone) == expected


@given(
    some.sampled_from(ZONES),
    some.datetimes(EARLIEST, LATEST).map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_no_clock_shows_the_time_earlier(zone, at):
    """In every zone, the moment is the first at which clocks show the time or more."""
    moment = instant(at, zone)

    assert wall(moment, zone) >= at
    assert wall(moment - timedelta(seconds=1), zone) < at or _comes_back(at, zone)


def _comes_back(at, zone):
    """Whether clocks went back from later than `at` to just it: then it was shown before, too."""
    early = at.replace(tzinfo=ZoneInfo(zone))
    return (
        early.utcoffset() != early.replace(fold=1).utcoffset()
        or (early - timedelta(days=1)).utcoffset() != early.utcoffset()
    )


@given(
    some.sampled_from(ZONES),
    some.datetimes(EARLIEST, LATEST),
    some.integers(0, 2880),
)
def test_later_times_are_not_earlier_moments(zone, at, minutes):
    """The order of wall times is the order of their moments."""
    assert instant(at, zone) <= instant(at + timedelta(minutes=minutes), zone)
