"""`publisher restored`: what may have gone out since a back-up, and what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from publisher.cli.placements import show_placements
from publisher.cli.screen import AsJson, counted, stop
from publisher.flows import epoch
from publisher.flows import restored as restored_flow
from publisher.kit import clock

NOTHING = "Nothing is held back because of a restored back-up."
NEXT = (
    "\nThose being sent: `publisher restored --accepted LOG` with a mail server's log, then "
    "`publisher resume` or `publisher cancel`.\n"
    "Those missed: the same, or `publisher publish` if they had not gone out and `publisher drop` "
    "if they had."
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(restored)


def restored(
    *,
    now: Annotated[
        bool, typer.Option("--now", help="The database was set back just now: hold back.")
    ] = False,
    accepted: Annotated[
        Path | None, typer.Option(help="A log with the Message-IDs of what was accepted.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what may have gone out since a back-up that was restored; it waits for your word."""
    if now and accepted is not None:
        raise stop("Say --now first, and then --accepted LOG.")
    if now:
        epoch.guard(now=clock.now(), by_hand=True)
    if accepted is not None:
        _count(accepted)
    held = restored_flow.held_back()
    shown = show_placements(held, figures=("accepted", "open"), none=NOTHING, as_json=as_json)
    if shown and not as_json:
        typer.echo(NEXT)


def _count(path: Path) -> None:
    try:
        log = path.read_bytes()
    except OSError as error:
        raise stop(f"{path} cannot be read: {error.strerror}.") from error
    found = restored_flow.count_accepted(log, now=clock.now())
    said = f"Counted as accepted: {found.accepted}, of {counted(found.placements, 'placement')}."
    if found.strangers:
        said += f" Of nothing that is held back: {found.strangers}."
    typer.echo(said, err=True)
