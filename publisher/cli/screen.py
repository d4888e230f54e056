"""What every command shares: how it shows things, and the flag for machines."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console, RenderableType
from rich.table import Table

#: results go to standard output, and progress to standard error
out = Console()
err = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value for machines.")]


def day(said: str) -> datetime:
    """Read a day as an option gives it; it begins in UTC."""
    return _moment(said, "%Y-%m-%d", "day such as 2027-03-12")


def month(said: str) -> datetime:
    """Read a month as an option gives it; it begins in UTC."""
    return _moment(said, "%Y-%m", "month such as 2027-03")


def show(value: object, drawn: RenderableType, *, as_json: bool) -> None:
    """Print `value` as JSON, or `drawn` for people."""
    from django.core.serializers.json import DjangoJSONEncoder

    if as_json:
        # Made whole before it is written: half a value is worse than none.
        told = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        sys.stdout.write(f"{told}\n")
    else:
        out.print(drawn)


def columns(*headings: str) -> Table:
    """Begin a table: no lines, so that it can be read, copied and searched like text."""
    return Table(*headings, box=None, pad_edge=False)


def counted(number: int, noun: str, many: str = "") -> str:
    """Give a number with its noun: `1 row`, `2 rows`, `2 deliveries`."""
    return f"{number} {noun if number == 1 else many or f'{noun}s'}"


def stop(sentence: str) -> typer.Exit:
    """Say what is wrong on standard error; the caller raises what this gives."""
    err.print(sentence, style="red", markup=False, highlight=False)
    return typer.Exit(2)


def _moment(said: str, shape: str, wanted: str) -> datetime:
    try:
        return datetime.strptime(said, shape).replace(tzinfo=UTC)
    except ValueError:
        raise typer.BadParameter(f"“{said}” is no {wanted}.") from None
