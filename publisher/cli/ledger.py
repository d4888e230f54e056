"""`publisher ledger`: the months the ledger is kept in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from publisher.cli.screen import AsJson, columns, month, show
from publisher.flows import months as flow
from publisher.flows.months import Month
from publisher.kit import clock


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(ledger)


def ledger(
    *,
    take_out: Annotated[
        datetime | None,
        typer.Option(
            parser=month, metavar="MONTH", help="Take a month out; its tables stay, on their own."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the months of the ledger, or take an old one out of it as a whole."""
    if take_out is not None:
        names = flow.take_out(take_out.date(), now=clock.now())
        typer.echo(f"Taken out: {' and '.join(names)}. Dump them, then drop them.", err=True)
    found = flow.months()
    show([asdict(one) for one in found], _drawn(found), as_json=as_json)


def _drawn(found: Sequence[Month]) -> Table:
    table = columns("month")
    for name in ("rows", "MB", "placements not finished"):
        table.add_column(name, justify="right")
    for one in found:
        table.add_row(
            f"{one.begins:%Y-%m}", f"{one.rows:,}", f"{one.octets / 1e6:,.1f}", str(one.open)
        )
    return table
