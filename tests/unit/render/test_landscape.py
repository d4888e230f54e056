"""Landscapes and circulations: pages, mails in a reader's own order, PDF and spreadsheets."""

import io
import json
from dataclasses import replace
from datetime import datetime

import openpyxl
import pikepdf
import pytest

from publisher.flows.materials import sample
from publisher.render.rendition import attachments, check, fill, render
from tests.unit.render.cells import SHIPPED, SITE, VALUES, cell

LANGUAGES = ["en", "fr", "ar"]


def made(form, language="en", **changed):
    """Render a cell with a form's sample, with some of it changed."""
    material = {form: {**sample(form), **changed}}
    words = [{"language": language, "words": "The **map**."}]
    one = replace(cell(form, words=words, language=language), material=material)
    return one, render(one, SHIPPED, site_url=SITE)


def sheet(content):
    """Open the spreadsheet among a content's files."""
    files = {one.filename.rpartition(".")[2]: one.content for one in attachments(content, VALUES)}
    return openpyxl.load_workbook(io.BytesIO(files["xlsx"]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["landscape", "circulation"])
def test_nothing_is_wrong_with_what_it_makes(form, language):
    """In each language, right to left as well."""
    one, content = made(form, language)

    assert check(one, content) == []
    assert content.direction == ("rtl" if language == "ar" else "ltr")


def test_a_landscape_shows_what_changed_what_is_close_and_where_it_comes_from():
    """New and changed items are marked in words, not by colour alone; twins have their reasons."""
    _, content = made("landscape")
    html = content.parts["html"]

    for said in (
        "Changed since 1 September 2026",
        "ISO/NP 1",
        "Proposal 00.60",
        "No longer in the sources",
        "Lost things",
        "ITU-T Y.4000 (01/2024)",
        "The titles share: “vocabulary”.",
        "Sources give this identifier different titles:",
        "ISO: 1 work items from iso.json, gathered on 1 March 2027",
        'href="./landscape.xlsx"',
        'id="only-iso"',
    ):
        assert said in html, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_readers_mail_is_longer_than_is_shown(language):
    """Held for who follows everything: after twenty in full the rest is short; the page has all."""
    sections = sample("circulation")["sections"]
    [line] = sections[0]["lines"]
    many = [{**line, "key": f"iso {at}", "identifier": f"ISO/NP {at}"} for at in range(100)]
    one, content = made("circulation", language, sections=[{**sections[0], "lines": many}])

    mail = fill(content, {**VALUES, "reader.committees": "iso-tc-1", "reader.interests": ""})

    assert check(one, content) == []
    assert 20_000 < len(mail["html"].encode()) < 102_000
    assert mail["html"].count("ITU-T Y.4000") == mail["text"].count("ITU-T Y.4000") == 20
    assert "ISO/NP 99" in mail["html"]
    assert "ISO/NP 99" in mail["text"]
    assert content.parts["page"].count("ITU-T Y.4000") >= 100

    one, content = made("circulation", language, sections=[{**sections[0], "lines": many * 4}])
    [problem] = check(one, content)
    assert "Gmail hides what follows" in problem.sentence


def test_the_next_edition_finds_what_this_one_showed():
    """As data, by organisation and identifier."""
    _, content = made("landscape")

    assert json.loads(content.parts["data"])["kept"]["iso ISO/NP 1"]["stage"] == "10.20"


def test_more_than_anybody_reads_is_refused():
    """With what to do, and nothing dropped in silence."""
    one, content = made("landscape", too_many=4321, sections=[])

    (problem,) = check(one, content)

    assert "4,321 work items are meant" in str(problem)


def test_a_spreadsheet_can_be_filtered_and_holds_dates_and_links():
    """Its header stays in sight."""
    sections = sample("landscape")["sections"]
    line = {**sections[0]["lines"][0], "date": "2027-03-12"}
    _, content = made("landscape", sections=[{**sections[0], "lines": [line]}])
    book = sheet(content)
    page = book.worksheets[0]
    row = {head.value: cell for head, cell in zip(page[1], page[2], strict=True)}

    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == page.dimensions
    assert row["Date"].value == datetime(2027, 3, 12)  # noqa: DTZ001  # a day, as Excel holds it
    assert row["Link"].hyperlink.target == "https://example.org/1"
    assert book.sheetnames == ["A title", "Close to it", "No longer in the sources"]


def test_a_spreadsheet_in_arabic_begins_at_the_right():
    """As its readers expect."""
    assert sheet(made("circulation", "ar")[1]).worksheets[0].sheet_view.rightToLeft


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1+2", "@SUM(A1)", '=HYPERLINK("x")', "\t=1"])
def test_no_cell_is_a_formula(title):
    """Titles come from others, and spreadsheet programs run what looks like a formula."""
    sections = sample("landscape")["sections"]
    line = {**sections[0]["lines"][0], "title": title, "identifier": title}
    page = sheet(made("landscape", sections=[{**sections[0], "lines": [line]}])[1]).worksheets[0]

    for cells in page.iter_rows(min_row=2):
        for one in cells:
            assert one.data_type != "f"
            if str(one.value).startswith(("=", "+", "-", "@")):
                assert one.quotePrefix


def test_the_same_words_make_the_same_files():
    """Byte for byte: no moment is in them."""
    first = [one.content for one in attachments(made("landscape")[1], VALUES)]

    assert [one.content for one in attachments(made("landscape")[1], VALUES)] == first


def test_the_document_is_tagged():
    """A screen reader finds a title, a language, and tables."""
    paper = next(
        one.content
        for one in attachments(made("landscape", "ar")[1], VALUES)
        if one.filename.endswith(".pdf")
    )
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "ar"


def test_a_reader_finds_its_own_fields_first():
    """By committee or by interest; the rest follows, and nothing is left out."""
    _, content = made("circulation")

    def order(**values):
        text = fill(content, {**VALUES, **values})["text"]
        return text, text.index("Information technology"), text.index("Energy")

    _, it, energy = order(**{"reader.committees": "iec-tc-8"})
    assert energy < it
    _, it, energy = order(**{"reader.interests": "information-technology"})
    assert it < energy
    text, it, energy = order()
    assert it < energy
    assert "For your committees" not in text


def test_readers_who_are_alike_share_one_rendering():
    """A name does not matter for the order, so it costs nothing."""
    _, content = made("circulation")
    iec = {**VALUES, "reader.committees": "iec-tc-8"}
    first = fill(content, iec)
    other = fill(content, {**iec, "reader.name": "Bo"})

    assert first["html"] == other["html"]
    assert fill(content, VALUES)["html"] != first["html"]


def test_a_circulation_says_by_when_and_to_whom_and_what_was_searched():
    """Where nothing was found, in what; where the source has no day, that it has none."""
    _, content = made("circulation")
    page = content.parts["page"]

    for said in (
        "New since 1 February 2027.",
        "Nothing new from IEC.",
        "Answer by 1 May 2027",
        "Answer to things@iso.example",
        "The source gives no date; ask at once.",
        "May overlap with",
        "No overlap found among 2 titles of IEC and ITU-T, gathered on 1 March 2027.",
    ):
        assert said in page, said


def test_each_field_has_an_item_for_its_feed():
    """With harmless HTML."""
    fields = json.loads(made("circulation")[1].parts["fields"])

    assert [field["slug"] for field in fields] == ["information-technology", "energy"]
    assert all("<h3>" in field["html"] for field in fields)


def test_hostile_titles_stay_words():
    """On the page, in the mail and on paper."""
    bad = '<script>alert(1)</script> #import "x" {{ 7*7 }} *bold*'
    sections = sample("landscape")["sections"]
    line = {**sections[0]["lines"][0], "title": bad}
    one, content = made("landscape", sections=[{**sections[0], "lines": [line]}])
    other, mail = made("circulation", sections=[{**sections[0], "lines": [line], "followers": []}])

    assert check(one, content) == []
    assert check(other, mail) == []
    for part in (content.parts["html"], fill(mail, VALUES)["html"], mail.parts["page"]):
        assert "<script>" not in part
        assert "{{ 7*7 }}" in part
