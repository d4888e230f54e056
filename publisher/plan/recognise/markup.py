"""HTML, Markdown and reStructuredText; the latter two become the first."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from publisher.models.errors import Refused
from publisher.plan.recognise.document import (
    MAX_COLUMNS,
    MAX_LINES,
    MAX_TABLES,
    Document,
    Line,
    Table,
    clean,
    one_line,
)
from publisher.plan.recognise.grid import Cell, laid_out
from publisher.plan.recognise.plain import decoded, text_document

#: bytes of a text with nothing in it but text, by kind: the last takes docutils half a minute
_MAX_BYTES = {"html": 5_000_000, "text": 2_000_000, "rst": 500_000}
_COMPLAINT = re.compile(r"<string>:(\d*): \(\w+/\d\) (.*)")
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "dt": 6}
_LINES = (*_HEADINGS, "p", "li", "dd", "summary", "pre", "blockquote")
_BLOCKS = {*_LINES, "ul", "ol", "dl", "table"}
_SPACE = re.compile(r"[ \t\r\n\f]+")
#: what people do not read
_UNSEEN = ("script", "style", "template", "noscript", "head", "svg", "iframe", "object")


def html_document(name: str, content: bytes) -> Document:
    """Read a page."""
    return _read(name, _text(name, content, "html"))


def markdown_document(name: str, content: bytes) -> Document:
    """Read Markdown with tables."""
    from markdown_it import MarkdownIt

    return _read(name, MarkdownIt().enable("table").render(_text(name, content, "text")))


def rst_document(name: str, content: bytes) -> Document:
    """Read reStructuredText; it may take in no other file."""
    from docutils.core import publish_parts

    complaints = io.StringIO()
    settings = {
        "_disable_config": True,
        "file_insertion_enabled": False,
        "raw_enabled": False,
        "report_level": 3,
        "halt_level": 5,
        "warning_stream": complaints,
        "doctitle_xform": False,
    }
    text = _text(name, content, "rst")
    try:
        body = publish_parts(text, writer="html5", settings_overrides=settings)["body"]
    except Exception as error:  # what docutils may raise of a bad text is no short list
        raise Refused(f"{name} cannot be read as reStructuredText: {error}") from error
    found = _read(name, body)
    if complaint := _COMPLAINT.search(complaints.getvalue()):
        found.notes.append(f"line {complaint[1] or 1}: {complaint[2].rstrip('.')}")
    return found


def plain_document(name: str, content: bytes) -> tuple[Document, str]:
    """Read plain text, in which a table may be drawn as in Markdown or reStructuredText."""
    _refuse_giant(name, content, "text")
    found, text = text_document(name, content)
    drawn = "+--" in text or "\n===" in text
    if drawn and len(text) <= _MAX_BYTES["rst"] // 4:
        found.tables += rst_document(name, text.encode()).tables
    if "|" in text and not found.tables:
        found.tables += markdown_document(name, text.encode()).tables
    return found, text


def _text(name: str, content: bytes, kind: str) -> str:
    _refuse_giant(name, content, kind)
    return decoded(name, content)[0]


def _refuse_giant(name: str, content: bytes, kind: str) -> None:
    if len(content) > _MAX_BYTES[kind]:
        size = f"{_MAX_BYTES[kind] / 1_000_000:g} MB"
        raise Refused(f"{name} is larger than {size}; give the plan alone")


def _read(name: str, text: str) -> Document:
    from lxml import etree, html

    try:
        root = html.fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError):
        return Document()  # there is nothing in it
    try:
        for unseen in list(root.iter(*_UNSEEN, etree.Comment)):
            if unseen.getparent() is not None:
                unseen.drop_tree()
        _unwrap(root)
        for mark in root.iter("br", "li", "p", "div", "tr", "dt", "dd", "h1", "h2", "h3", "h4"):
            _broken(mark)
        return Document(tables=list(_tables(root)), lines=list(_lines(root)))
    except RecursionError as error:
        raise Refused(f"{name} is nested deeper than any page") from error


def _unwrap(root: Any) -> None:  # noqa: ANN401 — lxml has no types
    """Let no line end in the file be one in the words, but where it is shown as one."""
    for element in root.iter():
        shown = next(element.iterancestors("pre"), None) is not None
        if element.text and element.tag != "pre" and not shown:
            element.text = _SPACE.sub(" ", element.text)
        if element.tail and not shown:
            element.tail = _SPACE.sub(" ", element.tail)


def _broken(element: Any) -> None:  # noqa: ANN401 — lxml has no types
    """Let words end where people see a line end."""
    if element.tag != "br":
        element.text = "\n" + (element.text or "")
    element.tail = "\n" + (element.tail or "")


def _tables(root: Any) -> Iterator[Table]:  # noqa: ANN401 — lxml has no types
    """Give every table, those within others too, each with its own rows alone."""
    above, number = "", 0
    for element in root.iter("table", *_HEADINGS):
        if element.tag != "table":
            above = one_line(element.text_content())
            continue
        number += 1
        if number > MAX_TABLES:
            return
        caption = one_line(" ".join(element.xpath("./caption//text()")))
        rows = element.xpath("./tr|./thead/tr|./tbody/tr|./tfoot/tr")
        cells = laid_out([_cell(one) for one in row.xpath("./td|./th")] for row in rows)
        yield Table(cells=cells, name=f"table {number}", above=caption or above)


def _cell(element: Any) -> Cell:  # noqa: ANN401 — lxml has no types
    # https://html.spec.whatwg.org/#attr-tdth-rowspan: nought is to the end of the table
    rows = _span(element.get("rowspan")) or 10_000
    return Cell(
        words=element.text_content(), columns=max(1, _span(element.get("colspan"))), rows=rows
    )


def _span(said: str | None) -> int:
    said = (said or "1").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 1


def _lines(root: Any) -> Iterator[Line]:  # noqa: ANN401 — lxml has no types
    """Give what stands outside tables, block by block."""
    for number, element in enumerate(root.iter(*_LINES)):
        depth = sum(1 for _ in element.iterancestors("ul", "ol", "dl", "blockquote"))
        if number > MAX_LINES or depth > MAX_COLUMNS:
            return
        if next(element.iterancestors("table"), None) is not None:
            continue
        # The paragraph of a loose list's point is the point.
        bullet = next((True for _ in element.iterancestors("li", "dd")), False)
        for words in _own_words(element).split("\n"):
            if words:
                yield from [Line(words="")] if element.tag == "p" and not bullet else []
                yield Line(
                    words=words,
                    heading=_HEADINGS.get(element.tag, 0),
                    indent=depth,
                    bullet=bullet or element.tag in {"li", "dd"},
                )


def _own_words(element: Any) -> str:  # noqa: ANN401 — lxml has no types
    """Give a block's words less those of the blocks within it."""
    said = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _BLOCKS:
            said.append(child.text_content())
        said.append(child.tail or "")
    return clean("".join(said))
