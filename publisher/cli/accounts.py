"""`publisher accounts`: the credentials outlets name, sealed; never in a file or an argument."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from publisher.adapters import registry
from publisher.cli.screen import AsJson, columns, err, show, stop
from publisher.flows.accounts import EXTRA, OPERATORS, try_out
from publisher.flows.audit import TERMINAL, note
from publisher.flows.token_ends import token_ends
from publisher.kit import clock
from publisher.kit.vault import Vault, VaultFailed
from publisher.models import Entry, Outlet
from publisher.settings import settings

Name = Annotated[str, typer.Argument(help="The account's name, as outlets write it.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    accounts = typer.Typer(
        name="accounts", help="Keep the credentials that outlets name.", no_args_is_help=True
    )
    accounts.command("set")(set_account)
    accounts.command("list")(list_accounts)
    accounts.command("expiring")(expiring)
    accounts.command("try")(try_account)
    accounts.command("remove")(remove_account)
    app.add_typer(accounts)


def set_account(
    name: Name,
    adapter: Annotated[
        str, typer.Option(help="Ask for what this adapter needs; else the outlets say which.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Keep a credential: asked for on a terminal, else one JSON object on standard input."""
    credential = _asked(name, adapter) if sys.stdin.isatty() else _piped()
    try:
        Vault.of(settings()).put(name, credential)
        note(TERMINAL, "account.connect", f"account/{name}", now=clock.now())
    except VaultFailed as error:
        raise stop(str(error)) from None
    kept = {"account": name, "fields": sorted(credential)}
    show(kept, f"“{name}” is kept, with {', '.join(sorted(credential))}.", as_json=as_json)


def list_accounts(as_json: AsJson = False) -> None:
    """Show the names of the accounts; what is in them stays sealed."""
    names = Vault.of(settings()).names()
    show(names, "\n".join(names) or "There are no accounts.", as_json=as_json)


def expiring(as_json: AsJson = False) -> None:
    """Show which tokens end, and how much is planned after that; exit status 1 if any is."""
    found = token_ends(settings(), now=clock.now())
    drawn = columns("ends", "days", "account", "outlet", "planned after")
    for one in found:
        drawn.add_row(
            str(one.ends_on), str(one.days_left), one.account, one.outlet,
            str(one.placements_after),
        )  # fmt: skip
    show(
        [asdict(one) for one in found],
        drawn if found else "No account says when its token ends; keep its day as “expires”.",
        as_json=as_json,
    )
    if not all(one.well for one in found):
        raise typer.Exit(1)


def try_account(
    outlet: Annotated[str, typer.Argument(help="The outlet whose account is tried.")],
    as_json: AsJson = False,
) -> None:
    """Sign in to an outlet's service, changing nothing there."""
    row = Outlet.objects.filter(slug=outlet, retired_at=None).first()
    if row is None:
        raise stop(f"There is no outlet “{outlet}”; see: publisher matrix")
    name = try_out(row.said)
    show({"outlet": outlet, "name": name}, f"It lets us in as {name}.", as_json=as_json)


def remove_account(name: Name, as_json: AsJson = False) -> None:
    """Forget a credential."""
    try:
        gone = Vault.of(settings()).remove(name)
    except VaultFailed as error:
        raise stop(str(error)) from None
    if not gone:
        raise stop(f"There is no account “{name}”; see: publisher accounts list")
    note(TERMINAL, "account.forget", f"account/{name}", now=clock.now())
    show({"account": name, "removed": True}, f"“{name}” is forgotten.", as_json=as_json)


def _asked(name: str, adapter: str) -> dict[str, str]:
    fields = _fields(name, adapter)
    err.print("What you type is not shown; press Enter to leave a field out.")
    given = {
        field: typer.prompt(field, default="", hide_input=True, show_default=False, err=True)
        for field in fields
    }
    return {field: value.strip() for field, value in given.items() if value.strip()}


def _fields(name: str, adapter: str) -> list[str]:
    """Give the fields that the adapters of an account's outlets need."""
    outlets = Outlet.objects.filter(spec__account=name)
    adapters = [adapter] if adapter else sorted({outlet.said.carrier for outlet in outlets})
    fields = [
        field for one in adapters for field in registry.adapter(one).capabilities.credential_fields
    ]
    if Entry.objects.filter(spec__occasion__join=name).exists():
        return ["url"]  # where to join a webinar; nothing else is asked of it
    if not fields:
        known = ", ".join(
            one for one in registry.names() if registry.adapter(one).capabilities.credential_fields
        )
        raise stop(
            f"No outlet names “{name}” yet; say what it is for: --adapter NAME, one of {known}"
        )
    return [*dict.fromkeys(fields), *EXTRA, *OPERATORS]


def _piped() -> dict[str, str]:
    try:
        given = json.loads(sys.stdin.read(100_000))
    except ValueError:
        given = None
    if (
        not isinstance(given, dict)
        or not given
        or not all(isinstance(one, str) for one in given.values())
    ):
        raise stop('Write the credential as one JSON object, such as {"api_key": "…"}.')
    return given
