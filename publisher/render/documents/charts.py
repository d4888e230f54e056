"""Charts as officers write them: a small table in a fenced block that begins with `chart`.

    ```chart column Cases settled, by year
            | 2025 | 2026
    Settled | 12   | 19
    Open    | 7    | 4
    ```

The words after the kind say what it shows: they stand above it, and are read to who cannot see it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, cast, get_args

Kind = Literal["bar", "column", "line", "pie"]
KINDS = get_args(Kind)
MOST_ROWS, MOST_SERIES = 12, 6


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A small table of numbers, and how to draw it."""

    kind: Kind
    title: str
    series: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]  #: a category with a number for each series

    @property
    def cells(self) -> list[list[str]]:
        """It as a table, headings first."""
        head = ["", *self.series]
        return [head, *([name, *map(shown, numbers)] for name, numbers in self.rows)]


def is_chart(info: str) -> bool:
    """Say whether a fenced block is a chart, by what stands after its fence."""
    return info.split()[:1] == ["chart"]


def chart(info: str, content: str) -> Chart:
    """Read a chart.

    Args:
        info: what stands after the fence: `chart column Cases settled`.
        content: lines of cells with `|` between them; the first names the series.

    Raises:
        ValueError: it cannot be drawn, with why.
    """
    _, kind, title = [*info.split(maxsplit=2), "", ""][:3]
    if kind not in KINDS:
        raise ValueError(f"a chart is of a kind: {', '.join(KINDS)}; “{kind}” is none")
    if not title:
        raise ValueError(f"say what the chart shows, after “{kind}”, for who cannot see it")
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    _refuse(cells, kind, title)
    series = tuple(cells[0][1:])
    rows = tuple((row[0], tuple(_number(cell, title) for cell in row[1:])) for row in cells[1:])
    return Chart(kind=cast("Kind", kind), title=title, series=series, rows=rows)


def _refuse(cells: list[list[str]], kind: str, title: str) -> None:
    if len(cells) < 2 or len(cells[0]) < 2:
        raise ValueError(f"the chart “{title}” needs a line of series, then a line a category")
    wide = len(cells[0])
    if uneven := [row[0] for row in cells if len(row) != wide]:
        raise ValueError(f"the line “{uneven[0]}” of the chart “{title}” has not {wide} cells")
    if len(cells) - 1 > MOST_ROWS or wide - 1 > MOST_SERIES:
        raise ValueError(
            f"the chart “{title}” is too large to be read; it may have {MOST_ROWS} categories and "
            f"{MOST_SERIES} series"
        )
    if kind == "pie" and wide != 2:
        raise ValueError(f"the pie “{title}” has one series, not {wide - 1}")


def _number(cell: str, title: str) -> float:
    try:
        number = float(cell.replace("\u202f", "").replace(" ", ""))
    except ValueError:
        raise ValueError(f"“{cell}” in the chart “{title}” is not a number such as 12.5") from None
    if not math.isfinite(number):
        raise ValueError(f"“{cell}” in the chart “{title}” cannot be drawn")
    return number


def shown(number: float) -> str:
    """Write a number as it was typed: no decimals where there are none."""
    return f"{number:g}" if number != int(number) else str(int(number))
