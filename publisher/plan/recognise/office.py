"""Word documents and Excel workbooks, opened once they were looked at with suspicion."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from publisher.models.errors import Refused
from publisher.plan.recognise.document import (
    MAX_COLUMNS,
    MAX_LINES,
    MAX_ROWS,
    MAX_TABLES,
    Document,
    Line,
    Table,
    clean,
    one_line,
)
from publisher.plan.recognise.grid import Cell, laid_out
from publisher.plan.recognise.package import EXCEL, WORD, look

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def docx_document(name: str, content: bytes) -> Document:
    """Read a Word document."""
    look(name, content, WORD)
    import docx

    try:
        body = docx.Document(io.BytesIO(content)).element.body
        return Document(tables=list(_tables(body)), lines=list(_lines(body)))
    except (KeyError, ValueError, IndexError, AttributeError, SyntaxError) as error:
        raise Refused(f"{name} is damaged; open it in Word and save it again") from error


def xlsx_document(name: str, content: bytes) -> Document:
    """Read the sheets of a workbook that are not hidden, with what their formulas last gave."""
    look(name, content, EXCEL)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), data_only=True)
        shown = [one for one in book.worksheets if one.sheet_state == "visible"][:MAX_TABLES]
        said = load_workbook(io.BytesIO(content))
        if cell := next((at for one in shown if (at := _uncomputed(one, said[one.title]))), ""):
            raise Refused(f"{name} has a formula in {cell} that was never computed; save it anew")
        return Document(tables=[_sheet(one) for one in shown])
    except (KeyError, ValueError, IndexError, TypeError, AttributeError, SyntaxError) as error:
        raise Refused(f"{name} is damaged; open it and save it again") from error


def _uncomputed(given: Any, said: Any) -> str:  # noqa: ANN401 — openpyxl has no types
    """Give the place of a formula that gives nothing, if any: its words would be lost."""
    for row in said.iter_rows(**_size(said)):
        for cell in row:
            if cell.data_type == "f" and given[cell.coordinate].value is None:
                return f"{cell.coordinate} of “{clean(given.title)}”"
    return ""


def _tables(body: Any) -> Iterator[Table]:  # noqa: ANN401 — lxml has no types
    """Give every table, those within others too, each with its own rows alone."""
    above, number = "", 0
    for element in body.iter(f"{_W}p", f"{_W}tbl"):
        if element.tag == f"{_W}p":
            above = one_line(_words(element)) if _level(element) else above
            continue
        number += 1
        if number > MAX_TABLES:
            return
        rows = (row for row in element.iter(f"{_W}tr") if _nearest(row, "tbl") is element)
        yield Table(cells=laid_out(map(_cells, rows)), name=f"table {number}", above=above)


def _cells(row: Any) -> Iterator[Cell]:  # noqa: ANN401 — lxml has no types
    before = _number(row.find(f"{_W}trPr/{_W}gridBefore"))
    if before > 0:
        yield Cell(words="", columns=before)
    for cell in row.iter(f"{_W}tc"):
        if _nearest(cell, "tr") is row:
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            yield Cell(
                words="\n".join(_words(one) for one in cell.iter(f"{_W}p")),
                columns=_number(cell.find(f"{_W}tcPr/{_W}gridSpan"), otherwise=1),
                # ECMA-376 part 1, 17.4.84: without a value it goes on
                goes_on=merged is not None and merged.get(f"{_W}val", "continue") == "continue",
            )


def _nearest(element: Any, tag: str) -> Any:  # noqa: ANN401 — lxml has no types
    return next(element.iterancestors(f"{_W}{tag}"), None)


def _number(element: Any, *, otherwise: int = 0) -> int:  # noqa: ANN401 — lxml has no types
    said = "" if element is None else str(element.get(f"{_W}val", ""))
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else otherwise


def _lines(body: Any) -> Iterator[Line]:  # noqa: ANN401 — lxml has no types
    for number, element in enumerate(body.iter(f"{_W}p")):
        if number > MAX_LINES:
            return
        if _nearest(element, "tbl") is not None:
            continue
        numbering = element.find(f"{_W}pPr/{_W}numPr")
        listed = numbering is not None or "list" in _style(element)
        depth = _number(numbering.find(f"{_W}ilvl")) if numbering is not None else 0
        level = _level(element)
        for words in clean(_words(element)).split("\n"):
            if words:
                yield Line(words=words, heading=level, indent=depth + listed, bullet=listed)


def _words(paragraph: Any) -> str:  # noqa: ANN401 — lxml has no types
    """Give a paragraph's words, without what was moved away while changes are kept.

    What was deleted stands in elements of another name.
    """
    said: list[str] = []
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr"):
        if _nearest(element, "p") is not paragraph or _nearest(element, "moveFrom") is not None:
            continue
        if element.tag == f"{_W}t":
            said.append(element.text or "")
        elif _nearest(element, "r") is not None:  # else it is a stop of the ruler
            said.append(" " if element.tag == f"{_W}tab" else "\n")
    return "".join(said)


def _level(paragraph: Any) -> int:  # noqa: ANN401 — lxml has no types
    style = _style(paragraph)
    if style == "title":
        return 1
    if style.startswith("heading") and style[7:].isdecimal():
        return int(style[7:])
    outline = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
    return 0 if outline is None else _number(outline) + 1


def _style(paragraph: Any) -> str:  # noqa: ANN401 — lxml has no types
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return "" if style is None else str(style.get(f"{_W}val", "")).lower().replace(" ", "")


def _sheet(sheet: Any) -> Table:  # noqa: ANN401 — openpyxl has no types
    found = sheet.iter_rows(**_size(sheet), values_only=True)
    rows = [[_shown(value) for value in row] for row in found]
    for merged in sheet.merged_cells.ranges:
        top, left = merged.min_row - 1, merged.min_col - 1
        for row in rows[top : merged.max_row]:
            for column in range(left, min(merged.max_col, len(row))):
                row[column] = rows[top][left]
    return Table(cells=rows, name=f"sheet “{clean(sheet.title)}”")


def _size(sheet: Any) -> dict[str, int]:  # noqa: ANN401 — openpyxl has no types
    return {
        "max_row": min(sheet.max_row, MAX_ROWS + 1),
        "max_col": min(sheet.max_column, MAX_COLUMNS + 1),
    }


def _shown(value: object) -> str:
    """Give a value as people see it; a tick box that is not ticked as nothing."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
