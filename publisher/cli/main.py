"""The `publisher` command: each file beside this one brings its commands."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import typer

import publisher.cli
from publisher.kit.postgres import PostgresFailed
from publisher.models.errors import PublisherError

app = typer.Typer(
    name="publisher",
    help="Plan, approve, render, send and prove communications, in every channel.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _gather() -> None:
    for module in sorted(pkgutil.iter_modules(publisher.cli.__path__), key=lambda one: one.name):
        if module.name not in {"main", "screen"}:
            importlib.import_module(f"publisher.cli.{module.name}").register(app)


def main() -> None:
    """Run the command; a wrong argument or a bad plan is a sentence and exit status 2."""
    from publisher.startup import start

    try:
        start()
        _gather()
        app()
    except (PublisherError, PostgresFailed) as error:
        print(error, file=sys.stderr)  # noqa: T201
        sys.exit(2)
