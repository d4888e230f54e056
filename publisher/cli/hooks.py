"""`publisher hooks`: programs that are told what happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.table import Table

from publisher.cli.screen import AsJson, columns, show
from publisher.flows import hooks
from publisher.flows.audit import TERMINAL
from publisher.kit import clock
from publisher.models import Hook, HookCall
from publisher.models.errors import Refused

Number = Annotated[int, typer.Argument(help="The hook's number; see: publisher hooks list")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(name="hooks", help="Tell programs what happens.", no_args_is_help=True)
    commands: dict[str, Callable[..., None]] = {
        "list": list_hooks,
        "add": add,
        "change": change,
        "test": try_out,
        "log": log,
        "again": again,
        "rotate": rotate,
        "off": off,
        "on": on,
        "remove": remove,
    }
    for name, command in commands.items():
        group.command(name)(command)
    app.add_typer(group)


def list_hooks(
    organisation: Annotated[str, typer.Option(help="Only this one's, by slug.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show the programs that are told what happens, and how that goes."""
    found = hooks.hooks([organisation] if organisation else None)
    told = [_told(row) for row in found]
    show(told, _drawn(told) if told else "No program is told anything.", as_json=as_json)


def add(
    *,
    organisation: Annotated[str, typer.Argument(help="Whose matters it is told, by slug.")],
    url: Annotated[str, typer.Argument(help="Where it listens: https and public.")],
    name: Annotated[str, typer.Option(help="What the program is called.")],
    event: Annotated[
        list[str], typer.Option(help="What it is told, as placement.finished; several times.")
    ],
    private: Annotated[
        bool, typer.Option(help="Let http and addresses of your own network through.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Add a program, and print the secret this once that our signature is checked with."""
    row, secret = hooks.add(
        organisation,
        name=name,
        url=url,
        events=event,
        private=private,
        doer=TERMINAL,
        now=clock.now(),
    )
    show({**_told(row), "secret": secret}, secret, as_json=as_json)


def change(
    *,
    number: Number,
    name: Annotated[str, typer.Option(help="Another name.")] = "",
    event: Annotated[
        list[str], typer.Option(help="All that it is told from now on; several times.")
    ] = [],  # noqa: B006  # typer's way to say none; nobody changes it
    as_json: AsJson = False,
) -> None:
    """Give a program another name, or have it told other events."""
    row = _found(number)
    hooks.change(
        row, name=name or row.name, events=event or row.events, doer=TERMINAL, now=clock.now()
    )
    show(_told(row), f"“{row.name}” is told: {', '.join(row.events)}.", as_json=as_json)


def try_out(number: Number, as_json: AsJson = False) -> None:
    """Have a test event sent; `publisher hooks log` says how it went."""
    call = hooks.test(_found(number), doer=TERMINAL, now=clock.now())
    _say_sent(call, as_json=as_json)


def log(
    number: Number,
    most: Annotated[int, typer.Option(help="How many events, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show what a program was told in the last days, with each attempt."""
    told = [hooks.call_as_told(call) for call in hooks.log_of(_found(number))[: max(1, most)]]
    show(told, _drawn_calls(told) if told else "It was told nothing yet.", as_json=as_json)


def again(
    identifier: Annotated[str, typer.Argument(help="The event's id, as msg_0123…")],
    as_json: AsJson = False,
) -> None:
    """Have an event sent again, under the same id."""
    call = hooks.call_named(identifier)
    if call is None:
        raise Refused(f"There is no event “{identifier[:40]}”; see: publisher hooks log")
    hooks.tell_again(call, doer=TERMINAL, now=clock.now())
    call.refresh_from_db()
    _say_sent(call, as_json=as_json)


def rotate(number: Number, as_json: AsJson = False) -> None:
    """Give a program a new secret, printed this once; for a day the one before signs, too."""
    row = _found(number)
    secret = hooks.rotate(row, doer=TERMINAL, now=clock.now())
    show({"hook": row.pk, "secret": secret}, secret, as_json=as_json)


def off(number: Number, as_json: AsJson = False) -> None:
    """Tell a program nothing more."""
    row = _found(number)
    hooks.switch_off(row, doer=TERMINAL, now=clock.now())
    show(_told(_found(number)), f"“{row.name}” is told nothing more.", as_json=as_json)


def on(number: Number, as_json: AsJson = False) -> None:
    """Tell a program again what happens from now on."""
    row = _found(number)
    hooks.switch_on(row, doer=TERMINAL, now=clock.now())
    show(_told(_found(number)), f"“{row.name}” is told what happens now.", as_json=as_json)


def remove(number: Number, as_json: AsJson = False) -> None:
    """Forget a program, its secret and its log."""
    row = _found(number)
    told = _told(row)
    hooks.remove(row, doer=TERMINAL, now=clock.now())
    show({"removed": told}, f"“{told['name']}” is removed.", as_json=as_json)


def _found(number: int) -> Hook:
    found = hooks.hooks().filter(pk=number).first()
    if found is None:
        raise Refused(f"There is no hook {number}; see: publisher hooks list")
    return found


def _told(row: Hook) -> dict[str, Any]:
    return {"hook": row.pk, **hooks.as_told(row)}


def _say_sent(call: HookCall, *, as_json: bool) -> None:
    said = f"{call.identifier} is sent when a worker runs."
    show(hooks.call_as_told(call), said, as_json=as_json)


def _drawn(told: list[dict[str, Any]]) -> Table:
    drawn = columns("", "for", "program", "address", "told", "stands")
    for one in told:
        off = f"off {one['off_why']}".strip()
        stands = off if one["off_at"] else ("failing" if one["failing_since"] else "on")
        events = ", ".join(one["events"])
        drawn.add_row(
            str(one["hook"]), one["organisation"], one["name"], one["url"], events, stands
        )
    return drawn


def _drawn_calls(told: list[dict[str, Any]]) -> Table:
    drawn = columns("event", "id", "when", "stands", "attempts")
    for one in told:
        tries = "; ".join(
            f"{a['at']:%Y-%m-%d %H:%M} {a['status'] or a['problem']}" for a in one["attempts"]
        )
        drawn.add_row(one["event"], one["id"], f"{one['at']:%Y-%m-%d %H:%M}", one["state"], tries)
    return drawn
