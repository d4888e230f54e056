"""The kinds of files that are read, and the places in a file that may be the plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath

from publisher.models.errors import Refused
from publisher.plan.recognise.document import (
    MAX_CELL,
    Document,
    Table,
    one_line,
    refuse_giants,
)
from publisher.plan.recognise.flattened import read_flattened
from publisher.plan.recognise.markup import (
    html_document,
    markdown_document,
    plain_document,
    rst_document,
)
from publisher.plan.recognise.office import docx_document, xlsx_document
from publisher.plan.recognise.outline import read_outline
from publisher.plan.recognise.plain import csv_document
from publisher.plan.recognise.rows import Reading, lacking, read_bare_table, read_table

MAX_BYTES = 20_000_000

_READERS: dict[str, Callable[[str, bytes], Document]] = {
    ".docx": docx_document,
    ".xlsx": xlsx_document,
    ".csv": csv_document,
    ".tsv": csv_document,
    ".html": html_document,
    ".htm": html_document,
    ".md": markdown_document,
    ".rst": rst_document,
    ".txt": lambda name, content: plain_document(name, content)[0],
}
#: what to do with files of other kinds
_INSTEAD = {
    ".doc": "save it as .docx",
    ".odt": "save it as .docx",
    ".rtf": "save it as .docx",
    ".dotx": "save it as .docx",
    ".docm": "save it as .docx, without its macros",
    ".xls": "save it as .xlsx",
    ".ods": "save it as .xlsx",
    ".xlsm": "save it as .xlsx, without its macros",
    ".pdf": "save its text as .txt, or ask for the document it was made of",
    ".pptx": "copy its table into a document",
}
_CALLED = {"audience": "audiences", "message": "key messages", "channel": "channels"}


def document(name: str, content: bytes) -> Document:
    """Read a file of any kind that is read.

    Raises:
        Refused: it is too big, broken, of a kind that is not read, or holds what may do harm.
    """
    if len(content) > MAX_BYTES:
        raise Refused(f"{name} is larger than {MAX_BYTES // 1_000_000} MB; give the plan alone")
    kind = PurePath(name).suffix.lower()
    if kind not in _READERS:
        instead = _INSTEAD.get(kind, f"there are {', '.join(_READERS)}")
        raise Refused(f"{name} is of a kind that is not read; {instead}")
    found = _READERS[kind](name, content)
    for table in found.tables:
        refuse_giants(name, table.cells)
    return found


def readings(name: str, content: bytes, found: Document) -> list[Reading]:
    """Give each place of a file that may be the plan, of the surest kind of place alone.

    Raises:
        Refused: there is no plan in it.
    """
    tables = [table for table in found.tables if _is_small(table)]
    if fitting := [one for table in tables if (one := read_table(table))]:
        return fitting
    if outline := read_outline(found.lines):
        refuse_giants(name, [[row.audience] for row in outline.rows])
        return [outline]
    if PurePath(name).suffix.lower() == ".txt" and (
        flat := read_flattened(plain_document(name, content)[1])
    ):
        return [flat]
    if bare := [one for table in tables if (one := read_bare_table(table))]:
        return bare
    raise Refused(_nothing(name, found))


def _is_small(table: Table) -> bool:
    return all(len(cell) <= MAX_CELL for row in table.cells for cell in row)


def chosen(name: str, fitting: Sequence[Reading], which: str) -> list[Reading]:
    """Give the places that were chosen; of one alone nobody need choose.

    Args:
        name: of the file.
        fitting: the places there are.
        which: a number from 1, “all”, or an empty string.

    Raises:
        Refused: several fit and nothing was said, or there is no such place.
    """
    if which == "all" or (not which and len(fitting) == 1):
        return list(fitting)
    if which.isdecimal() and 0 < int(which) <= len(fitting):
        return [fitting[int(which) - 1]]
    shown = "; ".join(f"{number} is {_described(one)}" for number, one in enumerate(fitting, 1))
    if which:
        raise Refused(f"{name} has no plan “{which}”: {shown}")
    raise Refused(
        f"{name} has {len(fitting)} tables that may be the plan: {shown}; say --table 1, another "
        "of these numbers, or --table all"
    )


def _described(reading: Reading) -> str:
    above = f" under “{reading.above}”" if reading.above else ""
    rows = f"{len(reading.rows)} row{'' if len(reading.rows) == 1 else 's'}"
    line = one_line(reading.rows[0].audience)
    first = line if len(line) <= 40 else f"{line[:39]}…"
    return f"{reading.name}{above} ({rows}, first “{first}”)"


def _nothing(name: str, found: Document) -> str:
    lacks = min((lacking(table) for table in found.tables), key=len, default=set[str]())
    said = f"{name} holds no table with columns for audiences, key messages and channels"
    if 0 < len(lacks) < 3:
        listed = " and none for ".join(sorted(_CALLED[one] for one in lacks))
        said += f"; the nearest has none for {listed}"
    return "; ".join([said, *found.notes])
