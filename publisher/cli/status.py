"""`publisher status`: where everything stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from publisher.cli.screen import AsJson, show
from publisher.flows.status import PlacementRow, all_rows, due_rows
from publisher.kit import clock

FIGURES = ("candidates", "accepted", "refused", "excluded", "uncertain")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(status)


def status(
    as_json: AsJson = False,
    everything: Annotated[bool, typer.Option("--all", help="Also what is not due yet.")] = False,
) -> None:
    """Show where each placement stands, with its figures."""
    rows = all_rows() if everything else due_rows(now=clock.now())
    show([asdict(row) for row in rows], table(rows), as_json=as_json)


def table(rows: Sequence[PlacementRow]) -> Table | str:
    """Draw placements with their figures."""
    if not rows:
        return "Nothing was due so far. `publisher agenda` shows what comes."
    drawn = Table("entry", "audience", "outlet", "", "state", box=None, pad_edge=False)
    for figure in FIGURES:
        drawn.add_column(figure, justify="right")
    for row in rows:
        state = _state(row)
        figures = [str(getattr(row, figure)) for figure in FIGURES]
        drawn.add_row(row.entry, row.audience, row.outlet, row.language, state, *figures)
    return drawn


def _state(row: PlacementRow) -> str:
    if row.state == "unavailable":
        return "form not there yet"
    return f"{row.state}: {row.problem}" if row.problem else row.state
