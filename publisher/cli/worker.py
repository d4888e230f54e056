"""`publisher worker` works the queue; `publisher uncertain` shows what nobody knows."""

from __future__ import annotations

from typing import Annotated

import typer

from publisher.cli.screen import AsJson, columns, show, stop
from publisher.flows import uncertain as uncertain_flow
from publisher.flows.uncertain import Decision
from publisher.kit import clock


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(worker)
    app.command()(uncertain)


def worker(
    concurrency: Annotated[
        int, typer.Option(min=1, max=50, help="How many placements it hands over at once.")
    ] = 8,
    *,
    once: Annotated[bool, typer.Option(help="End when nothing in the queue is due.")] = False,
) -> None:
    """Hand over what has started, until Ctrl-C."""
    from publisher.worker import hands

    if once:
        hands.drain()
    else:
        hands.run(concurrency=concurrency)


def uncertain(
    entry: Annotated[str | None, typer.Argument(help="An entry's slug; without it, all.")] = None,
    *,
    resend: Annotated[bool, typer.Option(help="Hand them over again.")] = False,
    accepted: Annotated[bool, typer.Option(help="They had arrived.")] = False,
    refused: Annotated[bool, typer.Option(help="They had not arrived, and shall not.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the hand-overs whose outcome nobody knows, or say what became of an entry's."""
    said = [Decision.RESEND] * resend + [Decision.ACCEPTED] * accepted
    said += [Decision.REFUSED] * refused
    if len(said) > 1 or (said and entry is None):
        raise stop("Name one entry and one of --resend, --accepted and --refused.")
    if said and entry is not None:
        count = uncertain_flow.decide(entry, said[0], now=clock.now())
        show({"decided": count}, f"{count} decided: {said[0].value}.", as_json=as_json)
        return
    rows = uncertain_flow.uncertain(entry)
    table = columns("entry", "occurrence", "outlet", "audience", "language", "how many", "answer")
    for row in rows:
        names = (row.entry, row.occurrence, row.outlet, row.audience, row.language)
        table.add_row(*names, str(row.count), row.answer)
    show([vars(row) for row in rows], table if rows else "Nothing is uncertain.", as_json=as_json)
