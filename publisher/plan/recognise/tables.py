"""The tables of a document, each a list of rows of cells; the file is hostile until looked at."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import Any

from publisher.models.errors import Refused
from publisher.plan.master_file import master

Table = list[list[str]]

MAX_BYTES = 20_000_000
_MAX_OPENED = 60_000_000
_MAX_ROWS = 2_000
_MAX_COLUMNS = 50


def tables(name: str, content: bytes) -> list[Table]:
    """Give every table of a file; of plain text none, for its columns are flattened.

    Raises:
        Refused: it is too big, broken, of a kind that is not read, or holds what may do harm.
    """
    if len(content) > MAX_BYTES:
        raise Refused(f"{name} is larger than {MAX_BYTES // 1_000_000} MB; give the plan alone")
    reader = _READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise Refused(f"{name} is of a kind that is not read; there are {', '.join(_READERS)}")
    found = [_tidied(table) for table in reader(name, content)]
    for table in found:
        _refuse_giants(name, table)
    return [table for table in found if table]


def decoded(name: str, content: bytes) -> str:
    """Give a file's text, by its byte order mark, as UTF-8, or as what it most likely is."""
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(f"{name} is not text")
    from charset_normalizer import from_bytes

    try:
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(content).best()
    if best is None:
        raise Refused(f"{name} is in no encoding that can be told; save it as UTF-8")
    return str(best)


def _tidied(table: Iterable[Iterable[str]]) -> Table:
    rows = [[cell.strip() for cell in row] for row in table]
    # Spreadsheets give empty cells as far as they were asked for.
    width = max((at + 1 for row in rows for at, cell in enumerate(row) if cell), default=0)
    return [row[:width] for row in rows if any(row)]


def _refuse_giants(name: str, table: Table) -> None:
    if len(table) > _MAX_ROWS or max(map(len, table), default=0) > _MAX_COLUMNS:
        raise Refused(
            f"{name} holds a table of more than {_MAX_ROWS} rows or {_MAX_COLUMNS} columns; "
            "give the table of audiences alone"
        )


def _csv(name: str, content: bytes) -> list[Table]:
    text = decoded(name, content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return [list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))]
    except csv.Error as error:
        raise Refused(f"{name} cannot be read as CSV: {error}") from error


def _docx(name: str, content: bytes) -> list[Table]:
    wrong = master("templates/report/master.docx", content)
    if isinstance(wrong, str):
        raise Refused(f"{name} {wrong}")
    from docx import Document

    try:
        document = Document(io.BytesIO(content))
        return [[[cell.text for cell in row.cells] for row in one.rows] for one in document.tables]
    except (KeyError, ValueError, IndexError) as error:
        raise Refused(f"{name} is damaged; open it in Word and save it again") from error


def _xlsx(name: str, content: bytes) -> list[Table]:
    _refuse_bombs(name, content)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return [_sheet(sheet) for sheet in book.worksheets]
    except (KeyError, ValueError, IndexError, TypeError, SyntaxError) as error:
        raise Refused(f"{name} is damaged; open it and save it again") from error


def _sheet(sheet: Any) -> Table:  # noqa: ANN401 — openpyxl has no types
    rows = sheet.iter_rows(max_row=_MAX_ROWS + 1, max_col=_MAX_COLUMNS + 1, values_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def _refuse_bombs(name: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > _MAX_OPENED:
                raise Refused(f"{name} becomes too large when it is opened")
            if any("vba" in member.filename.lower() for member in members):
                raise Refused(f"{name} holds macros; save it without them")
            if any(_declares(archive.read(member)) for member in members):
                raise Refused(f"{name} declares entities, which no spreadsheet needs")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise Refused(f"{name} is damaged, or locked with a password") from error


def _declares(content: bytes) -> bool:
    codes = ("ascii", "utf-16-le", "utf-16-be")
    return any("<!DOCTYPE".encode(code) in content for code in codes)


def _html(name: str, content: bytes) -> list[Table]:
    from lxml import etree, html

    text = decoded(name, content)
    try:
        root = html.fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:
        return []  # there is nothing in it
    for line in root.iter("br", "li", "p"):
        line.tail = "\n" + (line.tail or "")
    return [
        [[cell.text_content() for cell in row.xpath("./td|./th")] for row in one.iter("tr")]
        for one in root.iter("table")
    ]


def _markdown(name: str, content: bytes) -> list[Table]:
    from markdown_it import MarkdownIt

    return _html(name, MarkdownIt().enable("table").render(decoded(name, content)).encode())


def _text(name: str, content: bytes) -> list[Table]:
    return _markdown(name, content) if "|" in decoded(name, content) else []


_READERS: dict[str, Callable[[str, bytes], list[Table]]] = {
    ".docx": _docx,
    ".xlsx": _xlsx,
    ".csv": _csv,
    ".tsv": _csv,
    ".html": _html,
    ".htm": _html,
    ".md": _markdown,
    ".txt": _text,
}
