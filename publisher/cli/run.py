"""`publisher run`: pages, clock and hands in one process tree."""

from __future__ import annotations

import signal
import sys
from typing import Annotated

import typer

from publisher.cli.screen import err
from publisher.kit.listening import listening
from publisher.kit.processes import Tree
from publisher.settings import settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(run)


def run(
    greeting: Annotated[str, typer.Option(hidden=True)] = "Publisher runs; its pages are on",
) -> None:
    """Run the pages, the clock and a worker together, until Ctrl-C."""
    listening(settings().listen).close()  # found out now, not by each of the pages' falls
    parts = ("web", "clock", "worker")
    tree = Tree({part: [sys.executable, "-m", "publisher", part] for part in parts})
    signal.signal(signal.SIGTERM, tree.end)
    signal.signal(signal.SIGINT, tree.end)
    err.print(f"{greeting} http://{settings().listen} (Ctrl-C ends it).", highlight=False)
    tree.run()
