"""Counting and folding text, in every script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.kit.markup import is_link
from publisher.kit.text import direction, graphemes, one_line, width, without_controls, wrapped


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("abc", 3), ("e\u0301", 1), ("👨‍👩‍👧‍👦🇨🇭", 2), ("مرحبا", 5), ("한국", 2)],
)
def test_graphemes_are_what_a_reader_calls_a_letter(text, count):
    """Families and flags are one."""
    assert graphemes(text) == count


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("中文", 4), ("e\u0301", 1), ("é", 1)])
def test_width_is_what_a_terminal_needs(text, columns):
    """Chinese letters take two columns, combining marks none."""
    assert width(text) == columns


@given(st.text())
def test_wrapping_keeps_every_word(text):
    """Nothing but white space changes."""
    assert wrapped(text, 30).split() == text.split()


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=20), min_size=1))
def test_no_wrapped_line_is_too_long(words):
    """As long as no word is."""
    lines = wrapped(" ".join(words), 30, first="- ", rest="  ").split("\n")

    assert max(map(len, lines)) <= 30
    assert lines[0].startswith("- ")
    assert all(line.startswith("  ") for line in lines[1:])


@given(st.text())
def test_one_line_has_no_line_end_and_no_control(text):
    """So it may stand in a header field."""
    assert not any(
        ord(letter) < 32 or letter in "\x7f\x85\u2028\u2029" for letter in one_line(text)
    )


def test_controls_are_dropped_but_line_ends_and_tabs():
    """Feeds cannot hold them."""
    assert without_controls("a\x00b\r\nc\rd\te\x1b\x85") == "ab\nc\nd\te"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("en", "ltr"), ("ar", "rtl"), ("ar-EG", "rtl"), ("he", "rtl"), ("ku-Latn", "ltr"),
     ("az-Arab", "rtl"), ("zh-Hans", "ltr")],
)  # fmt: skip
def test_the_direction_of_a_language(tag, expected):
    """By its script where it says one."""
    assert direction(tag) == expected


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("https://example.org/a?b=c", True),
        ("mailto:anna@example.org", True),
        ("/relative", True),
        ("#place", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("java\nscript:x", False),
        ("https://[broken", False),
        ("\ue000unsubscribe_url\ue001", True),
        ("\ue000reader.name\ue001", False),
        ("https://example.org/\ue000unsubscribe_url\ue001", False),
    ],
)
def test_what_may_stand_in_a_link(address, fine):
    """Web addresses, mail, telephone, places of our own; nothing that runs."""
    assert is_link(address) is fine
