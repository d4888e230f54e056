"""What every command shares: how it shows things, and the flag for machines."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from rich.console import Console, RenderableType

#: results go to standard output, and progress to standard error
out = Console()
err = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value for machines.")]


def show(value: object, drawn: RenderableType, *, as_json: bool) -> None:
    """Print `value` as JSON, or `drawn` for people."""
    from django.core.serializers.json import DjangoJSONEncoder

    if as_json:
        json.dump(value, sys.stdout, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        out.print(drawn)


def stop(sentence: str) -> typer.Exit:
    """Say what is wrong on standard error; the caller raises what this gives."""
    err.print(sentence, style="red", markup=False, highlight=False)
    return typer.Exit(2)
