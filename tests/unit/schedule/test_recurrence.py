"""Repetitions: which rules are taken, and when they come."""

from datetime import date, datetime

import pytest

from publisher.kit.recurrence import checked_rule, wall_times

YEAR = (datetime.fromisoformat("2027-01-01"), datetime.fromisoformat("2027-12-31T23:59"))


def times(start, rule, **said):
    found = wall_times(
        datetime.fromisoformat(start), rule, **{"zone": "Europe/Zurich", "between": YEAR} | said
    )
    return [f"{number}:{at:%m-%d %H:%M}" for number, at in found]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("", "cannot stand in a repetition"),
        ("monthly", "cannot stand in a repetition"),
        ("FREQ=HOURLY", "FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY, WEEKLY"),
        ("FREQ=DAILY;BYHOUR=9", "“BYHOUR=9” cannot stand"),
        ("FREQ=DAILY;FREQ=WEEKLY", "“FREQ=WEEKLY” cannot stand"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL is a number from 1"),
        ("FREQ=DAILY;COUNT=many", "COUNT is a number from 1"),
        ("FREQ=WEEKLY;BYDAY=XX", "is not an RRULE"),
        ("FREQ=DAILY;UNTIL=20271399", "UNTIL is a date"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never comes"),
        ("FREQ=MONTHLY;BYDAY=6MO", "never comes"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(rule, says):
    """A sentence says what is wrong, before anything repeats for ever."""
    with pytest.raises(ValueError, match=says):
        checked_rule(rule)


@pytest.mark.parametrize(
    ("start", "rule", "said", "expected"),
    [
        ("2027-03-12T09:00", None, {}, ["0:03-12 09:00"]),
        (
            "2027-10-04T09:00",
            "RRULE:FREQ=MONTHLY;BYDAY=1MO",
            {},
            ["0:10-04 09:00", "1:11-01 09:00", "2:12-06 09:00"],
        ),
        # A day that is skipped counts in COUNT, so the numbers of the others stay.
        (
            "2027-05-01T09:00",
            "FREQ=DAILY;COUNT=3",
            {"skip": (date(2027, 5, 2),)},
            ["0:05-01 09:00", "2:05-03 09:00"],
        ),
        ("2027-05-01T09:00", "FREQ=DAILY", {"until": date(2027, 5, 1)}, ["0:05-01 09:00"]),
        # UNTIL in UTC is 08:30 in Zurich in winter; a day alone lasts to its end.
        ("2026-12-31T09:00", "FREQ=DAILY;UNTIL=20270102T073000Z", {}, ["1:01-01 09:00"]),
        ("2027-01-01T09:00", "FREQ=DAILY;UNTIL=20270101", {}, ["0:01-01 09:00"]),
        # It began long before.
        (
            "2001-12-25T12:00",
            "FREQ=YEARLY",
            {},
            ["26:12-25 12:00"],
        ),
    ],
)
def test_a_repetition_comes_at_its_wall_time(start, rule, said, expected):
    """Only within the window, until its end, less the days it skips."""
    assert times(start, rule, **said) == expected
