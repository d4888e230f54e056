"""`publisher confirm`: what officers published by hand."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from publisher.cli.screen import AsJson, columns, show, stop
from publisher.flows.confirm import confirm, waiting
from publisher.kit import clock
from publisher.models import Placement
from publisher.settings import settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("confirm")(confirm_published)


def confirm_published(
    key: Annotated[str | None, typer.Argument(help="The placement's key.")] = None,
    url: Annotated[str, typer.Option(help="Where it can be read.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say that you published a placement by hand, and where; without a key, see what waits."""
    if key is None:
        rows = waiting()
        show([_told(row) for row in rows], _table(rows), as_json=as_json)
        return
    if not url:
        raise stop("Say where it can be read: --url https://…")
    row = confirm(key, url, now=clock.now())
    show(_told(row), f"{row.key} is {row.state}: {row.url}", as_json=as_json)


def _told(row: Placement) -> dict[str, object]:
    return {
        "key": row.key,
        "entry": row.occurrence.entry.slug,
        "outlet": row.outlet.slug,
        "language": row.language,
        "state": row.state,
        "url": row.url,
        "folder": str(settings().data_folder / "manual" / row.key),
    }


def _table(rows: list[Placement]) -> Table | str:
    if not rows:
        return "Nothing waits for an officer."
    table = columns("key", "entry", "outlet", "language", "words and pictures")
    for row in rows:
        said = _told(row)
        table.add_row(
            *(str(said[name]) for name in ("key", "entry", "outlet", "language")),
            str(said["folder"]),
        )
    return table
