"""Events of `.ics` files: what entries can hang on."""

import os
import tarfile
from datetime import date

import pytest

from publisher.plan.event_exceptions import unused
from publisher.plan.event_file import events
from tests.plans import ROOT

SAMPLES = ROOT.parent / "shared" / "data" / "calendars"


def calendar(*bodies: str) -> str:
    parts = "".join(f"BEGIN:VEVENT\r\n{body}END:VEVENT\r\n" for body in bodies)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n{parts}END:VCALENDAR\r\n"


def event(uid: str = "1@example.org", summary: str = "Plenary", **more: str) -> str:
    said = {"UID": uid, "SUMMARY": summary, "DTSTART": "20270504T090000Z", **more}
    return "".join(f"{name}:{value}\r\n" for name, value in said.items())


def test_one_event_has_the_slug_of_its_file():
    """A file of one event is called by its own name, whatever the event is called."""
    [found] = events(calendar(event()), "calendar/plenary-2027.ics", "plenary-2027", [])

    assert (found.slug, found.uid, found.summary) == ("plenary-2027", "1@example.org", "Plenary")


def test_several_events_are_told_apart_by_their_summaries():
    """A file of several events gives each the file's name and its own summary's."""
    text = calendar(event(), event("2@example.org", "Workshop: day 2"))

    found = events(text, "calendar/may.ics", "may", [])

    assert [one.slug for one in found] == ["may-plenary", "may-workshop-day-2"]
    assert "Workshop" not in found[0].ics


def test_an_exception_to_a_recurrence_stays_with_its_event():
    """A moved session of a series is part of the series."""
    moved = event(**{"RECURRENCE-ID": "20270511T090000Z", "DTSTART": "20270512T090000Z"})
    series = event(RRULE="FREQ=WEEKLY;COUNT=3")

    [found] = events(calendar(moved, series), "calendar/x.ics", "x", [])

    assert found.ics.count("BEGIN:VEVENT") == 2


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (event(DTEND="20270503T090000Z"), "ends before it begins"),
        (event(RRULE="FREQ=SECONDLY"), "a repetition says FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"),
        (event(RRULE="FREQ=DAILY;INTERVAL=0"), "INTERVAL is a number from 1 to 1000, not “0”"),
        (event(RDATE="soon"), "says RDATE in a way that cannot be read"),
        (
            event(EXDATE="soon"),
            "says EXDATE in a way that cannot be read",
        ),
        (event(**{"RECURRENCE-ID": "soon"}), "says RECURRENCE-ID in a way that cannot be read"),
        (event(DTSTART="soon"), "has no beginning (DTSTART) that can be read"),
        ("SUMMARY:x\r\nDTSTART:20270504T090000Z\r\n", "has an event without a UID"),
    ],
)
def test_an_event_that_cannot_be_is_a_sentence(body, sentence):
    """An event nobody could hang an entry on is refused when it is read, not when it is due."""
    problems = []

    events(calendar(body), "calendar/x.ics", "x", problems)

    assert [problem.sentence for problem in problems] == [sentence]


WEEKLY = {"DTSTART;TZID=Europe/Zurich": "20270504T100000", "RRULE": "FREQ=WEEKLY;COUNT=5"}


def series(**more: str) -> str:
    """Give five Tuesdays at ten from 4 May 2027 on; `__` stands for the parameters of a zone."""
    said = {"UID": "1@example.org", "SUMMARY": "Plenary", **WEEKLY, **more}
    return "".join(f"{_in_zone(name)}:{value}\r\n" for name, value in said.items())


def moved(session: str = "20270511T100000", **more: str) -> str:
    """Give a change of one session to the day after, at ten."""
    said = {"RECURRENCE_ID__": session, "DTSTART__": "20270512T100000", **more}
    lines = (f"{_in_zone(name)}:{value}\r\n" for name, value in said.items() if value)
    return f"UID:1@example.org\r\nSUMMARY:Moved\r\n{''.join(lines)}"


def _in_zone(name: str) -> str:
    return name.replace("__", ";TZID=Europe/Zurich").replace("_", "-")


@pytest.mark.parametrize(
    "bodies",
    [
        [series(EXDATE__="20270511T100000", RDATE__="20270512T100000")],
        [series(EXDATE="20270511T080000Z")],
        [series(**{"EXDATE;VALUE=DATE": "20270511"})],
        [series(**{"RDATE;VALUE=PERIOD;TZID=Europe/Zurich": "20270512T100000/PT2H"})],
        [series(), moved()],
        [
            moved("20270511T080000Z", RECURRENCE_ID__="", **{"RECURRENCE-ID": "20270511T080000Z"}),
            series(),
        ],
        [series(RDATE__="20270513T100000"), moved("20270513T100000")],
        [series(), moved(SEQUENCE="1"), moved(SEQUENCE="2", DTSTART__="20270513T100000")],
        [series(), series(SEQUENCE="1")],
    ],
)
def test_exceptions_that_fit_their_series_are_read(bodies):
    """In the series' zone, in UTC, or as whole days; the newest of several versions counts."""
    problems = []

    [found] = events(calendar(*bodies), "calendar/x.ics", "x", problems)

    assert problems == []
    assert unused(found) == []


@pytest.mark.parametrize(
    ("bodies", "sentence"),
    [
        (
            [moved()],
            "changes a session of a series (RECURRENCE-ID) that is not in the file",
        ),
        ([series(), series()], "is in the file twice, under one UID; keep one of them"),
        ([series(), moved(), moved()], "changes its session of 2027-05-11 10:00 twice"),
        ([series(), moved("20270511T110000")], "changes a session of 2027-05-11 11:00 (RECURRENCE"),
        (
            [series(), moved(RECURRENCE_ID__="", **{"RECURRENCE-ID;VALUE=DATE": "20270511"})],
            "changes a session of 2027-05-11 (RECURRENCE-ID), and it has none then",
        ),
        (
            [series(), moved(RRULE="FREQ=DAILY")],
            "makes a series of its session of 2027-05-11 10:00",
        ),
        ([event(), moved()], "changes a session (RECURRENCE-ID) of an event that does not repeat"),
        (
            [series(EXDATE__="20270511T110000")],
            "leaves out 2027-05-11 11:00 (EXDATE), and its session of that day is at 10:00",
        ),
        (
            [series(**{"RDATE;VALUE=DATE": "20270512"})],
            "adds 2027-05-12 (RDATE), a whole day to a series that has an hour; write both alike",
        ),
        ([series(EXRULE="FREQ=WEEKLY;INTERVAL=2")], "has an EXRULE, which calendars dropped"),
        (
            [series(RRULE="FREQ=WEEKLY;BYDAY=MO")],
            "begins on 2027-05-04, on which its repetition has no session; begin it on one",
        ),
    ],
)
def test_exceptions_that_contradict_their_series_are_named(bodies, sentence):
    """Programs differ in what they show of such a file: nobody's guess is taken."""
    problems = []

    found = events(calendar(*bodies), "calendar/x.ics", "x", problems)

    assert found == []
    assert [problem.sentence[: len(sentence)] for problem in problems] == [sentence]


def test_a_day_left_out_that_was_none_is_told():
    """It changes nothing, and may be a slip: a series that was moved keeps its old exceptions."""
    text = calendar(series(EXDATE__="20270512T100000,20270518T100000"))

    [found] = events(text, "calendar/x.ics", "x", [])

    assert unused(found) == [date(2027, 5, 12)]


@pytest.mark.slow
@pytest.mark.skipif(not SAMPLES.exists() and not os.environ.get("CI"), reason=f"{SAMPLES} not here")
def test_real_calendars_are_read_or_refused_with_a_sentence():
    """Hundreds of recorded calendars, some of them broken on purpose: none of them is an error."""
    read = 0
    for archive in sorted(SAMPLES.glob("*.tar.xz")):
        with tarfile.open(archive) as files:
            for member in files:
                if member.isfile() and member.name.endswith(".ics"):
                    text = files.extractfile(member).read().decode("utf-8", "replace")
                    problems = []
                    found = events(text, member.name, "x", problems)
                    assert found or problems, member.name
                    read += 1
    assert read > 190
