"""`publisher site`: the sites, as of now."""

from __future__ import annotations

from dataclasses import asdict

import typer
from asgiref.sync import async_to_sync

from publisher.cli.screen import AsJson, show
from publisher.flows.refresh_sites import Refreshed, refresh_sites


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("site")(site)


def site(as_json: AsJson = False) -> None:
    """Make each organisation's site again with what is around its pages, and carry what changed.

    A worker does it by itself once an hour. Exit status 1 if a site could not be made or carried.
    """
    done = async_to_sync(refresh_sites)()
    lines = "\n".join(map(_line, done)) or "No page has been published yet, so there is no site."
    show([asdict(one) for one in done], lines, as_json=as_json)
    if any(one.problem for one in done):
        raise typer.Exit(1)


def _line(one: Refreshed) -> str:
    return f"{one.outlet}: {one.problem or 'as it should be'}"
