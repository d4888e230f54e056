"""A newsletter reads well in every mail program, and as plain text."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from lxml.html import document_fromstring

from publisher.kit.text import width
from publisher.models.cell import PartnerItem
from publisher.render.rendition import fill
from tests.unit.render.cells import SITE, VALUES, parts, picture, rendered, sentences
from tests.unit.schedule.specs import message

WORDS = """Dear {{ reader.name }},

we have **news** from [the office](https://example.org/office). It is a paragraph that is long
enough to be folded when it stands in the text part of a mail.

## A heading

- one
- two with `code`
  - inside

3. three
4. four

> Quoted words.

| who | what |
| --- | --- |
| ISO | machines & more |

![A ring](ring.png)
"""
RING = {"pictures": [{"file": "ring.png", "alt": {"en": "A ring", "ar": "حلقة"}}],
        "files": {"ring.png": picture()}}  # fmt: skip


def copy(**said):
    """Give one reader's copy."""
    return fill(rendered("newsletter", **said), VALUES)


def test_the_text_part_is_written_from_the_words():
    """Lists, quotes, tables and links are what a person would type."""
    text = copy(words=WORDS, **RING)["text"]

    assert text.startswith("ISO\n\nA title\n=======\n\nDear Anna Example,\n")
    assert "from the office (https://example.org/office)." in text
    assert "A heading\n=========\n\n- one\n- two with code\n  - inside\n\n3. three\n4. four" in text
    assert "> Quoted words.\n\nwho | what\n----+----------------\nISO | machines & more" in text
    assert "[A ring]" in text
    assert f"Unsubscribe: {SITE}/leave/t\n\n1 Street, Town\n" in text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_line_of_the_text_is_longer_than_76_columns(language):
    """But for an address, which is worth nothing when it is broken."""
    words = ("word " * 40 + "\n\n- " + "item " * 40 + "\n\n") if language == "en" else "كلمة " * 90
    text = copy(words=words, language=language, summary={language: "x"})["text"]

    assert max(width(line) for line in text.splitlines() if "://" not in line) <= 76


def test_a_table_too_wide_for_a_line_is_written_row_by_row():
    """Each cell after its heading."""
    words = f"| who | what |\n|---|---|\n| ISO | {'machines ' * 12} |\n| IEC | cables |"

    text = copy(words=words)["text"]

    assert "who: IEC\nwhat: cables" in text


def test_what_laws_and_readers_ask_for_is_there():
    """Who writes, from where, and how to leave, in both parts."""
    made = copy()

    for part in (made["html"], made["text"]):
        assert "1 Street, Town" in part
        assert VALUES["unsubscribe_url"] in part
        assert VALUES["preferences_url"] in part
        assert VALUES["view_url"] in part
    assert "because you asked for news from ISO" in made["html"]


def test_the_html_says_its_language_and_direction():
    """Arabic runs from the right, in the words and in the layout."""
    html = parts(words="مرحبا", language="ar")["html"]

    assert '<html lang="ar" dir="rtl"' in html
    assert "text-align:right" in html
    assert "padding-right:24px" in parts(words="- نعم", language="ar")["html"].replace(" ", "")


def test_a_picture_among_the_words_is_hosted_and_described():
    """Its address is that of the public pages; what the file says goes for who cannot see it."""
    html = copy(words=WORDS, **RING)["html"]

    sha256 = picture().sha256
    assert html.count(sha256) == 1
    assert re.search(rf'<img src="{SITE}/pictures/{sha256}\.png" alt="A ring"', html)


def test_a_picture_that_no_word_names_stands_on_top():
    """With the alternative text of the mail's language."""
    html = copy(words="حلقة", language="ar", **RING)["html"]

    assert 'alt="حلقة"' in html


def test_what_rust_would_spell_out_comes_through_unchanged():
    """Mrml writes invisible letters in attributes as escapes; ours are the letters."""
    alt = "A\u00adB \u200f\u202ec\u0301 \\ \U000e0001 “q”"
    said = {**RING, "pictures": [{"file": "ring.png", "alt": {"en": alt}}]}

    html = copy(**said)["html"]

    assert f'alt="{alt}"' in html
    assert "\\u{" not in html


def test_a_title_with_anything_in_it_is_that_title():
    """Whatever stands in it, as words in the page, in its title and for readers' aids."""
    title = """A & B < "q" \\n ' {{ x }} zq0x <i> ]]> --> </mj-title> \u200f\ue123"""

    made = document_fromstring(parts(title={"en": title})["html"])

    assert made.findtext(".//title") == title
    assert made.findtext(".//h1") == title
    assert made.xpath("//*[@role='article']/@aria-label") == [title]


def test_key_messages_and_partners_items_have_their_sections():
    """What partners write is words, never markup."""
    item = PartnerItem(
        title="IEC <b>news</b>",
        link="https://partner.example/1?a=1&b=2",
        summary="Some & more",
        published_at=datetime(2027, 3, 1, tzinfo=UTC),
    )
    made = copy(partner_items=(item,), messages=(message(text="We plan together."),))

    assert "From our partners" in made["html"]
    assert "IEC &lt;b&gt;news&lt;/b&gt;" in made["html"]
    assert "1 March 2027" in made["html"]
    assert "- IEC <b>news</b>\n  https://partner.example/1?a=1&b=2" in made["text"]
    assert "- We plan together." in made["text"]


def test_a_mail_has_lines_short_enough_for_eight_bits():
    """RFC 5322 §2.1.1: 998 octets; then no encoding makes it longer."""
    html = parts(words="A sentence of a few words.\n" * 60)["html"]

    assert max(len(line.encode()) for line in html.splitlines()) <= 998


def test_a_subject_nobody_reads_to_its_end_is_refused():
    """And one that shouts."""
    assert sentences(title={"en": "x" * 121}) == [
        "calendar/statement.md: title: the subject has 121 letters; mail programs cut it after 120"
    ]
    assert sentences(title={"en": "READ THIS NOW"}) == [
        "calendar/statement.md: title.en: the title shouts; write “Read this now”"
    ]


def test_a_mail_that_gmail_would_clip_is_refused():
    """With the leave link out of sight, readers complain instead."""
    words = "- A word\n" * 3000

    [sentence] = sentences(words=words)

    assert "bytes of HTML; Gmail hides what follows 102,000" in sentence


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("[x](www.example.org)", "the link “www.example.org” has no https:// at its beginning"),
        ("## A\n\n#### B", "a heading of level 4 follows one of level 2"),
        ("# A", "a heading of level 1 stands among the words; the title is the only one"),
        ("![x](https://example.org/spy.png)", "is not among the entry's pictures"),
    ],
)
def test_words_that_readers_would_stumble_over_are_refused(words, expected):
    """Links that lead nowhere, headings out of order, pictures from elsewhere."""
    try:
        found = "\n".join(sentences(words=words))
    except Exception as error:  # noqa: BLE001  # both ways of saying it are fine
        found = str(error)

    assert found.startswith("calendar/statement.md: ")
    assert expected in found


def test_markdown_that_is_html_stays_words():
    """No script of an entry reaches a reader."""
    html = parts(words='<script>alert(1)</script> <img src=x onerror="x"> [a](javascript:x)')[
        "html"
    ]

    assert "<script" not in html
    assert "<img src=x" not in html
    assert 'href="javascript' not in html


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("spamassassin") is None, reason="SpamAssassin is not installed")
@pytest.mark.slow
def test_spamassassin_finds_nothing_to_complain_of():
    """Below 2, where 5 is spam."""
    made = copy(words=WORDS, **RING)
    mail = EmailMessage()
    mail["From"], mail["To"] = "ISO <news@iso.example.org>", "Anna <anna@example.org>"
    mail["Subject"], mail["Message-ID"] = made["subject"], "<1@iso.example.org>"
    mail["Date"] = "Fri, 12 Mar 2027 09:00:00 +0100"
    mail.set_content(made["text"])
    mail.add_alternative(made["html"], subtype="html")

    ran = subprocess.run(
        ["spamassassin", "-L", "-t"], input=mail.as_bytes(), capture_output=True, check=True
    )

    score = re.search(rb"X-Spam-Status: \w+, score=(-?[\d.]+)", ran.stdout)
    assert score
    assert float(score[1]) < 2


def test_nothing_is_fetched_from_a_third_party():
    """Whoever serves a font or a picture learns who opened the mail, and when."""
    made = document_fromstring(copy()["html"])
    styles = " ".join(made.xpath("//style/text() | //@style"))

    assert not made.xpath("//link")
    assert not re.search(r"@import|url\(", styles)
    assert all(source.startswith(SITE) for source in made.xpath("//img/@src"))
