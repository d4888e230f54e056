"""What applying would do to one object, by who changed it since the last apply."""

import pytest

from publisher.plan.diff import Stored, compare, decide, differences

A, B, C = {"name": "a"}, {"name": "b"}, {"name": "c"}


def stored(said, applied, **more):
    return Stored(said=said, applied=applied, **more)


@pytest.mark.parametrize(
    ("file", "row", "take", "action"),
    [
        pytest.param(A, None, None, "create", id="new"),
        pytest.param(A, stored(A, A), None, "nothing", id="the same"),
        pytest.param(B, stored(A, A), None, "change", id="changed in its file"),
        pytest.param(None, stored(A, A), None, "delete", id="deleted in the files"),
        pytest.param(A, stored(B, A), None, "keep", id="changed at the desk"),
        pytest.param(C, stored(B, A), None, "conflict", id="changed on both sides"),
        pytest.param(B, stored(B, A), None, "settle", id="changed alike on both sides"),
        pytest.param(None, stored(B, A), None, "conflict", id="deleted here, changed there"),
        pytest.param(C, stored(B, A), "file", "change", id="the file's word"),
        pytest.param(C, stored(B, A), "desk", "keep", id="the desk's word"),
        pytest.param(None, stored(B, A), "file", "delete", id="the file's word: away"),
        pytest.param(None, stored(B, A), "desk", "keep", id="the desk's word: stay"),
        pytest.param(C, stored(B, C), None, "keep", id="after the desk's word was taken"),
        pytest.param(B, stored(A, None, owner="desk"), None, "keep", id="the desk's own"),
        pytest.param(None, stored(A, None, owner="desk"), None, "nothing", id="never a file"),
        pytest.param(B, stored(A, None, owner="desk"), "file", "change", id="given to the file"),
        pytest.param(None, stored(A, None, retired=True), None, "nothing", id="gone"),
        pytest.param(A, stored(A, None, retired=True), None, "create", id="back again"),
        pytest.param(A, stored(A, A, retired=True), None, "keep", id="deleted at the desk"),
        pytest.param(B, stored(A, A, retired=True), None, "conflict", id="deleted and changed"),
    ],
)
def test_each_side_is_heard(file, row, take, action):
    """Files propose, the database disposes, and neither overwrites the other unseen."""
    assert decide(file, row, take)[0].value == action


def test_a_difference_is_shown_field_by_field():
    """An officer sees the block that changed, not the whole entry."""
    old = {
        "title": {"en": "A"},
        "words": [
            {"language": "en", "form": None, "words": "x"},
            {"language": "fr", "form": "post", "words": "y"},
        ],
    }
    new = {
        "title": {"en": "A", "fr": "B"},
        "words": [
            {"language": "en", "form": None, "words": "x"},
            {"language": "fr", "form": "post", "words": "z"},
        ],
    }

    found = [(one.field, one.old, one.new) for one in differences(old, new)]

    assert found == [("title.fr", None, "B"), ("words.fr post.words", "y", "z")]


def test_a_new_order_alone_is_shown_too():
    """The first language is the default, so that order means something."""
    old = {"hears": [{"message": "a"}, {"message": "b"}]}
    new = {"hears": [{"message": "b"}, {"message": "a"}]}

    assert [one.field for one in differences(old, new)] == ["hears"]


def test_what_is_created_comes_before_what_is_deleted():
    """The list reads in the order in which it matters."""
    found = compare({"entry/b": A}, {"entry/a": stored(A, A)}, paths={})

    assert [change.thing for change in found.changes] == ["entry/b", "entry/a"]
    assert not found.empty
