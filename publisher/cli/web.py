"""`publisher web`: the pages alone."""

from __future__ import annotations

import typer

from publisher.cli.screen import err
from publisher.settings import settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(web)


def web() -> None:
    """Serve the public pages until Ctrl-C."""
    from publisher.web.server import run

    err.print(f"The pages are on http://{settings().listen}", highlight=False)
    run()
