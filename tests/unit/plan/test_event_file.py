"""Events of `.ics` files: what entries can hang on."""

import os
import tarfile

import pytest

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
