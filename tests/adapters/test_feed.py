"""Feeds out: what a feed reader gets, and that it stays the same."""

from __future__ import annotations

import json
import locale
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from jsonschema import Draft4Validator
from lxml import etree
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from tests.adapters.consignments import HOSTILE, NOON, PICTURE, consignment, hand_over, parcels

FILES = ("feed.rss", "feed.atom", "feed.json")


def publish(data: Path, **changes: object) -> None:
    made = consignment("feed", data, adapter="feed", **changes)
    hand_over(made, parcels(made))


def read(data: Path, file: str, scope: str = "iso/en") -> feedparser.FeedParserDict:
    return feedparser.parse((data / "feeds" / scope / file).read_bytes())


@pytest.mark.parametrize("file", ["feed.rss", "feed.atom"])
@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "One plan"),
        ("fr", "Un plan, trois voix : l’été"),
        ("ar", "خطة واحدة لثلاث منظمات"),
        ("zh-Hans", "一个计划 👩‍🔬🧪"),
        ("en", HOSTILE),
    ],
)
def test_a_feed_reader_understands_every_feed(tmp_path, file, language, title):
    """Any language, emoji, control characters or markup: the feed is well-formed and complete."""
    publish(tmp_path, language=language, parts={"title": title, "html": f"<p>{title}</p>"})

    found = read(tmp_path, file, f"iso/{language}")

    assert found.bozo == 0
    assert found.entries[0].link == "https://www.example.org/plan"
    assert found.feed.language == language


def test_scripts_never_reach_a_feed_reader(tmp_path):
    """Only harmless HTML is handed on, in all three formats."""
    publish(tmp_path, parts={"html": "<p onclick='x()'>Hi<script>alert(1)</script></p>"})

    for file in FILES:
        text = (tmp_path / "feeds/iso/en" / file).read_text()
        assert "alert" not in text
        assert "onclick" not in text


def test_a_repeat_changes_nothing(tmp_path):
    """After a crash the same item is handed over again: same bytes, one item."""
    publish(tmp_path)
    before = {file: (tmp_path / "feeds/iso/en" / file).stat() for file in FILES}

    publish(tmp_path)

    assert before == {file: (tmp_path / "feeds/iso/en" / file).stat() for file in FILES}
    assert len(read(tmp_path, "feed.atom").entries) == 1


def test_ids_are_permanent_and_the_same_in_every_format(tmp_path):
    """An id depends on the placement alone, so a feed reader never shows old news as new."""
    publish(tmp_path)

    ids = {read(tmp_path, file).entries[0].id for file in ("feed.rss", "feed.atom")}
    ids |= {json.loads((tmp_path / "feeds/iso/en/feed.json").read_text())["items"][0]["id"]}

    assert ids == {"urn:uuid:b735c69b-f46e-50ff-8e02-30a1b81803ca"}


def test_the_newest_fifty_stand_in_the_feed_newest_first(tmp_path):
    """Older items leave the feed, and stay on disk."""
    for number in range(53):
        at = NOON + timedelta(days=number)
        publish(tmp_path, entry=f"news-{number}", parts={"title": str(number)}, published_at=at)

    titles = [entry.title for entry in read(tmp_path, "feed.atom").entries]

    assert titles == [str(number) for number in range(52, 2, -1)]
    assert len(list((tmp_path / "feeds/iso/items").glob("*.json"))) == 53


def test_each_audience_and_key_message_has_a_feed(tmp_path):
    """A reader follows what concerns them."""
    publish(tmp_path, audience="members")
    publish(tmp_path, audience="press", entry="press-day", messages=("openness",))

    def titles(scope: str) -> list[str]:
        return [entry.id for entry in read(tmp_path, "feed.rss", f"iso/en{scope}").entries]

    assert len(titles("")) == 2
    assert len(titles("/audience/members")) == len(titles("/audience/press")) == 1
    assert len(titles("/message/openness")) == 2
    assert len(titles("/message/coordination")) == 1


def test_the_same_words_to_two_audiences_are_one_item(tmp_path):
    """Who follows both feeds, or the feed of all, sees the news once."""
    publish(tmp_path, audience="members")
    publish(tmp_path, audience="press")

    everything = read(tmp_path, "feed.atom").entries
    press = read(tmp_path, "feed.atom", "iso/en/audience/press").entries

    assert [entry.id for entry in everything] == [entry.id for entry in press]


def test_an_atom_entry_keeps_its_links_kinds(tmp_path):
    """A picture is an enclosure with its type and length, not another link to follow."""
    publish(tmp_path, pictures=(PICTURE,))

    links = etree.parse(tmp_path / "feeds/iso/en/feed.atom").findall("{*}entry/{*}link")
    enclosure = read(tmp_path, "feed.rss").entries[0].enclosures[0]

    assert [link.get("rel") for link in links] == ["alternate", "enclosure"]
    assert links[1].get("type") == enclosure.type == "image/png"
    assert links[1].get("href") == enclosure.href
    assert (tmp_path / "feeds/iso/pictures" / f"{PICTURE.sha256}.png").is_file()


def test_an_item_that_is_all_there_is_has_no_link(tmp_path):
    """A link that does not lead to it would be a lie."""
    publish(tmp_path, parts={"link": ""})

    for file in ("feed.rss", "feed.atom"):
        assert read(tmp_path, file).bozo == 0
        written = etree.parse(tmp_path / "feeds/iso/en" / file)
        assert not written.xpath("//item/link | //*[local-name()='entry']/*[local-name()='link']")
    assert "url" not in json.loads((tmp_path / "feeds/iso/en/feed.json").read_text())["items"][0]


def test_a_feed_says_where_it_is_and_when_it_changed(tmp_path):
    """Self link, language and time of change are there, and do not depend on the clock."""
    publish(tmp_path)

    for file in ("feed.rss", "feed.atom"):
        feed = read(tmp_path, file).feed
        own = [link.href for link in feed.links if link.rel == "self"]
        assert own == [f"https://news.example.org/feeds/iso/en/{file}"]
        assert feed.updated_parsed[:5] == (2027, 3, 12, 12, 0)


def test_dates_are_written_without_changing_the_locale_of_the_process(tmp_path, monkeypatch):
    """Other threads read and write text meanwhile, and what it is encoded in hangs on that."""
    monkeypatch.setattr(locale, "setlocale", lambda *_: pytest.fail("the locale was set"))
    publish(tmp_path)

    rss = etree.parse(tmp_path / "feeds/iso/en/feed.rss")
    assert rss.findtext("channel/lastBuildDate") == "Fri, 12 Mar 2027 12:00:00 +0000"
    assert rss.findtext("channel/item/pubDate") == "Fri, 12 Mar 2027 12:00:00 +0000"


def test_a_fault_of_ours_refuses_nothing(tmp_path):
    """A damaged file in the data folder is to be mended; what was promised is said afterwards."""
    publish(tmp_path)
    [kept] = (tmp_path / "feeds").rglob("items/*.json")
    good = kept.read_bytes()
    kept.write_bytes(good[:20])

    with pytest.raises(ValueError, match=r"line 1|Unterminated|delimiter"):
        publish(tmp_path, entry="another")

    kept.write_bytes(good)
    publish(tmp_path, entry="another")


def test_the_json_feed_is_as_its_schema_says(shared_data, tmp_path):
    """JSON Feed 1.1 with and without a picture, in every direction."""
    publish(tmp_path, pictures=(PICTURE,))
    publish(tmp_path, language="ar", parts={"title": HOSTILE, "summary": ""})
    schemas = shared_data / "feeds" / "jsonfeed"
    old = json.loads((schemas / "json_feed-1.json").read_text())
    resource = Resource(contents=old, specification=DRAFT4)
    registry = Registry().with_resources([("feed-1", resource), ("/feed-1", resource)])
    schema = json.loads((schemas / "json_feed.json").read_text())
    validator = Draft4Validator(schema, registry=registry)

    for language in ("en", "ar"):
        found = json.loads((tmp_path / "feeds/iso" / language / "feed.json").read_text())
        assert [error.message for error in validator.iter_errors(found)] == []
