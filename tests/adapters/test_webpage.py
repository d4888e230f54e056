"""Web pages: the site, and what leads to each page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from lxml import etree, html

from tests.adapters.consignments import HOSTILE, NOON, consignment, hand_over, parcels


def publish(data: Path, **changes: object) -> str:
    made = consignment("page", data, adapter="webpage", **changes)
    (outcome,) = hand_over(made, parcels(made))
    return outcome.url


def page(data: Path, url: str) -> html.HtmlElement:
    folder = data / "site" / url.removeprefix("https://news.example.org/site/")
    return html.fromstring((folder / "index.html").read_bytes())


def test_a_page_is_where_its_address_says(tmp_path):
    """The receipt's address leads to the approved document."""
    url = publish(tmp_path)

    assert url == "https://news.example.org/site/iso/en/one-plan/"
    assert page(tmp_path, url).findtext(".//h1") == "One plan"


def test_a_page_names_its_translations_once_they_are_there(tmp_path):
    """The French page appears later, and the English one then leads to it."""
    english = publish(tmp_path)
    french = publish(tmp_path, language="fr")

    for url in (english, french):
        found = page(tmp_path, url).xpath("//link[@rel='alternate' and @hreflang]")
        assert {(link.get("hreflang"), link.get("href")) for link in found} == {
            ("en", english),
            ("fr", french),
        }


def test_a_repeat_keeps_the_address_and_the_bytes(tmp_path):
    """After a crash the same page is handed over again."""
    first = publish(tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file()}

    assert publish(tmp_path) == first
    assert before == {path: path.read_bytes() for path in before}


def test_an_address_is_never_taken_over(tmp_path):
    """Next month's occurrence, and other words to another audience, get addresses of their own."""
    first = publish(tmp_path)
    month = publish(
        tmp_path,
        published_at=NOON + timedelta(days=30),
        key="feedfacefeedfacefeed",
        parts={"title": "April"},
    )
    press = publish(tmp_path, audience="press", parts={"title": "For the press"})
    same = publish(tmp_path, audience="everybody")

    assert first == same
    assert len({first, month, press}) == 3
    assert page(tmp_path, first).findtext(".//title") == "One plan"


def test_the_archive_lists_the_newest_first_on_as_many_pages_as_it_takes(tmp_path):
    """Nothing falls out of the archive."""
    for number in range(52):
        at = NOON + timedelta(days=number)
        publish(
            tmp_path, entry=f"news-{number:02}", parts={"title": f"News {number}"}, published_at=at
        )

    first = page(tmp_path, "https://news.example.org/site/iso/en/")
    (older,) = first.xpath("//a[@rel='next']/@href")
    titles = [
        one.text
        for listing in (first, page(tmp_path, older))
        for one in listing.xpath("//main//h2/a")
    ]

    assert titles == [f"News {number}" for number in range(51, -1, -1)]


def test_the_site_map_names_each_page_in_each_language(tmp_path):
    """Search engines find every page, and only pages."""
    urls = {publish(tmp_path), publish(tmp_path, language="ar")}

    site_map = etree.parse(tmp_path / "site/sitemap.xml")
    robots = (tmp_path / "site/robots.txt").read_text()

    assert set(site_map.xpath("//*[local-name()='loc']/text()")) == urls
    assert len(site_map.xpath("//*[local-name()='link'][@hreflang='ar']")) == 2
    assert "Sitemap: https://news.example.org/site/sitemap.xml" in robots


def test_an_arabic_archive_reads_from_right_to_left(tmp_path):
    """Language and direction are those of the words."""
    publish(tmp_path, language="ar")

    listing = page(tmp_path, "https://news.example.org/site/iso/ar/")

    assert (listing.get("lang"), listing.get("dir")) == ("ar", "rtl")
    assert listing.findtext(".//h1") == "الأخبار"


def test_the_archive_looks_like_the_pages_it_lists(tmp_path):
    """Its style is the newest page's own."""
    style = "<style>:root { --main: #123456 }</style>"
    publish(tmp_path, parts={"html": f"<!doctype html><head>{style}</head><body>Hi</body>"})

    listing = page(tmp_path, "https://news.example.org/site/iso/en/")

    assert "--main: #123456" in listing.xpath("//style")[-1].text


def test_a_page_leads_to_the_feeds_there_are(tmp_path):
    """A feed reader given a page's address finds the feed."""
    feed = consignment("feed", tmp_path, adapter="feed")
    hand_over(feed, parcels(feed))

    found = page(tmp_path, publish(tmp_path)).xpath("//link[@type='application/atom+xml']/@href")

    assert found == ["https://news.example.org/feeds/iso/en/feed.atom"]


def test_a_hostile_title_stays_text(tmp_path):
    """Markup in a title is shown, not run, where the archive lists it."""
    publish(tmp_path, parts={"title": HOSTILE, "summary": HOSTILE})

    listing = page(tmp_path, "https://news.example.org/site/iso/en/")

    assert not listing.xpath("//script")
    assert "{{ 7 * 7 }}" in listing.xpath("string(//main//h2)")
