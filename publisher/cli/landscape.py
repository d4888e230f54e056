"""`publisher landscape`: gather what the organisations work on, find what is alike, settle."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from publisher.cli.screen import AsJson, err, show
from publisher.flows.find_related import Related, Searched, find_related
from publisher.flows.landscape import Gathered, gather_items
from publisher.flows.settle_landscape import Conflict, conflicts, settle
from publisher.kit import clock

commands = typer.Typer(
    help="Work items: import, find what is alike, settle conflicts.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="landscape")


@commands.command("import")
def gather(
    source: Annotated[
        str, typer.Argument(metavar="FILE", help="CSV, JSON, JSON lines or a feed; or its address.")
    ],
    organisation: Annotated[str, typer.Option(help="Whose work items these are, as in the plan.")],
    adds: Annotated[
        bool, typer.Option("--adds", help="It is a part only: nothing that it leaves out is gone.")
    ] = False,
    shrinks: Annotated[
        bool, typer.Option("--shrinks", help="Most of what it named before is gone indeed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Import work items; what stands there already is brought up to date.

    What a file named before and does not name now is marked as gone, and shown as such.
    """
    done = gather_items(
        source, organisation=organisation, now=clock.now(), adds=adds, shrinks=shrinks
    )
    show(asdict(done), _drawn(done), as_json=as_json)
    for gone in done.gone_items:
        err.print(f"gone: {gone}", markup=False, highlight=False)
    for problem in done.problems:
        err.print(f"{source}: {problem}", markup=False, highlight=False)
    if done.bad > len(done.problems):
        err.print(f"and {done.bad - len(done.problems)} more bad lines", markup=False)


@commands.command("find")
def find(
    title: Annotated[str, typer.Argument(help="A title, or a known work item's identifier.")],
    scope: Annotated[str, typer.Option(help="What it is about, in more words.")] = "",
    organisation: Annotated[
        str, typer.Option(help="Whose proposal it is; its own work items are left out.")
    ] = "",
    most: Annotated[int, typer.Option(min=1, max=100, help="How many to show.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Find related work items of the other organisations, and why they are related."""
    searched = find_related(title, scope=scope, organisation=organisation, most=most)
    show(asdict(searched), _found(searched), as_json=as_json)


@commands.command("conflicts")
def show_conflicts(
    organisation: Annotated[str, typer.Option(help="Only those of this organisation.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show identifiers to which sources give different titles."""
    found = conflicts(organisation)
    drawn = Group(*map(_conflict, found)) if found else Text("No two sources differ.")
    show([asdict(one) for one in found], drawn, as_json=as_json)


@commands.command("settle")
def decide(  # noqa: PLR0917  # Typer gives what it is told on the command line
    identifier: Annotated[str, typer.Argument(help="As `publisher landscape conflicts` shows it.")],
    organisation: Annotated[str, typer.Option(help="Whose work item it is.")],
    title: Annotated[str, typer.Option(help="The right one, as a source has it.")],
    person: Annotated[str, typer.Option("--as", help="Who decides.")],
    why: Annotated[str, typer.Option(help="For the record.")] = "",
    as_json: AsJson = False,
) -> None:
    """Decide which title is right where sources differ."""
    done = settle(
        identifier, organisation=organisation, title=title, person=person, why=why, now=clock.now()
    )
    show(asdict(done), f"{done.identifier} is now “{title}”.", as_json=as_json)


def _conflict(found: Conflict) -> Text:
    lines = [f"{found.identifier} ({found.organisation})", f"  {found.source}: {found.title}"]
    for source, titles in found.others.items():
        lines += [f"  {source}: {title}" for title in titles]
    return Text("\n".join(lines))


def _drawn(done: Gathered) -> RenderableType:
    drawn = Table(box=None, pad_edge=False, show_header=False)
    for name, words in _WORDS.items():
        drawn.add_row(words, str(getattr(done, name)))
    drawn.add_row("identifiers with different titles", str(len(done.conflicts)))
    return Group(drawn, *(Text(f"  {one}") for one in done.conflicts[:20]))


def _found(searched: Searched) -> RenderableType:
    where = f"{searched.titles:,} titles of {', '.join(searched.organisations) or 'nobody'}"
    if not searched.found:
        return Text(f"No overlap found in {where}.")
    return Group(Text(f"Searched {where}."), *(_one(each) for each in searched.found))


def _one(found: Related) -> Text:
    kind = f"twin by {found.by}" if found.kind == "twin" else "related"
    lines = [
        f"\n{found.identifier}  {found.title}",
        f"  {kind}, {found.score:.2f}; {found.organisation}, {found.state}",
        *(f"  - {reason}" for reason in found.reasons),
    ]
    for source, titles in found.conflicts.items():
        lines += [f"  - {source} calls it “{title}”." for title in titles]
    return Text("\n".join(lines))


_WORDS = {
    "lines": "lines",
    "new": "new work items",
    "changed": "changed",
    "unchanged": "unchanged",
    "gone": "gone from the source",
    "repeated": "repeated identifiers, merged",
    "bad": "bad lines, left out",
    "indexed": "titles that can be found now, of all organisations",
}
