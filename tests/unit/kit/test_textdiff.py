"""Two texts against each other."""

import pytest

from publisher.kit.textdiff import MOST, changed_words


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("one two", "one two", [("same", "one two")]),
        ("", "new", [("added", "new")]),
        ("old", "", [("removed", "old")]),
        ("see it now", "see them now", [
            ("same", "see "), ("removed", "it"), ("added", "them"), ("same", " now"),
        ]),
        ("标准很好", "标准更好", [
            ("same", "标准"), ("removed", "很"), ("added", "更"), ("same", "好"),
        ]),
    ],
)  # fmt: skip
def test_words_are_the_same_came_or_went(old, new, parts):
    """Whole words; Chinese, which has no spaces, sign by sign."""
    assert changed_words(old, new) == parts


def test_long_texts_are_compared_line_by_line():
    """So that nobody waits; both texts can still be put together from the parts."""
    lines = [f"a {number}\n" for number in range(MOST)]
    old = "".join(lines)
    new = "".join(["first\n", *lines[:10], "b\n", *lines[12:], "c d\n"])

    parts = changed_words(old, new)

    assert [what for what, _ in parts] == ["added", "same", "removed", "added", "same", "added"]
    assert "".join(text for what, text in parts if what != "added") == old
    assert "".join(text for what, text in parts if what != "removed") == new
