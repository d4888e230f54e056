"""When entries are due."""

from datetime import UTC, datetime, timedelta

import pytest

from publisher.models.specs import EventSpec
from publisher.schedule.events import fault
from publisher.schedule.occurrences import occurrences, zone_of
from tests.unit.schedule.specs import entry, organisation

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
PLENARY = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//
BEGIN:VEVENT
UID:plenary
SUMMARY:Plenary
DTSTART;TZID=Europe/Zurich:20270420T100000
RRULE:FREQ=MONTHLY;COUNT=3
END:VEVENT
{more}END:VCALENDAR
"""
MOVED = """BEGIN:VEVENT
UID:plenary
SUMMARY:Plenary, later
RECURRENCE-ID;TZID=Europe/Zurich:20270520T100000
DTSTART;TZID=Europe/Zurich:20270527T140000
END:VEVENT
"""
CANCELLED = """BEGIN:VEVENT
UID:plenary
SUMMARY:Plenary
STATUS:CANCELLED
RECURRENCE-ID;TZID=Europe/Zurich:20270620T100000
DTSTART;TZID=Europe/Zurich:20270620T100000
END:VEVENT
"""
ONE_DAY = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//
BEGIN:VEVENT
UID:day
SUMMARY:World Standards Day
DTSTART;VALUE=DATE:20271014
END:VEVENT
END:VCALENDAR
"""


def event(ics, uid="plenary"):
    return {"plenary": EventSpec(slug="plenary", uid=uid, summary="Plenary", ics=ics)}


def due(said, **given):
    found = occurrences(said, **{"zone": "Europe/Zurich", "now": NOW} | given)
    return {moment.key: f"{moment.due_at:%m-%dT%H:%M}" for moment in found if moment.due_at}


def test_an_entry_is_due_at_its_wall_time_in_its_zone():
    """09:00 in Zurich is 08:00 UTC in winter."""
    assert due(entry()) == {"2027-03-12T09:00": "03-12T08:00"}


def test_the_zone_is_the_entrys_or_its_first_speakers():
    """An entry that speaks for nobody in particular is in UTC."""
    there = {"iso": organisation(), "itu-t": organisation("itu-t", time_zone="Asia/Tokyo")}

    assert zone_of(entry(zone="Africa/Cairo"), there) == "Africa/Cairo"
    assert zone_of(entry(zone=None, speaks_for=["itu-t", "iso"]), there) == "Asia/Tokyo"
    assert zone_of(entry(zone=None), there) == "UTC"


def test_a_repetition_through_both_changes_of_clocks_comes_once_a_day():
    """02:30 is left out once a year and comes twice once a year; the entry comes every day."""
    daily = entry(when="2027-03-20 02:30", repeat="FREQ=DAILY", late_after="1 hour")

    spring = due(daily)
    autumn = due(daily, now=datetime(2027, 10, 29, tzinfo=UTC))

    assert spring["2027-03-28T02:30"] == "03-28T01:00"
    assert autumn["2027-10-31T02:30"] == "10-31T00:30"
    assert len(spring) == len(autumn) == 60


def test_before_the_launch_an_occurrence_has_no_moment():
    """It keeps its key, and with it its approvals, when the plan is launched."""
    said = entry(when="launch + 2 days at 09:00")
    launched = datetime(2027, 3, 1, 14, tzinfo=UTC)

    [before] = occurrences(said, zone="Europe/Zurich", now=NOW)

    assert (before.key, before.due_at) == ("launch+2 days", None)
    assert due(said, launched_at=launched) == {"launch+2 days": "03-03T08:00"}


def test_on_launch_is_the_very_moment():
    """Not the start of its minute, which would be past."""
    launched = NOW - timedelta(seconds=3)

    [moment] = occurrences(entry(when="launch"), zone="UTC", now=NOW, launched_at=launched)

    assert moment.due_at == launched


def test_an_entry_may_repeat_from_the_launch_on():
    """Only the first keeps the key of before the launch."""
    said = entry(when="launch + 1 day at 09:00", repeat="FREQ=WEEKLY;COUNT=2")

    assert due(said, launched_at=NOW) == {
        "launch+1 day": "03-02T08:00",
        "launch+1 day#1": "03-09T08:00",
    }


def test_an_entry_moves_with_its_event():
    """An override moves one occurrence under its key; a cancelled one is none."""
    said = entry(when={"event": "plenary", "before": "14 days"})

    as_planned = due(said, events=event(PLENARY.format(more="")))
    changed = due(said, events=event(PLENARY.format(more=MOVED + CANCELLED)))

    assert as_planned == {
        "plenary@2027-04-20T10:00": "04-06T08:00",
        "plenary@2027-05-20T10:00": "05-06T08:00",
        "plenary@2027-06-20T10:00": "06-06T08:00",
    }
    assert changed == {
        "plenary@2027-04-20T10:00": "04-06T08:00",
        "plenary@2027-05-20T10:00": "05-13T12:00",
    }


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"before": "14 days"}, "09-29T22:00"),
        ({"before": "2 weeks", "at": "09:00"}, "09-30T07:00"),
        ({"before": "36 hours"}, "10-12T10:00"),
    ],
)
def test_an_event_of_a_whole_day_starts_at_midnight(when, expected):
    """In the entry's zone; days are counted on the calendar, hours on the clock."""
    said = entry(when={"event": "plenary", **when})

    assert due(said, events=event(ONE_DAY, uid="day")) == {"day": expected}


def test_days_before_an_event_are_days_of_the_calendar():
    """Clocks change in between, and the wall time stays."""
    ics = ONE_DAY.replace(";VALUE=DATE:20271014", ";TZID=Europe/Zurich:20271105T100000")
    said = entry(when={"event": "plenary", "before": "7 days"})

    assert due(said, events=event(ics, uid="day")) == {"day": "10-29T08:00"}


def test_an_event_that_repeats_each_second_is_refused():
    """It would ask for times by the million."""
    ics = PLENARY.format(more="").replace("FREQ=MONTHLY;COUNT=3", "FREQ=SECONDLY")

    with pytest.raises(ValueError, match="repeats more than daily"):
        due(entry(when={"event": "plenary"}), events=event(ics))
    assert fault(event(ics)["plenary"]) == "the event “Plenary” repeats more than daily"
    assert not fault(event(PLENARY.format(more=""))["plenary"])


def test_what_is_long_past_never_existed():
    """A new entry makes only its latest past occurrence, while that is not late."""
    weekly = {"when": "2027-01-04 09:00", "repeat": "FREQ=WEEKLY;UNTIL=20270301"}

    assert due(entry(**weekly)) == {"2027-03-01T09:00": "03-01T08:00"}
    assert due(entry(**weekly, late_after="1 hour")) == {}


def test_what_existed_stays():
    """What was missed in the past waits for a person, however old."""
    weekly = entry(
        when="2027-01-04 09:00", repeat="FREQ=WEEKLY;UNTIL=20270301", late_after="1 hour"
    )

    assert due(weekly, known={"2027-02-01T09:00"}) == {"2027-02-01T09:00": "02-01T08:00"}
