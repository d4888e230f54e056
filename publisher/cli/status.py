"""`publisher status`: where everything stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Annotated
from urllib.parse import urlsplit
from urllib.request import url2pathname

import typer
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text

from publisher.cli.placements import OUTCOMES
from publisher.cli.screen import AsJson, columns, show
from publisher.flows.status import PlacementRow, all_rows, due_rows
from publisher.kit import clock


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


def table(rows: Sequence[PlacementRow]) -> RenderableType:
    """Draw placements with their figures, under their entries, and what holds them up."""
    if not rows:
        return "Nothing was due so far. `publisher agenda` shows what comes."
    drawn = columns("audience", "outlet", "", "state")
    for figure in OUTCOMES:
        drawn.add_column(figure[:4], justify="right")
    for entry, placements in groupby(rows, key=lambda row: row.entry):
        drawn.add_row(f"[bold]{escape(entry)}[/]")
        for row in placements:
            figures = [str(getattr(row, figure)) for figure in OUTCOMES]
            drawn.add_row(row.audience, row.outlet, row.language, _state(row), *figures)
    return Group(drawn, *_filed(rows), *_problems(rows))


def _state(row: PlacementRow) -> str:
    return "not there yet" if row.state == "unavailable" else row.state


def _filed(rows: Sequence[PlacementRow]) -> list[Text]:
    """Say where documents lie that stand on no page; a path is never broken."""
    folders = [url2pathname(urlsplit(row.url).path) for row in rows if row.url.startswith("file:")]
    return [Text(f"filed in {folder}", no_wrap=True, overflow="ignore") for folder in folders]


def _problems(rows: Sequence[PlacementRow]) -> list[str]:
    held_up = Counter((row.outlet, row.problem) for row in rows if row.problem)
    return [f"{outlet} ({count}): {escape(said)}" for (outlet, said), count in held_up.items()]
