"""An outlet keeps silent when it said so."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some
from pydantic import ValidationError

from publisher.kit.zones import wall
from publisher.models.specs import QuietSpec
from publisher.schedule.quiet import after_quiet
from tests.unit.schedule.test_zones import EARLIEST, LATEST, ZONES

NIGHT = {"start": "21:00", "end": "07:00"}
WEEKEND = {"days": ["sat", "sun"]}


@pytest.mark.parametrize(
    ("due", "quiet", "speaks"),
    [
        ("2027-03-10T12:00", {}, "2027-03-10T12:00"),
        ("2027-03-10T12:00", NIGHT, "2027-03-10T12:00"),
        ("2027-03-10T20:00", NIGHT, "2027-03-11T06:00"),  # 21:00 in Zurich is in it
        ("2027-03-11T05:59", NIGHT, "2027-03-11T06:00"),
        ("2027-03-11T06:00", NIGHT, "2027-03-11T06:00"),  # 07:00 is not
        ("2027-03-10T12:00", {"start": "12:00", "end": "14:00"}, "2027-03-10T13:00"),
        ("2027-03-13T12:00", WEEKEND, "2027-03-14T23:00"),  # to Monday's midnight
        ("2027-03-13T12:00", WEEKEND | NIGHT, "2027-03-15T06:00"),
        ("2027-03-12T22:00", WEEKEND | NIGHT, "2027-03-15T06:00"),  # Friday night
        ("2027-03-12T12:00", WEEKEND | {"dates": ["2027-03-12", "2027-03-15"]}, "2027-03-15T23:00"),
        # The night in which clocks go forward, and the one in which they go back.
        ("2027-03-28T00:30", NIGHT, "2027-03-28T05:00"),
        ("2027-10-31T00:30", NIGHT, "2027-10-31T06:00"),
        # An end that clocks leave out is the first moment after the gap.
        ("2027-03-28T00:30", {"start": "21:00", "end": "02:30"}, "2027-03-28T01:00"),
        # Where 02:00 to 02:30 comes twice, each of the two is quiet.
        ("2027-10-31T00:10", {"start": "02:00", "end": "02:30"}, "2027-10-31T00:30"),
        ("2027-10-31T01:10", {"start": "02:00", "end": "02:30"}, "2027-10-31T01:30"),
    ],
)
def test_what_falls_due_in_silence_waits_for_its_end(due, quiet, speaks):
    """Hours and days are those of the organisation's clocks."""
    due_at, expected = (datetime.fromisoformat(at).replace(tzinfo=UTC) for at in (due, speaks))

    assert after_quiet(due_at, QuietSpec.model_validate(quiet), "Europe/Zurich") == expected


@pytest.mark.parametrize(
    "quiet",
    [
        {"start": "21:00"},
        {"start": "21:00", "end": "21:00"},
        {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]},
    ],
)
def test_silence_has_an_end(quiet):
    """An outlet that is never heard is refused where it is written."""
    with pytest.raises(ValidationError):
        QuietSpec.model_validate(quiet)


@given(
    zone=some.sampled_from(ZONES),
    due=some.datetimes(EARLIEST, LATEST, timezones=some.just(UTC)),
    start=some.times(),
    end=some.times(),
    days=some.sets(
        some.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), max_size=6
    ),
)
def test_it_speaks_as_soon_as_it_may(zone, due, start, end, days):
    """Never before its moment, never in silence, and never later than at the end of it."""
    assume(start != end)
    quiet = QuietSpec(start=start, end=end, days=sorted(days))

    speaks = after_quiet(due, quiet, zone)

    assert speaks >= due
    assert after_quiet(speaks, quiet, zone) == speaks
    for part in range(1, 20):
        between = due + (speaks - due) * part / 20
        assert between >= speaks or _silent(wall(between, zone), start, end, days)


def _silent(at, start, end, days):
    inside = start <= at.time() < end if start < end else not end <= at.time() < start
    return inside or f"{at:%a}".lower() in days


def test_a_day_between_two_quiet_ones_is_used():
    """Silence is left as soon as it ends, even for a day."""
    quiet = QuietSpec(days=["mon", "wed"])
    monday = datetime(2027, 3, 8, 12, tzinfo=UTC)

    assert after_quiet(monday, quiet, "UTC") == monday + timedelta(hours=12)
