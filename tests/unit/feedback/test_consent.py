"""What a reader's yes and no mean."""

from datetime import UTC, datetime, timedelta

import pytest

from publisher.feedback.consent import Wish, changes, masked, may_confirm, muted, to_ask

ISO, IEC, ITU = Wish("iso", "newsletter"), Wish("iec", "newsletter"), Wish("itu-t", "circular")
NOW = datetime(2027, 3, 12, 9, 0, tzinfo=UTC)


def test_a_wish_is_written_as_two_names_with_a_slash():
    """As in the files that officers import."""
    assert Wish.read("iso/newsletter") == ISO
    assert str(ISO) == "iso/newsletter"


@pytest.mark.parametrize("text", ["iso", "iso/", "/newsletter", "iso/news/letter", ""])
def test_anything_else_is_not_a_wish(text):
    """The sentence shows what it should look like."""
    with pytest.raises(ValueError, match="iso/newsletter"):
        Wish.read(text)


@pytest.mark.parametrize(
    ("wanted", "live", "give", "withdraw"),
    [
        ([ISO], [], (ISO,), ()),
        ([], [ISO], (), (ISO,)),
        ([ISO], [ISO], (), ()),
        ([IEC], [ISO, ITU], (IEC,), (ISO,)),
        ([ITU], [], (), ()),
    ],
)
def test_only_what_was_on_the_page_changes(wanted, live, give, withdraw):
    """A box that was not shown was neither ticked nor cleared by anybody."""
    found = changes(wanted, live=live, offered=[ISO, IEC])

    assert (found.give, found.withdraw) == (give, withdraw)


def test_what_is_confirmed_already_is_not_asked_again():
    """Only the rest needs a confirmation."""
    assert to_ask([ISO, IEC], {ISO}) == (IEC,)


@pytest.mark.parametrize(
    ("age", "good"),
    [
        (timedelta(), True),
        (timedelta(days=7), True),
        (timedelta(days=7, seconds=1), False),
        (timedelta(seconds=-1), False),
    ],
)
def test_a_link_to_confirm_is_good_for_seven_days(age, good):
    """After that the address is erased, so there is nothing to confirm."""
    assert may_confirm(NOW - age, NOW) is good


def test_new_topics_are_heard_about_until_the_reader_says_otherwise():
    """What is kept is what a reader does not want."""
    assert muted({"a": 1, "b": 2}, ["a", "not-a-topic"]) == ["b"]


def test_an_address_is_shown_to_its_owner_alone():
    """Whoever was forwarded the mail does not learn it."""
    assert masked("ana@example.org") == "a…@example.org"
