"""`publisher clock`: what is due starts by itself."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(clock)


def clock() -> None:
    """Run the clock: what is due starts by itself, until Ctrl-C."""
    from publisher.worker.clock import run

    run()
