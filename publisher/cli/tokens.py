"""`publisher tokens`: what lets programs in at `/api/v1`."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from publisher.cli.screen import AsJson, columns, show
from publisher.flows import tokens
from publisher.flows.audit import TERMINAL
from publisher.flows.people import found
from publisher.kit import clock
from publisher.models import Token
from publisher.models.errors import Refused

Name = Annotated[str, typer.Argument(help="The person's name or address.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(name="tokens", help="Let programs in, and out again.", no_args_is_help=True)
    group.command("list")(list_tokens)
    group.command("make")(make)
    group.command("revoke")(revoke)
    app.add_typer(group)


def list_tokens(
    person: Annotated[str, typer.Option(help="Only this person's.")] = "", as_json: AsJson = False
) -> None:
    """Show the tokens that open the door; what opens it is kept nowhere."""
    whose = found(person) if person else None
    told = [_told(row) for row in tokens.live(whose, now=clock.now())]
    show(told, _drawn(told) if told else "No program has a token.", as_json=as_json)


def make(
    *,
    person: Name,
    name: Annotated[str, typer.Option(help="What the program is called.")],
    may: Annotated[
        list[str],
        typer.Option(help="view, edit, approve, publish, readers or administer; several times."),
    ],
    organisation: Annotated[
        list[str], typer.Option(help="Only for this one, by slug; may be said several times.")
    ] = [],  # noqa: B006  # typer's way to say none; nobody changes it
    days: Annotated[int, typer.Option(help="Until it ends; 366 at most.")] = 90,
    as_json: AsJson = False,
) -> None:
    """Make a token for a person's program, and print it this once."""
    now = clock.now()
    row, secret = tokens.make(
        found(person),
        name=name,
        acts=may,
        organisations=organisation,
        ends_at=now + timedelta(days=min(days, 10_000)),
        doer=TERMINAL,
        now=now,
    )
    show({**_told(row), "token": secret}, secret, as_json=as_json)


def revoke(
    prefix: Annotated[str, typer.Argument(help="How the token begins, as publisher_abc234.")],
    as_json: AsJson = False,
) -> None:
    """Take a token back: it opens nothing from now on."""
    row = Token.objects.filter(prefix=prefix[:16]).select_related("person").first()
    if row is None:
        raise Refused(f"No token begins with “{prefix[:16]}”; see: publisher tokens list")
    tokens.revoke(row, doer=TERMINAL, now=clock.now())
    show({"revoked": row.prefix}, f"{row.prefix} opens nothing any more.", as_json=as_json)


def _told(row: Token) -> dict[str, Any]:
    return {
        "prefix": row.prefix,
        "name": row.name,
        "person": row.person.username,
        "may": row.acts,
        "organisations": row.organisations,
        "made_at": row.made_at,
        "ends_at": row.ends_at,
        "used_at": row.used_at,
    }


def _drawn(told: list[dict[str, Any]]) -> Table:
    drawn = columns("begins with", "program", "person", "may", "for", "ends", "used")
    for one in told:
        drawn.add_row(
            one["prefix"],
            one["name"],
            one["person"],
            ", ".join(one["may"]),
            ", ".join(one["organisations"]) or "all of the person's",
            f"{one['ends_at']:%Y-%m-%d}",
            f"{one['used_at']:%Y-%m-%d %H:%M}" if one["used_at"] else "never",
        )
    return drawn
