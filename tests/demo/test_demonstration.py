"""The main job, from a fresh data folder to newsletters, feeds, posts, pages and circulars."""

import email
import email.policy
import json
import mailbox
import os
import re
import shutil
import subprocess
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import feedparser
import pikepdf
import pytest

from tests.demo.conftest import Run

pytestmark = pytest.mark.slow
SCORE = re.compile(r"score=(-?[0-9.]+)")
FORMS = {
    "newsletter",
    "feed",
    "post",
    "page",
    "circular",
    "report",
    "agenda-item",
    "presentation",
    "landscape",
    "circulation",
    "webinar",
    "workshop",
    "work-item-form",
    "intake",
}


def captured(run: Run) -> list[EmailMessage]:
    """Read every mail of the capture mailbox with the standard library."""
    mailbox = Path(run.said["capture"]["mailbox"])
    files = [path for part in ("new", "cur") for path in sorted((mailbox / part).glob("*"))]
    return [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files
    ]


def test_every_placement_of_the_five_forms_is_finished(first_run: Run):
    """The first run ends well, and its figures add up."""
    placements = [row for row in first_run.said["placements"] if row["form"] in FORMS]

    assert [row for row in placements if row["state"] != "finished"] == []
    assert first_run.status == 0, first_run.progress[-2000:]
    assert {row["form"] for row in placements} == FORMS
    for row in placements:
        assert row["candidates"] == row["accepted"] + row["refused"] + row["excluded"], row
    assert first_run.said["handed_over"] == sum(row["accepted"] for row in placements) > 0


def test_a_second_run_sends_nothing_more(first_run: Run, second_run: Run):
    """What went out once does not go out again."""
    assert second_run.status == 0, second_run.progress[-2000:]
    assert second_run.said["handed_over"] == 0
    assert second_run.said["placements"] == first_run.said["placements"]
    assert len(captured(second_run)) == len(captured(first_run))


def test_the_statement_of_the_annex_went_out(first_run: Run):
    """Approved once and never published is the story this began with."""
    forms = {
        row["form"]
        for row in first_run.said["placements"]
        if row["entry"] == "communications-statement" and row["state"] == "finished"
    }

    assert {"newsletter", "page", "feed", "post"} <= forms


def test_the_mails_are_whole(first_run: Run):
    """Each has a text and an HTML part, a language, a way out, and no hole left open."""
    mails = captured(first_run)
    assert mails

    for mail in mails:
        assert not mail.defects
        text = mail.get_body(("plain",)).get_content()
        html = mail.get_body(("html",)).get_content()
        assert "\ue000" not in text + html + mail["Subject"]
        assert "<html" in html
        assert "lang=" in html
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["Message-ID"]
        assert mail["Feedback-ID"]
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)


def test_no_reader_gets_an_entry_twice_in_one_channel(first_run: Run):
    """A reader in several audiences gets one copy."""
    seen = [(mail["To"], mail["List-ID"], mail["Subject"]) for mail in captured(first_run)]

    assert len(set(seen)) == len(seen)


def test_spamassassin_scores_each_kind_of_mail_below_two(first_run: Run, tmp_path: Path):
    """One mail for each subject and language, scored without the network."""
    program = shutil.which("spamassassin")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have SpamAssassin")
        pytest.skip("SpamAssassin is not installed")
    kinds = {(mail["Subject"], mail["Content-Language"]): mail for mail in captured(first_run)}
    box = mailbox.mbox(tmp_path / "kinds")
    for mail in kinds.values():
        box.add(mail.as_bytes())
    box.close()
    # All at once, because most of its time goes into reading its rules.
    scored = tmp_path / "scored"
    with scored.open("wb") as out:
        subprocess.run(
            [program, "-L", "-t", "--mbox", tmp_path / "kinds"], stdout=out, timeout=120, check=True
        )
    with closing(mailbox.mbox(scored)) as read:
        scores = [SCORE.search(mail["X-Spam-Status"])[1] for mail in read]

    assert len(scores) == len(kinds) > 0
    assert max(map(float, scores)) < 2, scores


def test_the_feeds_are_read_without_complaint(first_run: Run):
    """RSS and Atom have nothing that feedparser must forgive, and JSON Feeds their version."""
    folder = Path(first_run.said["feeds"])
    xml = [*folder.rglob("*.rss"), *folder.rglob("*.atom"), *folder.rglob("*.xml")]
    assert xml

    for path in xml:
        read = feedparser.parse(path.read_bytes())
        assert read.bozo == 0, path
        assert read.entries, path
    for path in folder.rglob("*.json"):
        if "items" not in path.parts:
            assert json.loads(path.read_text())["version"].endswith("version/1.1")


def test_the_circulars_are_tagged_and_titled(first_run: Run):
    """A screen reader finds a title, a language and a structure."""
    papers = [*Path(first_run.said["circulars"]).rglob("*.pdf")]
    assert papers

    for path in papers:
        with pikepdf.open(path) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert "/StructTreeRoot" in pdf.Root
            assert str(pdf.Root.Lang)
            assert pdf.open_metadata()["dc:title"]


def test_nothing_is_left_running(first_run: Run, second_run: Run):
    """The embedded PostgreSQL ends with its last user."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        assert os.fsencode(first_run.data) not in command, command
