"""Spreadsheets (XLSX): a header that stays, filters, links, real dates, and no formulas."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import TYPE_CHECKING

from publisher.kit.text import one_line, width
from publisher.kit.zips import steadied

if TYPE_CHECKING:  # it takes a quarter of a second to import
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 56  #: characters of a column; longer words are wrapped
_NARROWEST = 9
_LINE_POINTS = 15.0  #: the height of a line, in points
_HIGHEST = 400.0  #: https://support.microsoft.com/office/excel-specifications-and-limits: 409
_LONGEST_CELL = 32_767  #: https://support.microsoft.com/office/excel-specifications-and-limits
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
#: what makes a cell a formula in a spreadsheet program, or in a CSV file that is made of it;
#: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]  #: `2027-03-12` becomes a date, an http(s) address a link
    marked: frozenset[int] = frozenset()  #: rows shown with a tint, from 0


def workbook(
    sheets: Sequence[Sheet], *, title: str, creator: str, tint: str, right_to_left: bool
) -> bytes:
    """Make a workbook; the same bytes for the same sheets.

    Args:
        sheets: one at least.
        title: of the document.
        creator: who publishes it.
        tint: of marked rows, as `#e6f0ff`.
        right_to_left: whether its first column stands at the right.
    """
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.active)
    for sheet in sheets:
        page = made.create_sheet(_name(sheet.name))
        page.sheet_view.rightToLeft = right_to_left
        _put(page, sheet, tint)
    made.properties.title, made.properties.creator = one_line(title), one_line(creator)
    written = io.BytesIO()
    made.save(written)
    return steadied(written.getvalue())


def _put(page: Worksheet, sheet: Sheet, tint: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    page.freeze_panes = "A2"
    fill = PatternFill("solid", fgColor=tint.lstrip("#").upper())
    top = Alignment(vertical="top", wrap_text=True)
    for number, row in enumerate([sheet.header, *sheet.rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = page.cell(row=number, column=column)
            _set(cell, value)
            cell.alignment = top
            if number == 1:
                cell.font = Font(name="Calibri", size=11, bold=True)
            elif number - 2 in sheet.marked:
                cell.fill = fill
    for column, words in enumerate(zip(sheet.header, *sheet.rows, strict=True), start=1):
        wide = min(max(max(map(width, words)) + 2, _NARROWEST), _WIDEST)
        page.column_dimensions[get_column_letter(column)].width = wide
        # Not every program makes room for wrapped words by itself.
        for number, word in enumerate(words, start=1):
            needed = _LINE_POINTS * ceil(width(word) / (wide - 2) or 1)
            row_height = page.row_dimensions[number].height or _LINE_POINTS
            page.row_dimensions[number].height = min(max(needed, row_height), _HIGHEST)
    if sheet.rows:
        page.auto_filter.ref = page.dimensions
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _set(cell: Cell, value: str) -> None:
    """Put a value into a cell: a date, or words that nothing takes for a formula."""
    if _DAY.fullmatch(value):
        cell.value, cell.number_format = date.fromisoformat(value), "yyyy-mm-dd"
        return
    words = one_line(value)[:_LONGEST_CELL]
    cell.value = words
    cell.data_type = "s"
    # A quote prefix is the spreadsheet's own mark for “these are words”, kept when it is edited.
    cell.quotePrefix = words.startswith(_FORMULA)
    if words.startswith(("https://", "http://")) and len(words) < 2000:
        cell.hyperlink, cell.style = words, "Hyperlink"


def _name(wanted: str) -> str:
    return _NOT_IN_NAMES.sub(" ", one_line(wanted)).strip("' ")[:_LONGEST_NAME] or "1"
