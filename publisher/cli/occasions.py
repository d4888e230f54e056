"""`publisher occasions`: webinars and workshops, who registered, and who came."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from publisher.cli.screen import AsJson, columns, show
from publisher.flows.attendance import Seats, chosen_date, import_attendance, seats
from publisher.flows.occasions import find, held_all
from publisher.flows.registrations import cancel_address
from publisher.kit import clock
from publisher.models import Registration, Seat

commands = typer.Typer(
    help="Webinars and workshops: seats, registrations, attendance.", no_args_is_help=True
)

Slug = Annotated[str, typer.Argument(help="The entry that holds it.")]
Day = Annotated[str, typer.Option(help="Which date of a series, such as 2027-03-12.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="occasions")


@commands.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Show each date with its seats."""
    found = [one for held in held_all(now=clock.now()) for one in seats(held)]
    show([asdict(one) for one in found], _drawn(found), as_json=as_json)


@commands.command()
def registrations(slug: Slug, date: Day = "", as_json: AsJson = False) -> None:
    """Show who registered, in the order in which they did; addresses are for your eyes alone."""
    held = find(slug, now=clock.now())
    rows = Registration.objects.filter(entry=held.row).exclude(state=Seat.ASKED)
    if date:
        rows = rows.filter(sitting=chosen_date(held, date).key)
    table, found = columns("address", "name", "date", "state"), []
    for row in rows.select_related("reader").order_by("sitting", "confirmed_at", "id"):
        said = {"address": row.reader.address, "name": row.reader.name}
        said |= {"date": row.sitting, "state": row.state}
        table.add_row(*said.values())
        found.append({**said, "confirmed_at": row.confirmed_at})
    show(found, table if found else "Nobody has registered.", as_json=as_json)


@commands.command()
def attendance(
    slug: Slug,
    file: Annotated[Path, typer.Argument(help="A CSV file with a column “address” or “email”.")],
    date: Day = "",
    as_json: AsJson = False,
) -> None:
    """Note who came; who has a seat and is not in the file did not. May be repeated."""
    done = import_attendance(slug, file, date=date, now=clock.now())
    said = f"{done.attended} came, {done.absent} did not; {done.unknown} addresses had no seat."
    show(asdict(done), said, as_json=as_json)


@commands.command()
def cancel(
    slug: Slug,
    address: Annotated[str, typer.Argument(help="Whose seat is given back.")],
    as_json: AsJson = False,
) -> None:
    """Give somebody's seat back, as it asked by telephone; who waits longest moves up."""
    number = cancel_address(slug, address, now=clock.now())
    show({"cancelled": number}, f"{number} seats were given back.", as_json=as_json)


def _drawn(found: list[Seats]) -> Table | str:
    if not found:
        return "No entry holds an occasion."
    table = columns("entry", "begins", "registered", "seats", "waiting", "came", "did not")
    for one in found:
        table.add_row(
            one.slug,
            "cancelled" if one.cancelled else f"{one.starts:%Y-%m-%d %H:%M} UTC",
            str(one.registered),
            str(one.capacity or "∞"),
            *map(str, (one.waiting, one.attended, one.absent)),
        )
    return table
