"""`publisher matrix` and `publisher agenda`: who hears what through what, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import groupby
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from publisher.cli.screen import AsJson, columns, counted, day, show, stop
from publisher.flows.agenda import Agenda, Item, agenda
from publisher.flows.stored_plan import stored_plan
from publisher.kit import clock
from publisher.models.specs import Plan, in_language
from publisher.schedule.matrix import Matrix, Offer, Row

NOT_THERE = "its form is not there yet"
GAPS = {"nobody": "reaches nobody: no outlet is chosen", "no form": f"reaches nobody: {NOT_THERE}"}
DAYS_SHOWN = timedelta(days=30)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("matrix")(show_matrix)
    app.command("agenda")(show_agenda)


def show_matrix(
    organisation: Annotated[str, typer.Option(help="Count only this one's outlets.")] = "",
    audience: Annotated[str, typer.Option(help="Draw only this one's rows.")] = "",
    as_json: AsJson = False,
) -> None:
    """Draw who hears what through what, who chose it, and where nobody is reached."""
    from publisher.render.rendition import forms

    plan = stored_plan()
    _known(organisation, plan.organisations, "organisation")
    _known(audience, plan.audiences, "audience")
    rows = [
        row
        for row in Matrix(plan).rows(forms(), organisation=organisation or None)
        if audience in {"", row.audience}
    ]
    if not rows:
        show([], "No audience hears anything yet: write a row under `hears:`.", as_json=as_json)
        return
    told = [asdict(row) for row in rows]
    show(told, _drawn(rows, plan), as_json=as_json)


def show_agenda(
    start: Annotated[
        datetime | None, typer.Option("--from", parser=day, metavar="DAY", help="First day.")
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", parser=day, metavar="DAY", help="Last day.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what comes when, whose yes is missing, and who would hear from us too often."""
    now = clock.now()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    first = start or today
    last = end or first + DAYS_SHOWN
    if last < first:
        raise stop(f"--to {last:%Y-%m-%d} is before --from {first:%Y-%m-%d}.")
    end_of_last = last.replace(hour=23, minute=59, second=59, microsecond=999_999)
    found = agenda(start=first, end=end_of_last, now=now)
    show(asdict(found), _listed(found, first, last), as_json=as_json)


def _known(slug: str, there: Iterable[str], noun: str) -> None:
    if slug and slug not in there:
        raise stop(f"There is no {noun} “{slug}”; there are {', '.join(there) or 'none yet'}.")


def _drawn(rows: Sequence[Row], plan: Plan) -> Group:
    table = columns("audience", "is to hear", "through (chosen by)")
    table.columns[0].max_width, table.columns[1].max_width = 26, 26
    for audience, found in groupby(rows, key=lambda row: row.audience):
        name: RenderableType = in_language(plan.audiences[audience].name, "en")
        for message, through in _lines(list(found), plan):
            table.add_row(name, message, through)
            name = ""
        table.add_section()
    return Group(table, Text(), _summary(rows))


def _lines(rows: Sequence[Row], plan: Plan) -> Iterator[tuple[Text, Text]]:
    """Give an audience's rows; those in which it is reached only as part of a wider one, in one."""
    silent = [row for row in rows if row.inherited_from and not _taken(row)]
    for row in rows:
        if row not in silent:
            yield _message(row, plan), _through(row, plan)
    for whole in dict.fromkeys(row.inherited_from for row in silent):
        names = [_name(row, plan) for row in silent if row.inherited_from == whole]
        wider = in_language(plan.audiences[whole].name, "en")
        yield Text(f"and, as part of {wider}:", style="dim"), Text(", ".join(names), style="dim")


def _message(row: Row, plan: Plan) -> Text:
    text = Text(_name(row, plan))
    if row.inherited_from:
        text.append(f" (as {row.inherited_from})", style="dim")
    return text


def _name(row: Row, plan: Plan) -> str:
    message = plan.messages.get(row.message)
    return in_language(message.name, "en") if message else row.message


def _taken(row: Row) -> list[Offer]:
    return [offer for offer in row.offers if offer.outlets]


def _through(row: Row, plan: Plan) -> Text:
    parts = [_offer(offer, plan) for offer in _taken(row)]
    if left := [offer for offer in row.offers if not offer.outlets]:
        parts.append(Text(f"on offer: {', '.join(offer.channel for offer in left)}", style="dim"))
    text = Text("; ").join(parts)
    if row.gap:
        text.append(f"\n▲ {GAPS[row.gap]}", style="bold red")
    return text


def _offer(offer: Offer, plan: Plan) -> Text:
    shorts = dict.fromkeys(
        plan.organisations[plan.outlets[slug].organisation].short for slug in offer.outlets
    )
    text = Text(offer.channel)
    text.append(f" {', '.join(shorts)}", style="green" if offer.form_is_there else "")
    if not offer.form_is_there:
        text.append(" (no form yet)", style="yellow")
    return text


def _summary(rows: Sequence[Row]) -> Text:
    missing = sorted(
        {offer.form for row in rows for offer in row.offers if not offer.form_is_there}
    )
    gaps = sum(bool(row.gap) for row in rows)
    reached = f"{gaps} reach{'es' if gaps == 1 else ''} nobody" if gaps else "each reaches somebody"
    lines = [f"{counted(len(rows), 'row')}; {reached}."]
    if missing:
        lines.append(f"Forms that are not there yet: {', '.join(missing)}.")
    return Text("\n".join(lines))


def _listed(found: Agenda, first: datetime, last: datetime) -> Group | str:
    if not found.items:
        return f"Nothing comes from {first:%Y-%m-%d} to {last:%Y-%m-%d}."
    warnings = [Text(f"▲ {clash.sentence}", style="yellow") for clash in found.clashes]
    return Group(*(_drawn_item(item) for item in found.items), *warnings)


def _drawn_item(item: Item) -> Group:
    """Draw an occurrence over some lines: what they say is too long for the columns of a table."""
    head = Text.assemble((_when(item), "cyan"), "  ", (item.entry, "bold"))
    lines = [
        f"to {', '.join(item.audiences) or 'nobody'}",
        f"through {', '.join(item.channels) or 'nothing'}",
        _stands(item),
    ]
    return Group(head, Padding(Text("\n".join(lines)), (0, 0, 1, 4)))


def _when(item: Item) -> str:
    if item.at_local is None:
        return item.occurrence.replace("+", " + ")
    return f"{item.at_local:%a %Y-%m-%d %H:%M} {item.zone}"


def _stands(item: Item) -> str:
    stands = ", ".join(
        f"{count} {state}" for state, count in item.states.items() if state != "unavailable"
    )
    forms = [f"its form “{form}” is not there yet" for form in item.forms_not_there]
    owed = [f"needs a yes from {', '.join(item.owed)}"] if item.owed else []
    return "; ".join(filter(None, [stands, *forms, *owed])) or "reaches nobody"
