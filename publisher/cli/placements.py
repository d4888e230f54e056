"""How placements are shown that a command did something to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.table import Table

from publisher.cli.screen import columns, show
from publisher.flows.status import PlacementRow, rows_of
from publisher.models import Placement

OUTCOMES = ("candidates", "accepted", "refused", "excluded", "uncertain")


def show_placements(
    placements: Iterable[Placement], *, figures: Sequence[str] = (), none: str = "", as_json: bool
) -> int:
    """Show placements as they stand now, and give how many they are.

    Args:
        placements: those that are meant.
        figures: which of a row's figures have a column of their own.
        none: what is said where there are none.
        as_json: whether a machine reads it; then each row is that of `publisher status`.
    """
    rows = rows_of(placements)
    drawn = _table(rows, figures) if rows else none
    show([asdict(row) for row in rows], drawn, as_json=as_json)
    return len(rows)


def _table(rows: Sequence[PlacementRow], figures: Sequence[str]) -> Table:
    table = columns("entry", "audience", "outlet", "", "state")
    for figure in figures:
        table.add_column(figure, justify="right")
    for row in rows:
        counts = (str(getattr(row, figure)) for figure in figures)
        table.add_row(row.entry, row.audience, row.outlet, row.language, row.state, *counts)
    return table
