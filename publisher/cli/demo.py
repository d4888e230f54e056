"""`publisher demo`: the reference plan goes out, into the capture mailbox."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from publisher.cli.screen import AsJson, counted, err, out, show
from publisher.cli.status import table
from publisher.flows import enter
from publisher.flows.audit import TERMINAL
from publisher.flows.demonstrate import Demonstration, demonstrate
from publisher.flows.init import sample_landscape, sample_readers, starter
from publisher.kit import clock
from publisher.kit.listening import listening
from publisher.settings import settings
from publisher.startup import become
from publisher.web.capture import alone
from publisher.worker import hands


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Print what went out, and end without serving pages.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Publish the reference plan on this machine, and show what went out.

    Mails land in a capture mailbox and posts on a captured timeline; nothing leaves the machine.
    Exit status 1 if a placement whose form exists did not finish.
    """
    if not once:
        listening(settings().listen).close()  # found out before anything is sent
    shown = _demonstrate()
    if as_json:
        show(shown.to_json(), "", as_json=True)
    else:
        _tell(shown)
    if not once:
        _let_in()
        become("run", "--greeting", "Read what went out on")
    if not shown.finished:
        raise typer.Exit(1)


def _demonstrate() -> Demonstration:
    # What is handed over stands in the table at the end, not in two hundred lines above it.
    logging.getLogger("publisher").setLevel(logging.WARNING)
    with err.status(""):
        return demonstrate(
            _plan(),
            sample_readers(),
            sample_landscape(),
            settings().data_folder,
            work=hands.drain,
            say=lambda sentence: err.print(sentence, markup=False, highlight=False),
        )


def _tell(shown: Demonstration) -> None:
    out.print(table(shown.placements))
    handed_over = counted(shown.handed_over, "delivery", "deliveries")
    out.print(f"\n{handed_over} handed over in this run. Where they are:")
    said = shown.to_json()
    for name, place in {**said["capture"], **{key: said[key] for key in PLACES}}.items():
        out.print(f"  {name:10} {place}", markup=False, highlight=False, soft_wrap=True)


def _let_in() -> None:
    """Print how to sign in: only where nobody but this machine can reach the pages."""
    listen = settings().listen
    if alone(settings(), listen):
        path = enter.link(enter.officer(), doer=TERMINAL, now=clock.now())
        err.print("\nThe desk, as the demonstration officer (good once, for an hour):")
        err.print(f"  http://{listen}{path}\n", markup=False, highlight=False, soft_wrap=True)


PLACES = ("site", "feeds", "circulars", "documents")


def _plan() -> Path:
    """Give the plan folder if it is one, else the reference plan."""
    own = settings().plan_folder
    return own if (own / "audiences").is_dir() else starter()
