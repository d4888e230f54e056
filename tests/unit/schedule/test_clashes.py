"""The calendar says where it addresses the same readers too often."""

from datetime import UTC, date, datetime

from publisher.schedule.clashes import Hearing, clashes
from tests.unit.schedule.specs import audience, plan

PLAN = plan(audience("members"), audience("boards", part_of="members"), audience("public"))


def address(entry, at, *, to="members", channel="newsletter"):
    return Hearing(
        audience=to,
        entry=entry,
        occurrence=ord(entry),
        channel=channel,
        at=datetime(2027, 3, 12, at, tzinfo=UTC),
        on=date(2027, 3, 12),
    )


def sentences(*addresses):
    return [clash.sentence for clash in clashes(addresses, PLAN)]


def test_three_in_a_day_are_too_many():
    """However far apart they are."""
    assert sentences(address("a", 6), address("b", 12), address("c", 18)) == [
        "members is addressed 3 times on 2027-03-12: a, b, c."
    ]


def test_two_within_hours_are_too_close():
    """Two on one day are well while there is time between them."""
    assert sentences(address("a", 8), address("b", 18)) == []
    assert sentences(address("a", 8), address("b", 10)) == [
        "members is addressed twice within 2 h 0 min on 2027-03-12: a, b."
    ]


def test_who_is_in_a_part_is_in_the_whole():
    """A board hears what all members hear, and its own; the members do not hear the board's."""
    assert sentences(address("a", 8), address("b", 8, to="boards")) == [
        "boards is addressed twice at the same time on 2027-03-12: a, b."
    ]
    assert sentences(address("a", 8), address("b", 8, to="public")) == []


def test_one_occurrence_comes_once():
    """Three organisations and two languages are one newsletter to a reader."""
    assert sentences(*[address("a", 8) for _ in range(6)]) == []
    assert sentences(address("a", 8), address("a", 8, channel="circular")) == []
