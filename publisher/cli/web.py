"""`publisher web`: the pages alone."""

from __future__ import annotations

import typer

from publisher.cli.screen import err
from publisher.settings import settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(web)


def web() -> None:
    """Serve the public pages and the desk until Ctrl-C."""
    from publisher.flows.people import nobody_administers
    from publisher.web.server import run

    err.print(f"The pages are on http://{settings().listen}", highlight=False)
    if nobody_administers():
        err.print(
            "Nobody can sign in at the desk yet; the first person comes by a link from: "
            "publisher people operator ADDRESS",
            highlight=False,
            soft_wrap=True,
        )
    run()
