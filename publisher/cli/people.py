"""`publisher people`: who may sign in at the desk, and do what for which organisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.table import Table

from publisher.cli.screen import AsJson, columns, show
from publisher.flows import enter, people
from publisher.flows.audit import TERMINAL
from publisher.flows.invite import invite, invite_operator, link
from publisher.flows.sign_ins import (
    end_sessions,
    forget_second_factor,
    second_factors,
    sessions,
)
from publisher.kit import clock
from publisher.models import Invitation
from publisher.settings import settings

Name = Annotated[str, typer.Argument(help="The person's name or address.")]
Role = Annotated[str, typer.Argument(help="viewer, editor, approver, publisher, administrator.")]
Whose = Annotated[str, typer.Argument(help="The organisation's slug.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        name="people", help="Look after those who sign in at the desk.", no_args_is_help=True
    )
    commands: dict[str, Callable[..., None]] = {
        "list": list_people,
        "operator": operator,
        "invite": invite_somebody,
        "give": give,
        "take": take,
        "deactivate": deactivate,
        "activate": activate,
        "link": print_link,
        "end-sessions": end,
        "forget-second-factor": forget,
    }
    for name, command in commands.items():
        group.command(name)(command)
    app.add_typer(group)


def list_people(
    organisation: Annotated[str, typer.Option(help="Only who has a role there.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show who there is, with roles and second factors, and whether they are let in."""
    slugs = [organisation] if organisation else people.administered(None)
    known = people.people(slugs, everybody=not organisation)
    factors = second_factors(one.person.pk for one in known)
    told = [_told(one, factors.get(one.person.pk, [])) for one in known]
    show(told, _drawn(told) if told else _nobody(), as_json=as_json)


def operator(
    address: Annotated[str, typer.Argument(help="An e-mail address.")], as_json: AsJson = False
) -> None:
    """Print a link that makes its holder an operator, who may do everything: the first person."""
    made = invite_operator(address, doer=TERMINAL, now=clock.now())
    _show_invitation(made, as_json)


def invite_somebody(
    *,
    address: Annotated[str, typer.Argument(help="An e-mail address.")],
    organisation: Annotated[str, typer.Option(help="The organisation's slug.")],
    role: Annotated[list[str], typer.Option(help="May be said several times.")],
    language: Annotated[str, typer.Option(help="Of the mail.")] = "en",
    print_link_only: Annotated[
        bool, typer.Option("--print-link", help="Send no mail; print the link.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Invite an address for an organisation; who has an account already gets the roles at once."""
    made = invite(
        address,
        organisation=organisation,
        roles=role,
        language=language,
        by_mail=not print_link_only,
        doer=TERMINAL,
        now=clock.now(),
    )
    if made is None:
        told: dict[str, Any] = {"invited": False, "roles": role}
        show(told, "That person has an account, and has the roles now.", as_json=as_json)
    elif print_link_only:
        _show_invitation(made, as_json)
    else:
        show({"invited": True}, "The mail goes out with the next worker.", as_json=as_json)


def give(name: Name, role: Role, organisation: Whose, as_json: AsJson = False) -> None:
    """Give a person a role in an organisation."""
    who = people.found(name)
    new = people.give_role(who, organisation, role, doer=TERMINAL, now=clock.now())
    sentence = f"{who.called} is {role} of {organisation}{'' if new else ', as before'}."
    show({"person": who.username, "given": new}, sentence, as_json=as_json)


def take(name: Name, role: Role, organisation: Whose, as_json: AsJson = False) -> None:
    """Take a role away."""
    who = people.found(name)
    gone = people.take_role(who, organisation, role, doer=TERMINAL, now=clock.now())
    sentence = f"{who.called} is {'no longer' if gone else 'not'} {role} of {organisation}."
    show({"person": who.username, "taken": gone}, sentence, as_json=as_json)


def deactivate(name: Name, as_json: AsJson = False) -> None:
    """Let a person in no more; what it did stays written down."""
    who = people.found(name)
    people.deactivate(who, doer=TERMINAL, now=clock.now())
    show({"person": who.username, "active": False}, f"{who.called} is off.", as_json=as_json)


def activate(name: Name, as_json: AsJson = False) -> None:
    """Let a person in again."""
    who = people.found(name)
    people.activate(who, doer=TERMINAL, now=clock.now())
    show({"person": who.username, "active": True}, f"{who.called} is on again.", as_json=as_json)


def print_link(name: Name, as_json: AsJson = False) -> None:
    """Print a link that signs a person in once, within the hour; a second factor is still asked."""
    who = people.found(name)
    address = settings().site_url + enter.link(who, doer=TERMINAL, now=clock.now())
    show({"person": who.username, "link": address}, address, as_json=as_json)


def end(name: Name, as_json: AsJson = False) -> None:
    """Sign a person out everywhere."""
    who = people.found(name)
    count = end_sessions(who, doer=TERMINAL, now=clock.now())
    show({"person": who.username, "ended": count}, f"Sessions ended: {count}", as_json=as_json)


def forget(name: Name, as_json: AsJson = False) -> None:
    """Let a person sign in without the second factor it lost; it adds a new one afterwards."""
    who = people.found(name)
    count = forget_second_factor(who, doer=TERMINAL, now=clock.now())
    sentence = f"{who.called} signs in without a second factor now."
    show({"person": who.username, "forgotten": count}, sentence, as_json=as_json)


def _told(one: people.Known, factors: list[str]) -> dict[str, Any]:
    who = one.person
    return {
        "person": who.username,
        "name": who.called,
        "address": who.email,
        "operator": who.is_superuser,
        "active": who.is_active,
        "roles": one.roles,
        "second_factors": factors,
        "sessions": len(sessions(who)),
        "last_seen_at": who.last_seen_at,
    }


def _drawn(told: list[dict[str, Any]]) -> Table:
    table = columns("person", "name", "roles", "second factor", "sessions", "last seen")
    for one in told:
        roles = [f"{slug}: {', '.join(names)}" for slug, names in one["roles"].items()]
        table.add_row(
            one["person"] + ("" if one["active"] else " (off)"),
            one["name"],
            "; ".join(["operator"] * one["operator"] + roles),
            ", ".join(one["second_factors"]) or "–",
            str(one["sessions"]),
            f"{one['last_seen_at']:%Y-%m-%d %H:%M}" if one["last_seen_at"] else "never",
        )
    return table


def _nobody() -> str:
    return "There is nobody yet. The first person is an operator: publisher people operator ADDRESS"


def _show_invitation(made: Invitation, as_json: bool) -> None:
    address = link(made)
    told = {"link": address, "good_until": made.good_until}
    where = f"(the pages must be reachable at {settings().site_url})"
    show(told, f"{address}\nGood once, for seven days {where}.", as_json=as_json)
