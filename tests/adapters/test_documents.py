"""Documents: filed whole, once, and on no page."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from publisher.models.adapter import Attachment, Verdict
from tests.adapters.consignments import NOON, consignment, hand_over, parcels


def report(data: Path, **changes: object):
    return consignment("report", data, adapter="documents", **changes)


def folders(data: Path) -> list[Path]:
    return sorted(path.parent for path in data.rglob("manifest.json"))


def test_a_placements_files_lie_in_one_folder_with_a_manifest(tmp_path):
    """What is written down of each file is what lies there."""
    made = report(tmp_path)

    (outcome,) = hand_over(made, parcels(made))

    (folder,) = folders(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert outcome.verdict is Verdict.ACCEPTED
    assert outcome.url == folder.resolve().as_uri()
    assert folder.relative_to(tmp_path).as_posix() == (
        "documents/iso/one-plan/2027-03-12-iso-report-members-en"
    )
    assert [one["name"] for one in manifest["files"]] == ["circular.pdf", "circular.html"]
    for one in manifest["files"]:
        content = (folder / one["name"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"])
    assert not (tmp_path / "site").exists()


def test_a_repeat_changes_nothing(tmp_path):
    """After a crash the folder is there, or it is not: never half of it."""
    made = report(tmp_path)
    again = Attachment(filename="circular.pdf", media_type="application/pdf", content=b"other")

    first = hand_over(made, parcels(made))
    second = hand_over(replace(made, attachments=[again]), parcels(made))

    (folder,) = folders(tmp_path)
    assert first[0].url == second[0].url
    assert (folder / "circular.pdf").read_bytes() == b"%PDF-1.7"
    assert not list(tmp_path.rglob(".new-*"))


def test_two_of_one_day_lie_beside_each_other(tmp_path):
    """The second has its key behind its name."""
    one = report(tmp_path)
    other = replace(one, key="f" * 20, published_at=NOON + timedelta(hours=1))

    hand_over(one, parcels(one))
    hand_over(other, parcels(other))

    first, second = folders(tmp_path)
    assert second.name == f"{first.name}-ffffffff"


@pytest.mark.parametrize("name", ["../../out.pdf", "CIRCULAR.html", "manifest.json", ".hidden"])
def test_a_files_name_leads_nowhere_else(tmp_path, name):
    """It is refused, and nothing is filed."""
    files = [
        Attachment(filename=one, media_type="application/pdf", content=b"%PDF-1.7")
        for one in ("circular.pdf", name)
    ]
    made = report(tmp_path, attachments=files)

    (outcome,) = hand_over(made, parcels(made))

    assert outcome.verdict is Verdict.REFUSED
    assert folders(tmp_path) == []


def test_nothing_to_file_is_refused(tmp_path):
    """An empty folder would pass for a paper."""
    made = report(tmp_path, attachments=[], parts={"html": ""})

    (outcome,) = hand_over(made, parcels(made))

    assert (outcome.verdict, outcome.answer) == (Verdict.REFUSED, "it has no document to file")
