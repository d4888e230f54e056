"""What python-docx has no method for, written as WordprocessingML (ECMA-376 part 1, §17)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Element = Any  #: lxml's, which has no types

#: the order in which a paragraph's and a run's properties must stand, §17.3.1.26 and §17.3.2.28
_P_ORDER = (
    *("pStyle", "keepNext", "keepLines", "numPr", "pBdr", "shd", "tabs", "bidi", "spacing", "ind"),
    *("jc", "outlineLvl", "rPr"),
)
_R_ORDER = (
    *(
        "rStyle",
        "rFonts",
        "b",
        "bCs",
        "i",
        "iCs",
        "strike",
        "color",
        "sz",
        "szCs",
        "u",
        "rtl",
        "lang",
    ),
)


def element(tag: str, **said: object) -> Element:
    """Make an element of the namespace `w`, with attributes of the same."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{tag}")
    for name, value in said.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def _put(properties: Element, made: Element, order: tuple[str, ...]) -> None:
    """Put a property in its place among the others; one that is there already gives way."""
    name = made.tag.rpartition("}")[2]
    for old in properties.findall(made.tag):
        properties.remove(old)
    rank = order.index(name)
    for at, other in enumerate(properties):
        other_name = other.tag.rpartition("}")[2]
        if other_name in order and order.index(other_name) > rank:
            properties.insert(at, made)
            return
    properties.append(made)


def paragraph_property(paragraph: Element, made: Element) -> None:
    """Give a paragraph, or a style, a property."""
    _put(paragraph.get_or_add_pPr(), made, _P_ORDER)


def run_property(run: Element, made: Element) -> None:
    """Give a run, or a style, a property."""
    _put(run.get_or_add_rPr(), made, _R_ORDER)


def right_to_left(paragraph: Element) -> None:
    """Begin a paragraph's lines at the right."""
    paragraph_property(paragraph, element("bidi"))


def right_to_left_table(table: Element) -> None:
    """Begin a table's rows at the right."""
    made = element("bidiVisual")
    properties = table.tblPr
    style = properties.find(made.tag.replace("bidiVisual", "tblStyle"))
    properties.insert(0 if style is None else list(properties).index(style) + 1, made)


def tight(paragraph: Element) -> None:
    """Take the space around a paragraph away, in a table's cell."""
    paragraph_property(paragraph, element("spacing", before=40, after=40))


def small(paragraph: Element) -> None:
    """Make an empty paragraph hardly seen."""
    paragraph_property(
        paragraph, element("spacing", before=0, after=60, line=120, lineRule="exact")
    )


def at_the_end(paragraph: Element) -> None:
    """Put a paragraph at the end of the line, where numbers stand."""
    paragraph_property(paragraph, element("jc", val="end"))


def rule(paragraph: Element) -> None:
    """Draw a line below a paragraph."""
    border = element("pBdr")
    border.append(element("bottom", val="single", sz=6, space=1, color="808080"))
    paragraph_property(paragraph, border)


def head_row(row: Element) -> None:
    """Say that a row is the table's head, repeated on each page."""
    row.get_or_add_trPr().append(element("tblHeader"))


def whole_row(row: Element) -> None:
    """Keep a row on one page."""
    row.get_or_add_trPr().insert(0, element("cantSplit"))


def shaded(cell: Element, colour: str) -> None:
    """Colour what lies behind a cell."""
    cell.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=colour))


def run(parent: Element, words: str = "") -> Element:
    """Add a run to a paragraph or a link; a line end in it is a line break."""
    made = element("r")
    parent.append(made)
    for at, line in enumerate(words.split("\n")):
        if at:
            made.append(element("br"))
        if line:
            text = element("t")
            text.text = line
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            made.append(text)
    return made


def marked(
    made: Element, *, bold: bool, italic: bool, strike: bool, code: bool, right_to_left: bool
) -> None:
    """Say how a run looks, for letters of either direction."""
    if bold:
        run_property(made, element("b"))
        run_property(made, element("bCs"))
    if italic:
        run_property(made, element("i"))
        run_property(made, element("iCs"))
    if strike:
        run_property(made, element("strike"))
    if code:
        faces = dict.fromkeys(("ascii", "hAnsi", "cs"), "Courier New")
        run_property(made, element("rFonts", **faces))
    if right_to_left:
        run_property(made, element("rtl"))
    if made.getparent().tag.endswith("}hyperlink"):
        run_property(made, element("u", val="single"))


def link(paragraph: Element, part: Any, address: str) -> Element:  # noqa: ANN401  # python-docx's part
    """Add a link to a paragraph, to be filled with runs."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement("w:hyperlink")
    number = part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    made.set(qn("r:id"), number)
    paragraph.append(made)
    return made


def inner_link(paragraph: Element, mark: str) -> Element:
    """Add a link to a bookmark."""
    made = element("hyperlink", anchor=mark, history=1)
    paragraph.append(made)
    return made


def bookmark_name(number: int) -> str:
    """Name the bookmark of a heading."""
    return f"_Toc{number:04d}"


@contextmanager
def bookmark(paragraph: Element, number: int) -> Iterator[None]:
    """Set a bookmark around what is written meanwhile."""
    paragraph.append(element("bookmarkStart", id=number, name=bookmark_name(number)))
    yield
    paragraph.append(element("bookmarkEnd", id=number))


def field(paragraph: Element, code: str, shown: str) -> None:
    """Add a field with what it shows until it is computed: `PAGE`, `NUMPAGES`."""
    begin_field(paragraph, code)
    run(paragraph, shown)
    end_field(paragraph)


def begin_field(paragraph: Element, code: str) -> None:
    """Begin a field; what follows up to `end_field` is what it shows."""
    run(paragraph).append(element("fldChar", fldCharType="begin"))
    told = element("instrText")
    told.text = f" {code} "
    told.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run(paragraph).append(told)
    run(paragraph).append(element("fldChar", fldCharType="separate"))


def end_field(paragraph: Element) -> None:
    """End a field."""
    run(paragraph).append(element("fldChar", fldCharType="end"))


def numbering(numbers: Element, level: int, start: int) -> int:
    """Make a numbered list that begins anew, and give its number."""
    known = [int(one.get(_w("abstractNumId"))) for one in numbers.findall(_w("abstractNum"))]
    abstract = max(known, default=-1) + 1
    made = element("abstractNum", abstractNumId=abstract)
    made.append(element("multiLevelType", val="multilevel"))
    for at in range(level + 1):
        made.append(_level(at, start if at == level else 1))
    first = numbers.find(_w("num"))
    numbers.insert(len(numbers) if first is None else list(numbers).index(first), made)
    used = [int(one.get(_w("numId"))) for one in numbers.findall(_w("num"))]
    number = max(used, default=0) + 1
    listed = element("num", numId=number)
    listed.append(element("abstractNumId", val=abstract))
    numbers.append(listed)
    return number


def _level(at: int, start: int) -> Element:
    made = element("lvl", ilvl=at)
    made.append(element("start", val=start))
    made.append(element("numFmt", val=("decimal", "lowerLetter", "lowerRoman")[at]))
    made.append(element("lvlText", val=f"%{at + 1}."))
    made.append(element("lvlJc", val="start"))
    properties = element("pPr")
    properties.append(element("ind", left=360 * (at + 1), hanging=360))
    made.append(properties)
    return made


def numbered(paragraph: Element, number: int, level: int) -> None:
    """Put a paragraph into a numbered list."""
    made = element("numPr")
    made.append(element("ilvl", val=level))
    made.append(element("numId", val=number))
    paragraph_property(paragraph, made)
    indent = element("ind", left=360 * (level + 1), hanging=360)
    paragraph_property(paragraph, indent)


def fitted(drawn: Any, section: Any) -> None:  # noqa: ANN401  # python-docx's shapes and sections
    """Make a picture no wider than the text, and no higher than half of a page."""
    wide, high = room(section)
    share = min(1.0, wide / drawn.width, high / 2 / drawn.height)
    drawn.width, drawn.height = int(drawn.width * share), int(drawn.height * share)


def room(section: Any) -> tuple[int, int]:  # noqa: ANN401  # python-docx's sections
    """Give the width and height between the margins, in EMU."""
    wide = section.page_width - section.left_margin - section.right_margin
    return wide, section.page_height - section.top_margin - section.bottom_margin


def described(inline: Element, number: int, alt: str) -> None:
    """Give a picture its words for who cannot see it, and a number of its own."""
    inline.docPr.set("descr", alt)
    inline.docPr.set("id", str(number))
    inline.docPr.set("name", f"Picture {number}")


def _w(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{tag}"))
