"""`publisher figures`: what the networks count of what went out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from asgiref.sync import async_to_sync
from rich.console import RenderableType

from publisher.cli.screen import AsJson, columns, show
from publisher.flows.figures import Figures, read_figures
from publisher.flows.figures import figures as kept_figures
from publisher.kit import clock
from publisher.models import FigureKind


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(figures)


def figures(
    entry: Annotated[str | None, typer.Argument(help="An entry; else all.")] = None,
    read: Annotated[
        bool, typer.Option("--read", help="Ask the networks now; some of them charge for it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what the networks count of what went out: likes, reposts, views and more."""
    found = async_to_sync(read_figures)(entry, now=clock.now()) if read else kept_figures(entry)
    show([asdict(one) for one in found], _table(found), as_json=as_json)


def _table(found: Sequence[Figures]) -> RenderableType:
    if not found:
        return "Nothing went out yet to a network that counts."
    table = columns("entry", "outlet", "")
    for kind in FigureKind:
        table.add_column(str(kind), justify="right")
    table.add_column("read")
    for one in found:
        counts = [str(one.counts.get(str(kind), "–")) for kind in FigureKind]
        read = f"{one.read_at:%Y-%m-%d %H:%M}" if one.read_at else "never"
        table.add_row(one.entry, one.outlet, one.language, *counts, one.problem or read)
    return table
