"""`publisher approve`: say yes or no to words, for an organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from publisher.cli.screen import AsJson, columns, counted, show, stop
from publisher.flows.approve import approve, yeses_missing
from publisher.kit import clock
from publisher.models import Approval, Vote


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("approve")(give)


def give(
    *,
    organisation: Annotated[str, typer.Option(help="Whose yes it is.")],
    person: Annotated[str, typer.Option("--as", help="Your name.")],
    entry: Annotated[str | None, typer.Argument(help="The entry; or --all.")] = None,
    language: Annotated[str | None, typer.Option(help="Only the words in it.")] = None,
    outlet: Annotated[str | None, typer.Option(help="Only what it carries.")] = None,
    no: Annotated[bool, typer.Option("--no", help="Say no; needs --reason.")] = False,
    not_yet: Annotated[
        bool, typer.Option("--not-yet", help="Neither yes nor no for now; needs --reason.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Every entry of the calendar.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say yes to an entry's words as they are now, or no; show who is still to say it."""
    if (entry is None) is not everything:
        raise stop("Say which entry to approve, or --all for every one, and not both.")
    said = approve(
        entry=entry,
        organisation=organisation,
        person=person,
        vote=_vote(no=no, not_yet=not_yet),
        reason=reason,
        language=language,
        outlet=outlet,
        now=clock.now(),
    )
    owed = yeses_missing(row.placement for row in said)
    show([_told(row, owed) for row in said], _drawn(said, owed), as_json=as_json)


def _vote(*, no: bool, not_yet: bool) -> Vote:
    if no and not_yet:
        raise stop("Say --no or --not-yet, not both.")
    return Vote.NO if no else Vote.NOT_YET if not_yet else Vote.YES


def _told(row: Approval, owed: Mapping[int, list[str]]) -> dict[str, Any]:
    placement = row.placement
    return {
        "placement": placement.key,
        "entry": placement.occurrence.entry.slug,
        "occurrence": placement.occurrence.key,
        "audience": placement.audience.slug,
        "outlet": placement.outlet.slug,
        "language": placement.language,
        "words": row.rendition_id,
        "vote": row.vote,
        "still_owed": owed[placement.pk],
    }


def _drawn(said: Sequence[Approval], owed: Mapping[int, list[str]]) -> RenderableType:
    if not said:
        return "That was said already of these very words."
    table = columns("entry", "audience", "outlet", "", "words", "still owed")
    for row in said:
        told = _told(row, owed)
        table.add_row(
            told["entry"], told["audience"], told["outlet"], told["language"],
            told["words"][:8], ", ".join(told["still_owed"]) or "nobody",
        )  # fmt: skip
    return Group(
        table, Text(f"\nSaid {said[0].vote} to the words of {counted(len(said), 'placement')}.")
    )
