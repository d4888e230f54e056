"""A document as what a plan is looked for in: its tables, and its lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from publisher.models.errors import Refused
from publisher.plan.folder import FORBIDDEN

Cells = list[list[str]]  #: rows of cells; one that reaches over several places is in each of them

MAX_ROWS = 2_000
MAX_COLUMNS = 50
MAX_TABLES = 500
MAX_LINES = 50_000
MAX_CELL = 10_000  #: letters; a larger one is a page's layout, not a plan's


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table of a document."""

    cells: Cells
    name: str  #: what people call it: “table 2”, “sheet “Plan””
    above: str = ""  #: the heading it stands under


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line or paragraph outside tables."""

    words: str
    heading: int = 0  #: its level, from 1; 0: it is none
    indent: int = 0  #: how deep it stands, in whatever measure the document has
    bullet: bool = False


@dataclass(kw_only=True)
class Document:
    """What was read."""

    tables: list[Table] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  #: what somebody should know of the reading


def tidied(rows: Iterable[Sequence[str]]) -> Cells:
    """Give a table without odd characters, and without empty rows and columns at its end."""
    cells = [[clean(cell) for cell in row] for row in rows]
    width = max((at + 1 for row in cells for at, cell in enumerate(row) if cell), default=0)
    height = max((at + 1 for at, row in enumerate(cells) if any(row)), default=0)
    return [(row + [""] * width)[:width] for row in cells[:height]]


def clean(words: str) -> str:
    """Give words without what no file of a plan may hold; Word's line break is one."""
    lines = FORBIDDEN.sub("", words.replace("\v", "\n").replace("\r\n", "\n")).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def one_line(words: str) -> str:
    """Give words on one line."""
    return " ".join(words.split())


def refuse_giants(name: str, rows: Sequence[Sequence[str]]) -> None:
    """Refuse what no plan is as large as.

    Raises:
        Refused: a table has too many rows or columns.
    """
    if len(rows) > MAX_ROWS or max(map(len, rows), default=0) > MAX_COLUMNS:
        raise Refused(
            f"{name} holds a table of more than {MAX_ROWS:,} rows or {MAX_COLUMNS} columns; "
            "give the table of audiences alone"
        )
