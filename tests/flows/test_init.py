"""Beginning a plan."""

import pytest

from publisher.flows.check import check
from publisher.flows.init import init
from publisher.models.errors import Refused
from publisher.plan.read import read
from publisher.plan.said import said


def test_the_starter_is_the_reference_plan(tmp_path, reference_plan):
    """Whoever begins has the whole example to change."""
    init(tmp_path / "mine")

    assert said(read(tmp_path / "mine")) == said(read(reference_plan))


def test_the_smallest_plan_is_a_plan(tmp_path):
    """One organisation, one audience, one channel, one entry, and it renders."""
    written = init(tmp_path / "mine", empty=True)

    assert check(tmp_path / "mine") == []
    assert len(read(tmp_path / "mine").entries) == 1
    assert not [path for path in written if path.endswith(".py")]


def test_a_plan_that_is_there_is_not_written_over(tmp_path):
    """Not even a part of one."""
    (tmp_path / "calendar").mkdir()

    with pytest.raises(Refused, match="is there already"):
        init(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["calendar"]


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("x")

    with pytest.raises(Refused, match="cannot be written to"):
        init(tmp_path / "file" / "plan")
