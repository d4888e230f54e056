"""Feeds in: a partner's items, whatever the partner's server sends."""

from __future__ import annotations

import gzip
import json
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from publisher.flows import gather as flow
from publisher.kit import feed_reader
from publisher.kit.feed_reader import FeedUnreadable
from tests.adapters.service import Answer, Service

NOW = datetime(2027, 3, 12, 12, tzinfo=UTC)
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Partner</title>
<item><title>Second &lt;b&gt;news&lt;/b&gt;</title><link>/2</link>
<pubDate>Thu, 11 Mar 2027 09:00:00 GMT</pubDate>
<description>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two</description></item>
<item><title>First</title><link>https://partner.example/1</link>
<pubDate>Wed, 10 Mar 2027 09:00:00 GMT</pubDate></item></channel></rss>"""


@pytest.fixture
def partner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Service]:
    """A partner's server on loopback, which a setting for tests lets us reach."""
    from publisher.settings import Settings

    allowed = Settings(data=tmp_path, allow_private_fetch=True)
    monkeypatch.setattr(flow, "settings", lambda: allowed)
    headers = {"ETag": '"one"', "Content-Type": "application/rss+xml"}
    routes = {"GET /feed": lambda _: Answer(body=FEED, headers=headers)}
    service = Service(None, "", routes)
    yield service
    service.close()


def titles(partner: Service, at: datetime = NOW) -> list[str]:
    return [item.title for item in flow.gather(f"{partner.url}/feed", now=at)]


def test_the_newest_items_come_clean(partner):
    """Markup is taken out, links are made whole, times are UTC."""
    newest, _ = flow.gather(f"{partner.url}/feed", now=NOW)

    assert newest.title == "Second news"
    assert newest.link == f"{partner.url}/2"
    assert newest.summary == "One two"
    assert newest.published_at == datetime(2027, 3, 11, 9, tzinfo=UTC)


def test_a_partner_is_not_asked_again_within_minutes(partner):
    """Every cell of a newsletter asks, and the partner hears it once."""
    assert titles(partner) == titles(partner, NOW + timedelta(minutes=14))
    assert len(partner.requests) == 1


def test_what_has_not_changed_is_not_sent_again(partner):
    """The ETag goes back, and 304 keeps what was there."""
    first = titles(partner)
    partner.answers("GET /feed", Answer(status=304))

    assert titles(partner, NOW + timedelta(hours=1)) == first
    assert partner.requests[1].headers["If-None-Match"] == '"one"'


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=500),
        Answer(status=404),
        Answer(body=b"<html>Please log in"),
        Answer(body=b""),
        Answer(status=302, headers={"Location": "ftp://partner.example/"}),
        Answer(status=302, headers={"Location": "/feed"}),
    ],
)
def test_a_feed_that_fails_keeps_the_items_it_had(partner, answer):
    """No newsletter waits for a partner's server."""
    first = titles(partner)
    partner.answers("GET /feed", *[answer] * 7)

    assert titles(partner, NOW + timedelta(hours=1)) == first


def test_a_feed_that_never_worked_gives_nothing(partner):
    """And raises nothing."""
    partner.answers("GET /feed", Answer(status=500))

    assert titles(partner) == []


def test_more_than_a_feed_can_be_is_not_read_to_the_end(partner):
    """100 MB, or a little that unpacks to as much."""
    packed = gzip.compress(b" " * 100_000_000)
    partner.answers("GET /feed", Answer(body=packed, headers={"Content-Encoding": "gzip"}))

    assert titles(partner) == []
    kept = json.loads(
        next((flow.settings().data_folder / "partner-feeds").glob("*.json")).read_text()
    )
    assert "larger than 5,000,000 bytes" in kept["problem"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/",
        "http://169.254.169.254/latest/",
        "http://[::1]/",
        "file:///etc/passwd",
    ],
)
def test_only_public_addresses_are_asked(monkeypatch, tmp_path, url):
    """A feed's address cannot make us ask our own network."""
    from publisher.settings import Settings

    monkeypatch.setattr(flow, "settings", lambda: Settings(data=tmp_path))

    assert flow.gather(url, now=NOW) == ()


@pytest.mark.slow
def test_real_feeds_are_read(shared_data, tmp_path):
    """Thirty-one recorded feeds of every dialect: as many items as their publishers meant."""
    with tarfile.open(shared_data / "feeds" / "rss-parser_real_feeds.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    counts = {}
    for path in sorted((tmp_path / "test" / "input").iterdir()):
        try:
            found = feed_reader.read(path.read_bytes(), url="https://partner.example/", most=1000)
        except FeedUnreadable:
            counts[path.name] = None
        else:
            counts[path.name] = len(found)

    for name, count in counts.items():
        wanted = tmp_path / "test" / "output" / f"{Path(name).stem}.json"
        if wanted.is_file():
            items = json.loads(wanted.read_bytes().decode(errors="replace"))["feed"]["items"]
            complete = [item for item in items if item.get("title") and item.get("link")]
            assert count >= len(complete), name
    assert counts["unrecognized.rss"] is None
    assert len(counts) == 31


@pytest.mark.slow
@pytest.mark.parametrize(
    "bomb",
    [
        b'<rss version="2.0"><channel>' + b"<a>" * 600_000,
        b'<rss version="2.0" ' + b" ".join(b'a%d="x"' % n for n in range(300_000)) + b"><channel>",
    ],
)
def test_a_feed_made_to_hang_us_does_not(monkeypatch, bomb):
    """It is read in a process of its own, and that is ended."""
    monkeypatch.setattr(feed_reader, "SECONDS", 1)

    with pytest.raises(FeedUnreadable, match="longer than"):
        feed_reader.read(bomb, url="https://partner.example/")


def test_entities_of_a_feed_open_no_file_and_fill_no_memory():
    """Neither a billion laughs nor /etc/passwd."""
    laughs = b"".join(
        b'<!ENTITY a%d "%s">' % (n, (b"&a%d;" % (n - 1) if n else b"ha") * 10) for n in range(10)
    )
    outside = b'<!ENTITY x SYSTEM "file:///etc/passwd">'
    item = b"<item><title>T &a9; &x;</title><link>https://p.example/</link></item>"
    feed = b"<!DOCTYPE r [" + laughs + outside + b']><rss version="2.0"><channel>' + item

    (found,) = feed_reader.read(feed + b"</channel></rss>", url="https://p.example/")

    assert len(found.title) < 100
    assert "root:" not in found.title


def test_an_item_cannot_hold_a_hole_or_turn_the_page_around():
    """Marks of ours and marks of direction are taken out; scripts are no links."""
    feed = (
        '<rss version="2.0"><channel><item><title>\ue000unsubscribe_url\ue001 \u202eabc</title>'
        "<link>https://p.example/</link></item><item><title>Bad</title>"
        "<link>javascript:alert(1)</link></item></channel></rss>"
    )

    (found,) = feed_reader.read(feed.encode(), url="https://p.example/")

    assert found.title == "unsubscribe_url abc"
