"""Cells that reach over several rows and columns, laid out so that each place has its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from publisher.plan.recognise.document import MAX_COLUMNS, MAX_ROWS


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell as its document says it."""

    words: str
    columns: int = 1  #: how many it reaches over
    rows: int = 1
    goes_on: bool = False  #: it is the cell above, going on


def laid_out(rows: Iterable[Iterable[Cell]]) -> list[list[str]]:
    """Give each row's words, those of a cell in each place that it reaches over.

    What reaches further than any plan is cut one past the greatest size, to be refused as such.
    """
    made: list[list[str]] = []
    hanging: dict[int, tuple[str, int]] = {}  #: by column: the words, and rows still to go
    for cells in rows:
        made.append(_row(cells, made[-1] if made else [], hanging))
        if len(made) > MAX_ROWS:
            break
    return made


def _row(cells: Iterable[Cell], above: list[str], hanging: dict[int, tuple[str, int]]) -> list[str]:
    row: list[str] = []
    for cell in cells:
        _hang(row, hanging)
        at = len(row)
        words = above[at] if cell.goes_on and at < len(above) else cell.words
        for _ in range(max(1, min(cell.columns, MAX_COLUMNS + 1 - at))):
            if cell.rows > 1:
                hanging[len(row)] = (words, min(cell.rows, MAX_ROWS) - 1)
            row.append(words)
        if len(row) > MAX_COLUMNS:
            break
    _hang(row, hanging)
    return row


def _hang(row: list[str], hanging: dict[int, tuple[str, int]]) -> None:
    """Add what hangs down from the rows above at this place."""
    while len(row) in hanging:
        words, more = hanging.pop(len(row))
        if more > 1:
            hanging[len(row)] = (words, more - 1)
        row.append(words)
