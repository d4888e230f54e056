"""Capture: what demo and rehearsal show."""

from __future__ import annotations

import json
import mailbox
from email import policy
from email.parser import BytesParser
from pathlib import Path

from publisher.adapters import registry
from tests.adapters.consignments import PICTURE, consignment, hand_over, parcels


def mails(data: Path) -> mailbox.Maildir:
    return mailbox.Maildir(data / "capture" / "mailbox", create=False)


def test_captured_mail_opens_in_any_mail_program(tmp_path):
    """The mailbox is a Maildir whose mails are complete."""
    made = consignment("newsletter", tmp_path)

    hand_over(made, parcels(made, 3))

    (one, *_others) = [box.as_bytes() for box in mails(tmp_path)]
    mail = BytesParser(policy=policy.default).parsebytes(one)
    assert len(mails(tmp_path)) == 3
    assert mail["subject"] == "One plan for three organisations"
    assert "Dear Reader" in mail.get_body(("plain",)).get_content()


def test_captured_mail_is_for_its_owners_eyes(tmp_path):
    """It holds addresses, and links by which readers are known."""
    sent = consignment("newsletter", tmp_path)
    hand_over(sent, parcels(sent))

    found = list((tmp_path / "capture" / "mailbox" / "new").iterdir())
    assert {file.stat().st_mode & 0o077 for file in found} == {0}


def test_a_repeat_overwrites_itself_even_when_it_was_read(tmp_path):
    """A mail program moves what it showed to `cur`; the repeat finds it there."""
    made = consignment("newsletter", tmp_path)
    (parcel,) = parcels(made)
    hand_over(made, [parcel])
    box = tmp_path / "capture" / "mailbox"
    (box / "new" / parcel.key).rename(box / "cur" / f"{parcel.key}:2,S")

    hand_over(made, [parcel])

    assert len(mails(tmp_path)) == 1


def test_a_captured_post_holds_everything_that_would_be_seen(tmp_path):
    """Texts in order, the picture with its words, language and direction."""
    made = consignment(
        "post", tmp_path, language="ar", pictures=(PICTURE,), settings={"network": "x"}
    )

    (outcome,) = hand_over(made, parcels(made))

    (file,) = (tmp_path / "capture" / "timeline").glob("*.json")
    post = json.loads(file.read_text())
    assert post["texts"] == [made.content.parts["1"], made.content.parts["2"]]
    assert (post["network"], post["language"], post["dir"]) == ("x", "ar", "rtl")
    assert post["pictures"][0]["alt"] == "Three logos side by side"
    assert (file.parent / post["pictures"][0]["file"]).is_file()
    assert outcome.url == f"https://news.example.org/capture/timeline/{made.key}.0/"


def test_capture_never_claims_to_have_reached_the_world(tmp_path):
    """Its capabilities say so, and so does each post."""
    made = consignment("post", tmp_path)
    hand_over(made, parcels(made))

    (file,) = (tmp_path / "capture" / "timeline").glob("*.json")

    assert not registry.adapter("capture").capabilities.reaches_the_world
    assert "not sent" in json.loads(file.read_text())["label"]
