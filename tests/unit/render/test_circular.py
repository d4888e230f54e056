"""A circular is a numbered document that everybody can read, and the mail that brings it."""

import io

import pikepdf
import pytest

from publisher.models.errors import PlanError
from publisher.render.press import press
from publisher.render.rendition import attachments, fill
from tests.unit.render.cells import VALUES, files, picture, rendered, sentences

WORDS = r"""**To members**

1. First, with [a link](https://example.org) and `code`.
2. Second: #let x = 1 \ $y$ *emphasis* "quotes" @ref <label> // no comment

## A heading

- one
  - inside

| a | b |
|---|---|
| 1 | 2 |

> quoted

Term
:   what it means
"""
ON_HAND_OVER = {name: VALUES[name] for name in ("circular.number", "circular.date")}


def document(**said) -> bytes:
    return attachments(rendered("circular", **{"words": WORDS, **said}), ON_HAND_OVER)[0].content


@pytest.mark.slow
def test_the_document_is_tagged_and_says_what_it_is():
    """PDF/UA-1: a title shown, a language, tags for every element."""
    with pikepdf.open(io.BytesIO(document())) as made:
        assert str(made.Root.Lang) == "en"
        assert bool(made.Root.MarkInfo.Marked)
        assert bool(made.Root.ViewerPreferences.DisplayDocTitle)
        with made.open_metadata() as metadata:
            assert metadata["dc:title"] == "A title"
            assert metadata["pdfuaid:part"] == "1"
        tags = set(_tags(made.Root.StructTreeRoot.K))
    assert {"/Title", "/H1", "/L", "/LI", "/Table", "/TH", "/Link", "/BlockQuote", "/P"} <= tags


def _tags(node):
    for one in node if isinstance(node, pikepdf.Array) else [node]:
        if isinstance(one, pikepdf.Dictionary) and "/S" in one:
            yield str(one.S)
        if isinstance(one, pikepdf.Dictionary) and "/K" in one:
            yield from _tags(one.K)


@pytest.mark.slow
def test_the_same_words_and_values_give_the_same_bytes():
    """A restored archive makes the document that was sent."""
    content = rendered("circular", words=WORDS)
    path, source = "templates/circular/document.typ.j2", fill(content, VALUES)["document"]

    assert press(source, path) == press(source + "\n// the same words\n", path)
    assert attachments(content, ON_HAND_OVER)[0].content == press(source, path)


@pytest.mark.slow
def test_an_arabic_document_is_set_with_letters():
    """The fonts that ship have Arabic; the reading language is said."""
    made = document(
        words="مرحبا **بكم**", language="ar", organisation={"slug": "iso", "name": "ISO"}
    )

    with pikepdf.open(io.BytesIO(made)) as opened:
        assert str(opened.Root.Lang) == "ar"
        fonts = {str(font.BaseFont) for font in opened.pages[0].Resources.Font.values()}
    assert any("FiraGO" in font for font in fonts)


@pytest.mark.slow
def test_a_letter_that_no_font_has_is_refused():
    """Never printed as a box."""
    with pytest.raises(PlanError, match=r"no font has the letter “中”; put a font file"):
        document(words="中文")


def test_number_and_date_are_put_in_at_hand_over():
    """What is approved does not know them yet."""
    content = rendered("circular", words=WORDS)

    filled = fill(content, {**VALUES, "circular.number": 'ISO "2027"/12'})

    assert {"circular.number", "circular.date"} <= content.holes
    assert filled["subject"] == 'Circular ISO "2027"/12: A title'
    assert r'#"ISO \"2027\"/12";' in filled["document"]
    assert "Circular no. ISO &quot;2027&quot;/12 · 12 March 2027" in filled["html"]


@pytest.mark.slow
def test_a_template_that_is_no_typst_says_so():
    """The sentence is Typst's own."""
    broken = files({"circular/document.typ.j2": "#set text(lang: \n{{ circular.number }}"})

    with pytest.raises(PlanError, match=r"^templates/circular/document.typ.j2: Typst says: "):
        attachments(rendered("circular", templates=broken), ON_HAND_OVER)


@pytest.mark.slow
@pytest.mark.parametrize(
    "source",
    [
        '#set document(title: "x")\n#read("/etc/passwd")',
        '#set document(title: "x")\n#import "@preview/cetz:0.3.0"',
        '#set document(title: "x")\n#image("../../etc/passwd")',
    ],
)
def test_a_document_reads_no_file_and_no_network(source):
    """It holds what was approved and nothing else."""
    with pytest.raises(PlanError, match="Typst says"):
        press(source, "templates/circular/document.typ.j2")


@pytest.mark.slow
@pytest.mark.slow
def test_a_document_that_never_ends_is_stopped(monkeypatch):
    """A worker waits no longer than a document may take."""
    monkeypatch.setattr("publisher.render.press.MAX_SECONDS", 1)
    endless = "#for a in range(9999) { for b in range(9999) { for c in range(9999) {} } }"

    with pytest.raises(PlanError, match=r"longer than 1 seconds|more time or memory"):
        press(endless, "templates/circular/document.typ.j2")


def test_a_picture_in_a_document_is_refused():
    """It would be left out without a word."""
    said = {"pictures": [{"file": "a.png", "alt": {"en": "A ring"}}], "files": {"a.png": picture()}}

    assert sentences("circular", words="![A ring](a.png)", **said) == [
        (
            "calendar/statement.md: words.0: a circular's document cannot hold pictures among its "
            "words yet; leave them out"
        )
    ]
