"""`publisher readers`: bring them in from a file, give out what is held, and erase."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.core.serializers.json import DjangoJSONEncoder
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from publisher.cli.screen import AsJson, counted, err, show, stop
from publisher.flows.audit import TERMINAL, note
from publisher.flows.export_readers import about, table
from publisher.flows.forget import Forgotten, forget
from publisher.flows.import_readers import Imported, import_readers
from publisher.flows.reader_acts import unsuppress
from publisher.kit import clock, files

commands = typer.Typer(
    help="Readers: import, export, forget, let write to again.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="readers")


@commands.command("import")
def from_file(  # noqa: PLR0917  # Typer reads options from arguments
    file: Annotated[Path, typer.Argument(help="A CSV file; its first line names the columns.")],
    source: Annotated[str, typer.Option(help="Where the consents in it were given.")] = "",
    wording: Annotated[str, typer.Option(help="The sentence that was agreed to.")] = "",
    strict: Annotated[bool, typer.Option(help="Import nothing if any line is bad.")] = False,
    encoding: Annotated[str, typer.Option(help="What the file is in; else found out.")] = "",
    as_json: AsJson = False,
) -> None:
    """Import readers. Bad lines are left out and written, with reasons, to FILE.rejects.csv."""
    if not file.is_file():
        raise stop(f"{file}: there is no such file")
    with _progress() as progress:
        bar = progress.add_task(f"Reading {file.name}", total=file.stat().st_size)
        done = import_readers(
            file,
            source=source,
            wording=wording,
            now=clock.now(),
            strict=strict,
            encoding=encoding,
            progress=lambda octets: progress.update(bar, completed=octets),
        )
    show(asdict(done), _drawn(done), as_json=as_json)
    if done.bad:
        err.print(f"{done.bad} lines were left out; {done.rejects} says why.", markup=False)


@commands.command("export")
def to_file(
    address: Annotated[str, typer.Option(help="All that is held about one address.")] = "",
    output: Annotated[Path | None, typer.Option(help="A file; else standard output.")] = None,
) -> None:
    """Give everything about one reader as JSON, or all readers as CSV."""
    note(TERMINAL, "readers.export", now=clock.now(), one=bool(address))
    if address:
        _one(address, output)
    elif output is None:
        table(sys.stdout)
    else:
        files.write(output, b"", mode=0o600)  # it is for its owner's eyes
        with output.open("w", encoding="utf-8", newline="") as out:
            number = table(out)
        err.print(f"{counted(number, 'reader')} in {output}.", markup=False)


@commands.command("forget")
def erase(
    address: Annotated[str, typer.Argument(help="The reader's address.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a reader, and never write to its address again. This cannot be undone."""
    if not yes and not _confirmed():
        raise stop("Nothing was erased. To erase without being asked, add --yes.")
    done = forget(address, now=clock.now())
    show(asdict(done), _told(done), as_json=as_json)


@commands.command("unsuppress")
def let_write(
    address: Annotated[str, typer.Argument(help="An address that must not be written to.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the audit trail. No addresses.")],
    as_json: AsJson = False,
) -> None:
    """Let an address be written to again, about what it agreed to."""
    unsuppress(address, reason=reason, now=clock.now())
    told = "Lifted. It gets what it agreed to, and nothing else."
    show({"lifted": True}, told, as_json=as_json)


def _one(address: str, output: Path | None) -> None:
    held = about(address)
    if held is None:
        raise stop("Nothing is held about that address.")
    if output is None:
        show(held, "", as_json=True)
    else:
        as_json = json.dumps(held, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        files.write(output, f"{as_json}\n", mode=0o600)


def _confirmed() -> bool:
    return sys.stdin.isatty() and typer.confirm(
        "Erase this reader, and never write to this address again?", err=True
    )


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )


def _drawn(done: Imported) -> Table:
    drawn = Table(box=None, pad_edge=False, show_header=False)
    for field, words in _WORDS.items():
        drawn.add_row(words, str(getattr(done, field)))
    return drawn


def _told(done: Forgotten) -> str:
    if not done.known:
        return "No reader has that address; it will not be written to from now on."
    stopped = f" {counted(done.stopped, 'mail')} on the way stopped." if done.stopped else ""
    return f"Erased. {counted(done.deliveries, 'row')} of the ledger lost the address.{stopped}"


_WORDS = {
    "lines": "lines",
    "new": "new readers",
    "changed": "changed",
    "unchanged": "unchanged",
    "repeated": "repeated addresses, merged",
    "suppressed": "must not be written to, left out",
    "consents": "consents entered",
    "withdrawn": "consents left withdrawn",
    "bad": "bad lines, left out",
    "encoding": "read as",
}
