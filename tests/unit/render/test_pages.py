"""Pages and feed items: whole, accessible, and nothing in them from elsewhere."""

import re

import pytest
from lxml import html as lxml_html

from tests.unit.render.cells import SITE, parts, picture, sentences
from tests.unit.schedule.specs import message

WORDS = "First *words*, [a link](/more).\n\n## A heading\n\n| a | b |\n|---|---|\n| 1 | 2 |"
RING = {"pictures": [{"file": "pictures/ring.png", "alt": {"en": "A ring"}}],
        "files": {"pictures/ring.png": picture()}}  # fmt: skip


def page(**said):
    return lxml_html.document_fromstring(parts("page", **{"words": WORDS, **said})["html"])


def test_a_page_is_a_whole_document():
    """Language, direction, title, landmarks, one first heading, a way past the top."""
    made = page(summary={"en": "In short."}, **RING)

    assert (made.get("lang"), made.get("dir")) == ("en", "ltr")
    assert made.findtext("head/title") == "A title · ISO"
    assert [one.tag for one in made.find("body")] == ["a", "header", "main", "footer"]
    assert [one.text for one in made.iter("h1")] == ["A title"]
    skip = made.find("body/a")
    assert made.get_element_by_id(skip.get("href")[1:]).tag == "main"
    assert made.xpath("//meta[@name='description']/@content") == ["In short."]
    assert made.xpath("//meta[@property='og:title']/@content") == ["A title"]
    assert made.xpath("//figure/img/@alt") == ["A ring"]


def test_a_page_loads_nothing_and_runs_nothing():
    """Its only outside resource is a picture of the entry's own."""
    made = page(**RING)

    assert made.xpath("//script | //link | //iframe | //@onclick") == []
    assert {url.partition("/pictures/")[0] for url in made.xpath("//@src")} == {SITE}
    assert "@import" not in made.findtext(".//style")


def test_an_arabic_page_runs_from_the_right():
    """With Arabic words in the interface."""
    made = page(language="ar", words="مرحبا", link="https://example.org")

    assert (made.get("lang"), made.get("dir")) == ("ar", "rtl")
    assert "اقرأ المزيد" in made.text_content()


def test_the_same_words_to_two_audiences_are_the_same_page():
    """So that a site shows them once."""
    assert parts("page", audience="members") == parts("page", audience="boards")


def test_a_page_shows_key_messages_and_who_speaks():
    """A joint page names all who say it."""
    text = page(messages=(message(text="We plan together."),), speaks_for=["iec"]).text_content()

    assert "We plan together." in text
    assert "A joint message of ISO and IEC" in text


def test_a_feed_item_is_clean():
    """No control character, no element a feed reader would drop, absolute links."""
    made = parts("feed", words=WORDS + "\n\n<script>x</script>\x0b \x07bell", **RING)

    assert 'href="https://news.example.org/more"' in made["html"]
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", "".join(made.values()))
    assert "<script" not in made["html"]
    assert made["summary"] == "First words, a link."


def test_a_long_opening_is_shortened_at_a_word():
    """A summary nobody wrote is the beginning of the words."""
    summary = parts("feed", words="word " * 100)["summary"]

    assert len(summary) <= 202
    assert summary.endswith("word …")


@pytest.mark.parametrize("form", ["page", "feed"])
def test_an_entry_without_words_is_refused(form):
    """A page that says nothing is a mistake."""
    assert sentences(form, title={"fr": "Un titre"}) == [
        "calendar/statement.md: title: there is no title in “en”"
    ]


@pytest.mark.parametrize("words", ["Dear {{ reader.name }}", "{% if reader.name %}x{% endif %}y"])
def test_a_page_that_speaks_to_one_reader_is_refused(words):
    """Everybody reads it."""
    [sentence] = sentences("page", words=words)

    assert "nobody knows it when it goes out" in sentence
