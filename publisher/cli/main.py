"""The `publisher` command: each file beside this one brings its commands."""

from __future__ import annotations

import importlib
import pkgutil
import signal
import sys
from typing import Annotated, NoReturn

import typer
from typer.models import CommandInfo, TyperInfo

import publisher.cli
from publisher import __version__
from publisher.cli.sentences import sentences
from publisher.startup import migrate, start

#: words on the command line that call for no database
WITHOUT_DATABASE = {"init", "check", "--help", "--version"}
#: commands that look after those who sign in, or let them; the others start faster without
WITH_PEOPLE = {"people", "web"}
#: files that bring none: what the others share
WITHOUT_COMMANDS = {"main", "placements", "screen", "sentences"}
#: which file brings a command, where its name is another: it is loaded alone
FILES = {
    **dict.fromkeys(("init", "check", "plan", "apply", "export"), "plan"),
    **dict.fromkeys(("matrix", "agenda"), "calendar"),
    **dict.fromkeys(("proposals", "intake"), "forms"),
    **dict.fromkeys(
        ("launch", "publish", "drop", "pause", "resume", "cancel", "promises"), "publishing"
    ),
    "approve": "approval",
    "uncertain": "worker",
}

#: the commands as `--help` shows them, in the order in which a plan meets them
PANELS = {
    "The plan": ("init", "check", "plan", "apply", "export", "matrix", "agenda", "preview"),
    "Going out": (
        "approve", "launch", "publish", "drop", "pause", "resume", "cancel", "confirm",
        "uncertain", "restored",
    ),
    "What became of it": ("status", "promises", "figures", "ledger"),
    "Readers, people and programs": ("readers", "people", "tokens", "hooks"),
    "Events, work items and forms": ("occasions", "landscape", "proposals", "intake"),
    "The machine": (
        "run", "web", "clock", "worker", "demo", "doctor", "accounts", "dkim", "site",
    ),
}  # fmt: skip

app = typer.Typer(
    name="publisher",
    help="Plan, approve, render, send and prove communications, in every channel.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"publisher {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Plan, approve, render, send and prove communications, in every channel."""


def main() -> None:
    """Run the command; a wrong argument or a bad plan is a sentence and exit status 2."""
    # Without this, SIGTERM would end us before what we started is stopped.
    signal.signal(signal.SIGTERM, _leave)
    words = sys.argv[1:]
    with sentences():
        if words[:1] != ["run"]:  # which starts all else, and what is there before it
            _start(words)
        _gather(words[0] if words else "")
        app()


def _start(words: list[str]) -> None:
    database = bool(words) and not WITHOUT_DATABASE & set(words)
    start(database=database, people=words[:1] != [] and words[0] in WITH_PEOPLE)
    if database:
        migrate()


def _gather(command: str) -> None:
    """Bring the commands; one whose file is known comes alone, and stays small."""
    modules = {module.name for module in pkgutil.iter_modules(publisher.cli.__path__)}
    modules -= WITHOUT_COMMANDS
    file = FILES.get(command, command)
    for name in sorted({file} if file in modules else modules):
        importlib.import_module(f"publisher.cli.{name}").register(app)
    _lay_out()


def _lay_out() -> None:
    """Put the commands into their panels, in order."""
    places = {word: panel for panel, words in PANELS.items() for word in words}
    order = list(places)
    for command in app.registered_commands:
        command.rich_help_panel = places[_word(command)]
    for group in app.registered_groups:
        group.rich_help_panel = places[_word(group)]
    app.registered_commands.sort(key=lambda one: order.index(_word(one)))
    app.registered_groups.sort(key=lambda one: order.index(_word(one)))


def _word(one: CommandInfo | TyperInfo) -> str:
    """Give the word that a command or a group of them is called by."""
    own = one.typer_instance.info.name if isinstance(one, TyperInfo) and one.typer_instance else ""
    return str(one.name or own or getattr(one.callback, "__name__", ""))


def _leave(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)
