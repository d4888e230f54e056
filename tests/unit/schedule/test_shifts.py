"""Moving an entry: which ways there are, and what it then says."""

from datetime import datetime

import pytest

from publisher.schedule.shifts import Anchor, CannotMove, clocks, shifted, ways
from tests.unit.schedule.specs import entry


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


PLENARY = Anchor(start=at("2027-04-15T09:00"), end=at("2027-04-16T17:00"))


@pytest.mark.parametrize(
    ("said", "launched", "found"),
    [
        ({}, False, ("entry",)),
        ({"repeat": "FREQ=WEEKLY"}, False, ("once", "series")),
        ({"when": "launch + 2 days"}, False, ("detach",)),
        ({"when": "launch + 2 days"}, True, ("offset", "detach")),
        ({"when": "launch", "repeat": "FREQ=WEEKLY"}, False, ()),
        ({"when": {"event": "plenary"}}, False, ("offset", "detach")),
    ],
)
def test_what_an_entry_hangs_on_says_how_it_can_be_moved(said, launched, found):
    """The gentlest way first."""
    assert ways(entry(**said), launched=launched) == found


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("2027-04-10T11:00", "5 days before plenary"),
        ("2027-04-15T08:00", "0 days before plenary"),
        ("2027-04-16T18:00", "0 days after plenary"),
        ("2027-04-18T10:00", "2 days after plenary"),
    ],
)
def test_what_hangs_on_an_event_gets_another_distance(to, says):
    """In days, at the time of day that was asked for."""
    hung = entry(when={"event": "plenary", "before": "2 hours"})

    when = shifted(hung, "offset", at=None, to=at(to), anchor=PLENARY).entry.when

    assert str(when) == says
    assert when.at == at(to).time()


@pytest.mark.parametrize(
    ("said", "way", "to", "reason"),
    [
        ({}, "entry", "2027-03-12T09:00", "same"),
        ({"repeat": "FREQ=WEEKLY;BYDAY=FR"}, "series", "2027-03-13T09:00", "rule"),
        ({"when": {"event": "plenary"}}, "offset", "2027-04-16T00:00", "during_event"),
        ({"when": "launch"}, "offset", "2027-04-10T08:00", "before_launch"),
        ({"when": "launch"}, "series", "2027-04-10T08:00", "no_way"),
    ],
)
def test_what_cannot_be_moved_so_says_why(said, way, to, reason):
    """A time of the day may change whatever days a rule names."""
    three_days = Anchor(start=PLENARY.start, end=at("2027-04-17T17:00"))
    with pytest.raises(CannotMove) as refused:
        shifted(entry(**said), way, at=at("2027-03-12T09:00"), to=at(to), anchor=three_days)
    assert refused.value.reason == reason

    later = entry(repeat="FREQ=WEEKLY;BYDAY=FR")
    moved = shifted(later, "series", at=at("2027-03-19T09:00"), to=at("2027-03-19T11:00"))
    assert str(moved.entry.when) == "2027-03-12 11:00"


@pytest.mark.parametrize(
    ("to", "found"),
    [
        ("2027-03-28T02:30", "gap"),
        ("2027-10-31T02:30", "twice"),
        ("2027-03-29T09:00", "shifted"),
        ("2027-03-15T09:00", ""),
    ],
)
def test_what_clocks_do_is_said(to, found):
    """In Zurich, where summer time begins on 28 March 2027 and ends on 31 October."""
    assert clocks(at("2027-03-12T09:00"), at(to), "Europe/Zurich") == found


def test_one_time_apart_keeps_the_words_and_the_series_skips_it():
    """Without repeating itself."""
    series = entry(repeat="FREQ=WEEKLY", skip=["2027-03-26"])

    said = shifted(
        series, "once", at=at("2027-03-19T09:00"), to=at("2027-03-20T09:00"), apart="apart"
    )

    assert [f"{day:%d}" for day in said.entry.skip] == ["19", "26"]
    assert (said.apart.slug, said.apart.repeat, said.apart.skip) == ("apart", None, [])
    assert said.apart.words == series.words
