"""One body as Word, PowerPoint, PDF and HTML: structure, masters, limits, the same bytes."""

import hashlib
import io
import os
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pikepdf
import pptx
import pytest
from docx.oxml.ns import qn
from PIL import Image
from pptx.enum.chart import XL_CHART_TYPE

from publisher.models.errors import PlanError
from publisher.models.specs import PictureFile
from publisher.plan.annex_file import annex
from publisher.plan.master_file import POWERPOINT, WORD
from publisher.render.rendition import attachments, check, fill, render
from tests.unit.render import test_landscape
from tests.unit.render.cells import SITE, VALUES, cell, files, picture, rendered, sentences

GIVEN = {**VALUES, "paper.number": "3", "paper.year": "2027", "paper.date": "12 March 2027"}


def spreadsheet() -> bytes:
    """Give a landscape's, with a sheet each for work items, close ones and those that are gone."""
    _, content = test_landscape.made("landscape")
    return attachments(content, VALUES)[-1].content


def _png() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), "#2f6b3c").save(drawn, "png")
    return drawn.getvalue()


PNG = _png()
RING = {
    "pictures": [{"file": "ring.png", "alt": {"en": "A ring", "ar": "حلقة"}}],
    "files": {"ring.png": picture(PNG)},
}
BODY = """Two *things* with [a link](https://example.org) | and a bar.

## Highlights

1. First
2. Second
   - inside

## Table

| Body | Cases |
|---|--:|
| ISO | 4 |

![A ring](ring.png)

> Quoted.

```chart column Cases, by year
        | 2025 | 2026
Settled | 12   | 19.5
```
"""
SLIDES = """Opening words.

## Cases

- One point
  - inside

```notes
Say it slowly.
```

## In figures

Words beside.

```chart column Cases, by year
        | 2025 | 2026
Settled | 12   | 19
```

## A ring

![A ring](ring.png)

---

| Body | Cases |
|---|--:|
| ISO | 4 |
"""
SECTIONS = """Why we write.

## Decision sought

The board is invited to note it.

## Our own

Heading.

## Background

It began.

## Recommendation

That it go on.
"""
ARABIC = "مرحبا ISO 2027/12 بكم.\n\n## عنوان\n\n- واحد\n\n| أ | ب |\n|---|---|\n| ج | 2 |\n"


def made(form: str, words: str, **said) -> dict[str, bytes]:
    """Give a form's files by their ending."""
    content = rendered(form, words=words, **{**RING, **said})
    return {one.filename.rpartition(".")[2]: one.content for one in attachments(content, GIVEN)}


@pytest.fixture(scope="module")
def report() -> dict[str, bytes]:
    return made("report", BODY, title={"en": "A title *with* stars"})


@pytest.fixture(scope="module")
def shown() -> dict[str, bytes]:
    return made("presentation", SLIDES)


def opened(document: bytes):
    return docx.Document(io.BytesIO(document))


def test_a_word_document_has_true_styles_and_says_what_it_is(report):
    """Headings are headings, so that a reader's aid can go from one to the next."""
    document = opened(report["docx"])
    styles = {one.style.name: one.text for one in document.paragraphs if one.text}

    assert styles["Title"] == "A title *with* stars"
    assert {"Heading 1", "List Number", "List Bullet 2", "Quote", "Caption", "TOC 1"} <= set(styles)
    assert document.core_properties.title == "A title *with* stars"
    assert document.core_properties.language == "en-GB"
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "en-GB"
    alt = document.element.body.find(f".//{qn('wp:docPr')}").get("descr")
    assert alt == "A ring"
    table = document.tables[0]
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    footer = document.sections[0].footer._element.xml
    assert "NUMPAGES" in footer
    assert " PAGE " in footer


def test_the_contents_lead_to_the_headings(report):
    """Each line links to a bookmark that is there."""
    body = opened(report["docx"]).element.body
    marks = {one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))}
    links = [one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))]

    assert 'TOC \\o "1-3"' in body.xml
    assert set(filter(None, links)) == marks
    assert len(marks) >= 4


def test_the_same_content_gives_the_same_bytes(report, shown):
    """A restored archive makes the documents that were filed."""
    assert made("report", BODY, title={"en": "A title *with* stars"}) == report
    assert made("presentation", SLIDES) == shown
    for document in (report["docx"], shown["pptx"]):
        with zipfile.ZipFile(io.BytesIO(document)) as archive:
            assert {info.date_time[0] for info in archive.infolist()} == {1980}
            assert b"dcterms:created" not in archive.read("docProps/core.xml")


def test_figures_stand_in_every_file_of_a_report(report):
    """One body: what is in the PDF is in the Word document and in the HTML."""
    content = rendered("report", words=BODY, **RING)
    words = " ".join(
        cell.text
        for table in opened(report["docx"]).tables
        for row in table.rows
        for cell in row.cells
    )

    assert "1150 of 1200" in words
    assert "1150 of 1200" in fill(content, VALUES)["html"]
    assert "31 of 40" in fill(content, VALUES)["html"]
    assert '"1150 of 1200"' in fill(content, VALUES)["document"].replace("\\", "")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["report", "agenda-item", "presentation"])
def test_the_pdf_is_tagged(form):
    """PDF/UA-1, with a title, a language and pictures' words."""
    words = {"agenda-item": SECTIONS, "presentation": SLIDES}.get(form, BODY)
    with pikepdf.open(io.BytesIO(made(form, words)["pdf"])) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "A title"
        if form == "presentation":
            assert len(pdf.pages) == 5


def test_an_arabic_document_begins_at_the_right():
    """Paragraphs, tables and runs are marked; numbers keep their own direction."""
    document = opened(made("report", ARABIC, language="ar")["docx"])
    opening = next(one for one in document.paragraphs if "ISO 2027/12" in one.text)
    runs = {run.text: run._r.find(f".//{qn('w:rtl')}") is not None for run in opening.runs}

    assert opening._p.pPr.find(qn("w:bidi")) is not None
    assert runs["ISO 2027/12"] is False
    assert any(runs.values())
    assert document.tables[0]._tbl.tblPr.find(qn("w:bidiVisual")) is not None


def test_slides_have_titles_notes_and_a_chart_to_edit(shown):
    """Read in order: title, words, then what is shown."""
    slides = pptx.Presentation(io.BytesIO(shown["pptx"])).slides
    titles = [slide.shapes.title.text for slide in slides]
    chart = next(one for one in slides[2].shapes if one.has_chart)

    assert titles == ["A title", "Cases", "In figures", "A ring", "A ring (2)"]
    assert slides[1].notes_slide.notes_text_frame.text == "Say it slowly."
    assert chart.chart.chart_type == XL_CHART_TYPE.COLUMN_CLUSTERED
    assert [list(series.values) for series in chart.chart.plots[0].series] == [[12.0], [19.0]]
    assert "Settled: 2025 12, 2026 19" in chart._element.xpath(".//p:cNvPr")[0].get("descr")
    picture_shape = next(one for one in slides[3].shapes if one.shape_type == 13)
    assert picture_shape._element.xpath(".//p:cNvPr")[0].get("descr") == "A ring"
    for slide in slides:
        assert slide.shapes[0] == slide.shapes.title
        assert {run.get("lang") for run in slide.element.iter(f"{{{_DRAWING}}}rPr")} <= {
            "en-GB",
            None,
        }


_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Nothing but words.", "there are no slides; each begins with a heading: ## Its title"),
        (f"## {'x' * 71}\n\nx", "has a title of 71 letters; 70 fit"),
        ("## A\n\n" + "- x\n" * 9, "slide 2 “A” has 9 points; 8 fit; split it with a line of ---"),
        ("## A\n\n" + "word " * 100, "slide 2 “A” has 499 letters; 480 fit"),
        ("## A\n\n![r](ring.png)\n\n![r](ring.png)", "has more than one chart, table or picture"),
        ("![r](ring.png)\n\n## A\n\nx", "slide 1 is the title's and holds no chart"),
        ("One.\n\n---\n\nTwo.\n\n## A\n\nx", "slide 2 has no title; begin it with ## and a title"),
        ("## A\n\n" + "|a|b|\n|-|-|\n" + "|1|2|\n" * 9, "a table of 10 rows and 2 columns"),
        ("## A\n\n```chart cake x\n |a\nb|1\n```", "a chart is of a kind: bar, column, line, pie"),
        ("## A\n\n```chart bar\n |a\nb|1\n```", "say what the chart shows, after “bar”"),
        ("## A\n\n```chart bar T\n |a\nb|many\n```", "“many” in the chart “T” is not a number"),
        (
            "## A\n\n```chart bar T\n |a\nb|1|2\n```",
            "the line “b” of the chart “T” has not 2 cells",
        ),
        ("## A\n\n```chart pie T\n |a|b\nc|1|2\n```", "the pie “T” has one series, not 2"),
    ],
)
def test_what_does_not_fit_a_slide_is_refused(words, expected):
    """With the slide's number and title; nothing is shrunk."""
    assert any(expected in one for one in sentences("presentation", words=words, **RING))


def _table(*rows: list[str]) -> str:
    lines = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


LONG = "Internationalisation"


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        ("x" * 89, False),  # as Typst sets it, 89 of these fill the line
        ("x" * 90, True),
        ("- " + "x" * 89, True),
        ("https://example.org/" + "path/" * 60, False),
        ("`" + "c" * 110 + "`", True),
        (_table(["a"] * 4, [LONG] * 4), False),
        (_table(["a"] * 5, [LONG] * 5), True),
        (_table(["a", "b"], ["many words " * 30, "z" * 38]), False),
        (_table(["a", "b"], ["many words " * 30, "z" * 56]), True),
        ("منظمة " * 90, False),
    ],
)
def test_what_is_wider_than_the_page_is_refused(words, refused):
    """A word that cannot be parted and a column too narrow for one would be cut off in print."""
    said = [one for one in sentences("report", words=words) if "is wider than" in one]

    assert bool(said) == refused
    assert [one for one in said if "…" not in one and LONG not in one] == []


def test_the_words_of_a_circular_are_held_to_its_page_too():
    """And slides to theirs."""
    (circular,) = sentences("circular", words="x" * 90)
    (slide,) = sentences("presentation", words=f"## A\n\n{'x' * 90}")

    assert "is wider than the page; let it be parted, or shorten it" in circular
    assert "is wider than the page" in slide


@pytest.mark.slow
def test_a_slide_fuller_than_its_page_is_refused():
    """A table may have few rows and still not fit: the page is set, and says so."""
    table = "| a | b |\n|---|---|\n" + f"| {'words ' * 40} | {'words ' * 40} |\n" * 8

    (sentence,) = sentences("presentation", words=f"## A slide\n\n{table}")

    assert "slide 2 “A slide” holds more than fits on it; split it" in sentence


def test_a_paper_has_its_sections_in_its_boards_order():
    """What is asked for stands first with one board, last with another; own headings at the end."""

    def order(organisation: str) -> list[str]:
        files_made = made("agenda-item", SECTIONS, organisation={"slug": organisation})
        document = opened(files_made["docx"])
        return [one.text for one in document.paragraphs if one.style.name == "Heading 1"]

    assert order("iso") == ["Decision sought", "Background", "Recommendation", "Our own"]
    assert order("iec") == ["Background", "Recommendation", "Decision sought", "Our own"]
    assert order("itu-t")[0] == "Abstract"


def test_a_paper_is_submitted_with_its_number_and_a_manifest():
    """One ZIP: both files, and the SHA-256 of each."""
    content = rendered("agenda-item", words=SECTIONS, organisation={"slug": "iec"})
    pdf, word, zipped = attachments(content, GIVEN)

    with zipfile.ZipFile(io.BytesIO(zipped.content)) as archive:
        manifest = archive.read("MANIFEST.txt").decode()
        assert archive.read(pdf.filename) == pdf.content
    assert zipped.filename == "SMB-3-R-en.zip"
    assert manifest.startswith("SMB/3/R: A title\n")
    for one in (pdf, word):
        assert f"{hashlib.sha256(one.content).hexdigest()}  {one.filename}" in manifest
    assert "SMB/3/R" in opened(word.content).sections[0].header.paragraphs[0].text


def test_annexes_are_listed_and_go_with_the_paper():
    """As they were handed in, after the papers; the manifest has the SHA-256 of each."""
    table = annex("figures.csv", b"Organ,n\nTMB,3\n")
    said = {
        "annexes": [
            {"file": "annexes/figures.csv", "title": {"en": "Figures | of 2027", "ar": "أرقام"}},
            {"file": "annexes/ring.png", "title": {"en": "A ring", "ar": "حلقة"}},
        ],
        "files": {"annexes/figures.csv": table, "annexes/ring.png": picture(PNG)},
    }
    content = rendered("agenda-item", words=SECTIONS, **said)
    _, word, submitted = attachments(content, GIVEN)
    with zipfile.ZipFile(io.BytesIO(submitted.content)) as archive:
        names = archive.namelist()
        manifest = archive.read("MANIFEST.txt").decode()
        kept = archive.read(names[2])

    [_, listed] = opened(word.content).tables
    rows = [[cell.text for cell in row.cells] for row in listed.rows]
    assert rows[1] == ["1", "Figures | of 2027", "figures.csv", "1 kB"]
    assert [name.partition("-annex-")[2] for name in names[2:4]] == ["1-figures.csv", "2-ring.png"]
    assert kept == table.content
    for line in manifest.splitlines()[2:]:
        digest, name = line.split("  ")
        with zipfile.ZipFile(io.BytesIO(submitted.content)) as archive:
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    assert content.draws_on == {one.sha256 for one in said["files"].values()}
    assert attachments(content, GIVEN)[2] == submitted
    arabic = rendered("agenda-item", words=SECTIONS, language="ar", **said)
    assert "| 2 | حلقة | ring\\.png |" in arabic.parts["body"]
    with pytest.raises(PlanError, match="no longer kept"):
        attachments(replace(content, files={}), GIVEN)
    del said["annexes"][0]["title"]["ar"]
    wrong = sentences("agenda-item", words=SECTIONS, language="ar", **said)
    assert any("annexes/figures.csv” has no title in ar" in one for one in wrong)


def test_a_section_that_is_missing_is_named():
    """In the words' own language."""
    said = sentences("agenda-item", words="## Décision demandée\n\nx", language="fr")

    assert [one.partition(" has ")[2] for one in said] == [
        "no section “Contexte”; write it under ## Contexte",
        "no section “Recommandation”; write it under ## Recommandation",
    ]


def test_a_picture_no_office_program_shows_is_refused():
    """Better than an empty frame in the board's papers."""
    webp = PictureFile(sha256="0" * 64, media_type="image/webp", content=b"RIFF")

    said = sentences("report", words="Words.", **{**RING, "files": {"ring.png": webp}})

    assert any("documents take PNG, JPEG and GIF" in one for one in said)


# Masters


def word_master(*lines: str, styles: bool = True) -> PictureFile:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Our house: {{ head }}"
    for line in lines:
        document.add_paragraph(line)
    if not styles:
        style = document.styles["List Bullet"]
        style.element.getparent().remove(style.element)
    saved = io.BytesIO()
    document.save(saved)
    return kept(saved.getvalue(), WORD)


def slide_master(*without: str) -> PictureFile:
    shown = pptx.Presentation()
    shown.slides.add_slide(shown.slide_layouts[0]).shapes.title.text = "How to use this master"
    for layout in list(shown.slide_layouts)[1:]:
        if layout.name in without:
            shown.slide_layouts.remove(layout)
    saved = io.BytesIO()
    shown.save(saved)
    return kept(saved.getvalue(), POWERPOINT)


def kept(content: bytes, media_type: str) -> PictureFile:
    digest = hashlib.sha256(content).hexdigest()
    return PictureFile(sha256=digest, media_type=media_type, content=content)


def on(master: PictureFile, form: str = "report", words: str = BODY) -> dict[str, bytes]:
    name = "master.pptx" if form == "presentation" else "master.docx"
    sources = files({f"{form}/organisations/iso/{name}": master})
    asked = cell(form, words=words, **RING)
    content = render(asked, sources, site_url=SITE)
    assert content.parts["master"] == master.sha256
    return {one.filename.rpartition(".")[2]: one.content for one in attachments(content, GIVEN)}


def test_an_organisations_own_word_file_is_filled():
    """Its header and its styles, our words; lists and pictures and all."""
    document = opened(on(word_master("Title: {{ title }}", "{{p words }}", "The end."))["docx"])
    texts = [one.text for one in document.paragraphs if one.text]

    assert texts[0] == "Title: A title"
    assert texts[-1] == "The end."
    assert {"Heading 1", "List Number"} <= {one.style.name for one in document.paragraphs}
    assert document.sections[0].header.paragraphs[0].text == "Our house: Report · members"
    assert len(document.inline_shapes) == 1


def test_the_master_is_part_of_what_is_approved():
    """Other bytes, other words: the yes is asked for again."""
    one, other = word_master("{{p words }}"), word_master("{{p words }}", "More.")
    asked = cell("report", words=BODY, **RING)

    first, second = (
        render(asked, files({"report/master.docx": master}), site_url=SITE)
        for master in (one, other)
    )

    assert first.sha256 != second.sha256
    assert "files" not in first.to_json()


ENDLESS = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}"


@pytest.mark.parametrize(
    ("master", "expected"),
    [
        (lambda: word_master("No place."), "it says nowhere {{p words }}"),
        (lambda: word_master("{{p words }}", styles=False), "it has no style “List Bullet"),
        (lambda: word_master("{{p words }}", "{{ titel }}"), "did you mean “title”?"),
        (lambda: word_master("{{p words }}", "{{ title.__class__.__mro__ }}"), "__class__"),
        (
            lambda: word_master(
                "{{p words }}", "{% for a in range(9999) %}{{ a }}{% endfor %}" * 9
            ),
            "",
        ),
        (lambda: kept(b"PK\x03\x04 no document", WORD), "Word's file cannot be read"),
    ],
    ids=["no place", "no style", "a slip", "a way out", "endless", "damaged"],
)
def test_a_word_master_that_does_not_do_is_refused(master, expected):
    """With its file, before anything is filed."""
    with pytest.raises(PlanError) as caught:
        on(master(), words="- a point\n")

    assert caught.value.problems[0].path == "templates/report/organisations/iso/master.docx"
    assert expected in caught.value.problems[0].sentence


def test_slides_are_made_on_an_organisations_own_master():
    """Its own sample slides are left out."""
    slides = pptx.Presentation(
        io.BytesIO(on(slide_master(), "presentation", SLIDES)["pptx"])
    ).slides

    assert slides[0].shapes.title.text == "A title"
    assert len(slides) == 5


def test_a_master_without_the_layout_asked_for_is_refused():
    """The sentence says which there are."""
    asked = cell("presentation", words=SLIDES, **RING)
    sources = files({"presentation/master.pptx": slide_master("Two Content")})

    (problem,) = check(asked, render(asked, sources, site_url=SITE))

    assert problem.path == "templates/presentation/master.pptx"
    assert problem.sentence.startswith(
        "it has no layout “Two Content”, which these slides need; it"
    )
    assert "“Title and Content”" in problem.sentence


# What office programs make of them


@pytest.mark.slow
def test_libreoffice_opens_each_and_sets_its_pages(tmp_path: Path, report, shown):
    """Without repair, and with as many pages as there are; one start of the program for all."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have LibreOffice")
        pytest.skip("LibreOffice is not installed")
    arabic = made("presentation", "## عنوان\n\n- نقطة\n\n## آخر\n\nكلمات", language="ar")
    paper = made("agenda-item", SECTIONS)
    given = {
        "report.docx": report["docx"], "paper.docx": paper["docx"],
        "slides.pptx": shown["pptx"], "arabic.pptx": arabic["pptx"],
        "master.pptx": on(slide_master(), "presentation", SLIDES)["pptx"],
        "landscape.xlsx": spreadsheet(),
    }  # fmt: skip
    for name, content in given.items():
        (tmp_path / name).write_bytes(content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"

    subprocess.run(
        [program, "--headless", profile, "--convert-to", "pdf", *given],
        cwd=tmp_path, capture_output=True, check=True, timeout=120,
    )  # fmt: skip

    pages = {}
    for path in tmp_path.glob("*.pdf"):
        with pikepdf.open(path) as pdf:
            pages[path.stem] = len(pdf.pages)
    assert pages == {"report": 2, "paper": 1, "slides": 5, "arabic": 3, "master": 5, "landscape": 3}
