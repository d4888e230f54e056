"""`publisher dkim`: the keys that sign mails, and the DNS records that go with them."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from publisher.cli.screen import AsJson, show
from publisher.flows import dkim as flow
from publisher.flows.audit import TERMINAL
from publisher.kit import clock


class Kind(StrEnum):
    """What kind of key."""

    RSA = "rsa"
    ED25519 = "ed25519"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(dkim)


def dkim(
    organisation: Annotated[str, typer.Argument(help="Whose mails it signs.")],
    selector: Annotated[str, typer.Argument(help="The key's name, such as news2027.")],
    *,
    make: Annotated[Kind | None, typer.Option(help="Make a key of this kind first.")] = None,
    domain: Annotated[str, typer.Option(help="Else that of the organisation's sender.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show the DNS record of a key that signs mails, or make the key; it stays sealed."""
    if make is None:
        found = flow.record(organisation, selector, domain=domain)
    else:
        found = flow.make(
            organisation, selector, kind=make.value, domain=domain, doer=TERMINAL, now=clock.now()
        )
    show(asdict(found), found.line, as_json=as_json)
