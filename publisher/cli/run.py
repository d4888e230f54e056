"""`publisher run`: pages, clock and hands in one process tree."""

from __future__ import annotations

import importlib
import pkgutil
import signal
from typing import Annotated

import typer

from publisher.cli.screen import err
from publisher.cli.sentences import sentences
from publisher.kit.listening import listening
from publisher.kit.processes import Tree, Work
from publisher.settings import settings
from publisher.startup import migrate, start


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(run)


def run(
    greeting: Annotated[str, typer.Option(hidden=True)] = "Publisher runs; its pages are on",
) -> None:
    """Run the pages, the clock and a worker together, until Ctrl-C."""
    listening(settings().listen).close()  # found out now, not by each of the pages' falls
    start(people=True)
    migrate()
    tree = Tree({name: sentences()(work) for name, work in _parts().items()})
    signal.signal(signal.SIGTERM, tree.end)
    signal.signal(signal.SIGINT, tree.end)
    err.print(f"{greeting} http://{settings().listen} (Ctrl-C ends it).", highlight=False)
    tree.run()


def _parts() -> dict[str, Work]:
    from publisher.cli.clock import clock
    from publisher.cli.web import web
    from publisher.cli.worker import worker

    _load()
    return {"web": web, "clock": clock, "worker": worker}


def _load() -> None:
    """Load what most parts need, and would else each load for themselves."""
    import publisher.render.forms
    import publisher.worker

    for package in (publisher.worker, publisher.render.forms):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    from django.db import connections

    from publisher.web import server

    server.rehearse()
    connections.close_all()  # each part opens its own
