"""Web pages: the site, and what leads to each page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin

import pytest
from lxml import etree, html

from publisher.adapters.webpage import tree
from publisher.adapters.webpage.making import keep
from publisher.models.errors import TryLater
from tests.adapters.consignments import (
    HOSTILE,
    NOON,
    PICTURE,
    PNG,
    consignment,
    hand_over,
    parcels,
)

SITE = "https://news.example.org/site/iso"


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
    assert page(tmp_path, first).findtext(".//h1") == "One plan"


def test_the_news_list_the_newest_first_on_as_many_pages_as_it_takes(tmp_path):
    """Nothing falls out, and what is old stays on the page it is on."""
    for number in range(76):
        made = consignment(
            "page",
            tmp_path,
            entry=f"news-{number:02}",
            parts={"title": f"News {number}"},
            published_at=NOON + timedelta(days=number),
        )
        keep(made, parcels(made)[0])
        if number == 74:
            publish(tmp_path, entry="news-74", published_at=NOON + timedelta(days=74))
            oldest = (tmp_path / "site/iso/en/older_1/index.html").read_bytes()
    publish(tmp_path, entry="news-74", published_at=NOON + timedelta(days=74))

    url, titles = f"{SITE}/en/news/", []
    while url:
        listing = page(tmp_path, url)
        titles += [one.text for one in listing.xpath("//main//h2/a")]
        url = next((urljoin(url, one) for one in listing.xpath("//a[@rel='next']/@href")), "")

    assert titles[0] == "News 75"
    assert titles[2:] == [f"News {number}" for number in range(73, -1, -1)]
    assert (tmp_path / "site/iso/en/older_1/index.html").read_bytes() == oldest


def test_the_site_map_names_each_page_in_each_language(tmp_path):
    """Search engines find every page, and only pages."""
    urls = {publish(tmp_path), publish(tmp_path, language="ar")}

    site_map = etree.parse(tmp_path / "site/iso/sitemap.xml")
    above = etree.parse(tmp_path / "site/sitemap.xml")
    robots = (tmp_path / "site/robots.txt").read_text()

    named = set(site_map.xpath("//*[local-name()='loc']/text()"))
    assert above.xpath("//*[local-name()='loc']/text()") == [f"{SITE}/sitemap.xml"]
    assert urls | {f"{SITE}/ar/", f"{SITE}/en/about/"} <= named
    assert all(page(tmp_path, url) is not None for url in named)
    assert "Sitemap: https://news.example.org/site/sitemap.xml" in robots


def test_an_arabic_archive_reads_from_right_to_left(tmp_path):
    """Language and direction are those of the words."""
    publish(tmp_path, language="ar")

    listing = page(tmp_path, f"{SITE}/ar/news/")

    assert (listing.get("lang"), listing.get("dir")) == ("ar", "rtl")
    assert listing.findtext(".//h1") == "الأخبار"


def test_a_page_leads_to_the_feeds_there_are(tmp_path):
    """A feed reader given a page's address finds the site's feed; the live feeds are named, too."""
    feed = consignment("feed", tmp_path, adapter="feed")
    hand_over(feed, parcels(feed))
    url = publish(tmp_path)

    (found,) = page(tmp_path, url).xpath("//link[@type='application/atom+xml']/@href")
    read = etree.parse(tmp_path / "site" / urljoin(url, found).removeprefix(SITE[:-3]))
    named = page(tmp_path, f"{SITE}/en/subscribe/").xpath("//main//a/@href")

    assert url in read.xpath("//*[local-name()='entry']/*[local-name()='link']/@href")
    assert "https://news.example.org/feeds/iso/en/feed.atom" in named


def test_a_hostile_title_stays_text(tmp_path):
    """Markup in a title is shown, not run, where the archive lists it."""
    publish(tmp_path, parts={"title": HOSTILE, "summary": HOSTILE})

    listing = page(tmp_path, f"{SITE}/en/news/")

    assert not listing.xpath("//script")
    assert "{{ 7 * 7 }}" in listing.xpath("string(//main//h2)")


def test_nothing_of_a_page_runs(tmp_path):
    """What a template may have let through is not on the site, whose policy allows no more."""
    evil = "<script>alert(1)</script><iframe src='https://e.example'></iframe>"
    body = f"<main style='x:y' onclick='a()'>{evil}<p style='c:d' onclick='b()'>Words</p></main>"
    url = publish(tmp_path, parts={"html": f"<!doctype html><html><body>{body}</body></html>"})

    found = page(tmp_path, url)

    assert found.xpath("string(//main//p[not(@class)])") == "Words"
    assert not found.xpath("//script|//iframe|//style|//@style|//@onclick")
    assert "script-src 'self'" in found.xpath("//meta[@http-equiv]/@content")[0]


def test_the_pictures_of_a_page_come_along(tmp_path):
    """The site needs nothing of the server's, so it can stand anywhere."""
    source = f"https://news.example.org/pictures/{PICTURE.sha256}.png"
    words = f"<html><body><main><img src='{source}' alt='Three logos'></main></body></html>"
    url = publish(tmp_path, pictures=[PICTURE], parts={"html": words})

    (source,) = page(tmp_path, url).xpath("//main//img/@src")

    file = urljoin(url, source).removeprefix(f"{SITE}/")
    assert (tmp_path / "site/iso" / file).read_bytes() == PNG


def test_a_card_shows_the_title_on_other_sites(tmp_path):
    """1200 by 630 dots, in any script that there is a font for; without a font, none."""
    arabic = publish(tmp_path, language="ar", parts={"title": "خطة واحدة"})
    chinese = publish(tmp_path, language="zh", parts={"title": "一个计划"})

    (card,) = page(tmp_path, arabic).xpath("//meta[@property='og:image']/@content")
    picture = (tmp_path / "site/iso" / card.removeprefix(f"{SITE}/")).read_bytes()

    assert picture[16:24] == (1200).to_bytes(4, "big") + (630).to_bytes(4, "big")
    assert not page(tmp_path, chinese).xpath("//meta[@property='og:image']")


def test_a_page_of_an_audience_lists_what_went_to_it(tmp_path):
    """Words that went to two audiences stand on both pages, and are one page."""
    url = publish(tmp_path)
    publish(tmp_path, audience="press")

    listings = [page(tmp_path, f"{SITE}/en/audiences/{one}/") for one in ("members", "press")]

    assert [
        urljoin(f"{SITE}/en/audiences/x/", one.xpath("//h2/a/@href")[0]) for one in listings
    ] == [
        url,
        url,
    ]


def test_a_page_called_like_a_section_stands_beside_it(tmp_path):
    """An entry “about” takes nobody's place."""
    url = publish(tmp_path, entry="about")

    assert url == f"{SITE}/en/about-2027-03-12/"
    assert page(tmp_path, f"{SITE}/en/about/").xpath("//nav//a[@aria-current='page']")


def test_a_site_is_exchanged_whole(tmp_path, monkeypatch):
    """While a new one is made, and when that fails, the old one stands there entire."""
    publish(tmp_path)
    before = (tmp_path / "site/iso").resolve()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tree.os, "link", full)
    with pytest.raises(TryLater):
        publish(tmp_path, entry="second")
    monkeypatch.undo()

    assert (tmp_path / "site/iso").resolve() == before
    assert not (tmp_path / "site/iso/en/second").exists()
    publish(tmp_path, entry="second")
    assert (tmp_path / "site/iso/en/second/index.html").is_file()
    assert before.is_dir()


def test_a_site_of_before_there_were_trees_makes_way(tmp_path):
    """Its pages are made again from what was kept, and no picture is lost."""
    old = tmp_path / "site" / "iso"
    (old / "pictures").mkdir(parents=True)
    (old / "pictures" / f"{PICTURE.sha256}.png").write_bytes(PNG)
    (old / "index.html").write_text("old")

    publish(tmp_path, pictures=[PICTURE])

    assert old.is_symlink()
    assert (old / "pictures" / f"{PICTURE.sha256}.png").read_bytes() == PNG


def test_many_publications_leave_three_trees_and_no_change_in_the_old_ones(tmp_path):
    """The one in force, the one before it, and a spare one that the next is made of."""
    store = tmp_path / "site/.trees/iso"
    for number in range(4):
        publish(tmp_path, entry=f"news-{number}", parts={"title": f"News {number}"})
        before = (tmp_path / "site/iso").resolve()
        home = (before / "en/index.html").read_bytes()
    publish(tmp_path, entry="news-4", parts={"title": "News 4"})

    now = (tmp_path / "site/iso").resolve()
    assert len([path for path in store.iterdir() if path.is_dir()]) == 3
    assert (before / "en/index.html").read_bytes() == home
    assert not (before / "en/news-4").exists()
    assert sorted(path.name for path in (now / "en").glob("news-*")) == [
        f"news-{number}" for number in range(5)
    ]
    assert b"News 4" in (now / "en/index.html").read_bytes()
