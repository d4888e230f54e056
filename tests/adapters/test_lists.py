"""Editions of lists stay where they are, the newest at one address; fields have feeds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser

from publisher.models.adapter import Attachment
from tests.adapters.consignments import PARTS, consignment, hand_over, parcels

NOW = datetime(2027, 3, 12, 9, 0, tzinfo=UTC)
FILES = [Attachment(filename="landscape.xlsx", media_type="x/y", content=b"1")]


def publish(folder: Path, form: str = "landscape", **changes):
    """Hand one edition over, and give its address."""
    settings = {"mail": "capture"} if form == "circulation" else {}
    adapter = {"landscape": "lists"}.get(form, form)
    said = {"adapter": adapter, "settings": settings, "published_at": NOW, "attachments": FILES}
    made = consignment(form, folder, **{**said, **changes})
    return hand_over(made, parcels(made))[0].url.removeprefix("https://news.example.org/lists/")


def page(folder: Path, url: str) -> str:
    """Read an edition's page."""
    return (folder / "lists" / url / "index.html").read_text()


def test_an_edition_stays_and_the_newest_has_an_address_of_its_own(tmp_path):
    """With the files beside the page; an older one that comes late takes no place."""
    first = publish(tmp_path)
    second = publish(
        tmp_path, key="b" * 20, published_at=NOW + timedelta(days=31), parts={"html": "April"}
    )
    publish(tmp_path, key="c" * 20, published_at=NOW - timedelta(days=31), parts={"html": "Feb"})

    assert (first, second) == ("iso/en/one-plan/2027-03-12/", "iso/en/one-plan/2027-04-12/")
    assert page(tmp_path, first) == PARTS["landscape"]["html"]
    assert page(tmp_path, "iso/en/one-plan/") == page(tmp_path, second) == "April"
    assert (tmp_path / "lists" / first / "landscape.xlsx").read_bytes() == b"1"


def test_the_same_page_for_two_audiences_is_one_edition(tmp_path):
    """Another page of that day has its audience's name."""
    first = publish(tmp_path)
    same = publish(tmp_path, audience="boards", key="b" * 20)
    other = publish(tmp_path, audience="boards", key="c" * 20, parts={"html": "Other"})

    assert same == first
    assert other == "iso/en/one-plan/2027-03-12-boards/"


def test_a_circulation_is_published_before_it_is_mailed(tmp_path):
    """Each mail leads to the page, without the spreadsheet attached, and each field has a feed."""
    url = publish(tmp_path, "circulation")

    (mail,) = (tmp_path / "capture" / "mailbox" / "new").iterdir()
    text = mail.read_text().replace("=\n", "")
    feed = feedparser.parse((tmp_path / "feeds/iso/en/field/energy/feed.atom").read_bytes())

    assert f"/lists/{url}" in text
    assert "landscape.xlsx" not in text
    assert feed.bozo == 0
    assert feed.entries[0].title == "Energy: New proposals"
    assert feed.entries[0].link.endswith("2027-03-12/#energy")


def test_a_circulation_without_mail_says_so(tmp_path):
    """Before sending."""
    from publisher.adapters import registry

    made = consignment("circulation", tmp_path, adapter="circulation", settings={"mail": "feed"})

    (sentence,) = registry.adapter("circulation").check(made.outlet, None)
    assert "“feed” does not carry mail" in sentence
