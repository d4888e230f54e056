"""Our own look of a Word document: true styles in the organisation's colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.render.documents import word_xml as xml
from publisher.render.documents.letters import runs
from publisher.render.documents.setting import Setting, region
from publisher.render.documents.word import Marks

if TYPE_CHECKING:
    from docx.document import Document

#: on every machine, or replaced by one of the same widths; each has what the others lack
FACE, FACE_EAST = "Arial", "Microsoft YaHei"
_QUIET = "565B64"
_SIZES = {"Title": 22, "Subtitle": 12, "Heading 1": 15, "Heading 2": 12.5, "Heading 3": 11}


def fresh(said: Setting, *, language: str, right_to_left: bool) -> Document:
    """Give an empty A4 document with its styles, its header and its footer."""
    import docx
    from docx.shared import Cm

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.4)
    section.header_distance = section.footer_distance = Cm(1.2)
    _styles(document, said, language)
    _edges(document, said, right_to_left=right_to_left)
    if right_to_left:
        section._sectPr.append(xml.element("bidi"))
    return document


def _styles(document: Document, said: Setting, language: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    styles = document.styles
    tag = region(language)
    defaults = styles.element.find(".//" + _w("rPrDefault") + "/" + _w("rPr"))
    for old in defaults.findall(_w("lang")):
        defaults.remove(old)
    defaults.append(xml.element("lang", val=tag, eastAsia=tag, bidi=tag))
    for level in (1, 2, 3):
        made = styles.add_style(f"TOC {level}", WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = styles["Normal"]
        made.paragraph_format.space_after = Pt(3)
        xml.paragraph_property(made.element, xml.element("ind", start=280 * (level - 1)))
    for name in ("Normal", "Caption", "Quote", *_SIZES, "TOC Heading"):
        _faced(styles[name])
    link = said.brand["link"].removeprefix("#").upper()
    for name, size in _SIZES.items():
        _sized(styles[name], size, _QUIET if name in ("Subtitle", "Heading 3") else link)
    _sized(styles["TOC Heading"], 12.5, link)
    _sized(styles["Normal"], 10.5, "1D2025")
    _sized(styles["Caption"], 10.5, "1D2025")
    _sized(styles["Quote"], 10.5, _QUIET)
    for name in ("List Bullet", "List Number", "List Continue"):
        styles[name].paragraph_format.space_after = Pt(4)
    normal = styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(7), 1.15
    styles["Title"].paragraph_format.space_before = Pt(10)
    for name in ("Title", "Subtitle"):
        for border in styles[name].element.findall(".//" + _w("pBdr")):
            border.getparent().remove(border)
        for loose in ("spacing", "kern", "i", "iCs"):  # letters apart break Arabic words
            for old in styles[name].element.get_or_add_rPr().findall(_w(loose)):
                old.getparent().remove(old)
    _light(styles["Table Grid"], said.brand["main"].removeprefix("#"))
    styles["Caption"].font.bold = True


def _faced(style: Any) -> None:  # noqa: ANN401  # python-docx tells styles apart at run time
    """Give a style our letters instead of the theme's."""
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(_w("rFonts")):
        properties.remove(old)
    xml.run_property(
        style.element, xml.element("rFonts", ascii=FACE, hAnsi=FACE, cs=FACE, eastAsia=FACE_EAST)
    )


def _light(style: Any, colour: str) -> None:  # noqa: ANN401  # likewise
    """Leave a table only the lines between its rows, and a stronger one at its head and foot."""
    for old in style.element.findall(".//" + _w("tblBorders")):
        for side in list(old):
            name = side.tag.rpartition("}")[2]
            seen = name in ("top", "bottom", "insideH")
            side.set(_w("val"), "single" if seen else "nil")
            side.set(_w("sz"), "4" if name == "insideH" else "8")
            side.set(_w("color"), "C9CDD4" if name == "insideH" else colour)


def _sized(style: Any, points: float, colour: str) -> None:  # noqa: ANN401  # likewise
    half = int(points * 2)
    xml.run_property(style.element, xml.element("color", val=colour))
    xml.run_property(style.element, xml.element("sz", val=half))
    xml.run_property(style.element, xml.element("szCs", val=half))


def _edges(document: Document, said: Setting, *, right_to_left: bool) -> None:
    """Write the header, whose it is and what, and the footer, with the page's number."""
    section = document.sections[0]
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    for paragraph in (head, foot):
        paragraph.style = document.styles["Header"]
        if right_to_left:
            xml.right_to_left(paragraph._p)
    _sized(document.styles["Header"], 8.5, _QUIET)
    _faced(document.styles["Header"])
    above = f"{said.short} · {said.head}" if said.head else said.short
    _said(head._p, above, right_to_left=right_to_left)
    xml.rule(head._p)
    _said(foot._p, f"{said.title}  ·  {said.labels['page']} ", right_to_left=right_to_left)
    xml.field(foot._p, "PAGE", "1")
    _said(foot._p, f" {said.labels['of']} ", right_to_left=right_to_left)
    xml.field(foot._p, "NUMPAGES", "1")


def _said(paragraph: xml.Element, words: str, *, right_to_left: bool) -> None:
    for piece, backwards in runs(words, right_to_left=right_to_left):
        xml.marked(xml.run(paragraph, piece), **vars(Marks()), right_to_left=backwards)


def _w(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{tag}"))
