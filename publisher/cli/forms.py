"""`publisher proposals` and `publisher intake`: what came in by our open forms."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from publisher.cli.screen import AsJson, columns, show
from publisher.flows import intakes, proposals
from publisher.flows.audit import TERMINAL
from publisher.kit import clock, files

proposals_commands = typer.Typer(
    help="Proposals for new work: list, read, confirm, refuse.", no_args_is_help=True
)
intake_commands = typer.Typer(
    help="Offers to collaborate: list, read, assign, answer, close.", no_args_is_help=True
)
Reference = Annotated[str, typer.Argument(help="As the list shows it.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(proposals_commands, name="proposals")
    app.add_typer(intake_commands, name="intake")


@proposals_commands.command("list")
def list_proposals(
    organisation: Annotated[str, typer.Option(help="Only those to this organisation.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show the proposals that were filed, those that wait first."""
    rows = list(proposals.filed([organisation] if organisation else None))
    drawn = columns("reference", "state", "filed", "title")
    for row in rows:
        filed = f"{row.filed_at:%Y-%m-%d}" if row.filed_at else ""
        drawn.add_row(row.reference, row.state, filed, Text(row.fields.get("title", "")))
    told = [proposals.as_told(row) for row in rows]
    show(told, drawn if rows else "Nothing was proposed on our forms yet.", as_json=as_json)


@proposals_commands.command("show")
def show_proposal(
    reference: Reference,
    docx: Annotated[
        Path | None, typer.Option(help="Also write the filled form as a Word document.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show one proposal with what was found that is like it."""
    row = proposals.of_reference(reference)
    if docx:
        files.write(docx, proposals.as_word(row))
    told = proposals.as_told(row)
    lines = [f"{told['reference']}: {told['state']}", *_lines(told["fields"])]
    lines += _lines(told["proposer"])
    for one in told["evidence"]["found"]:
        lines += ["", f"{one['identifier']}  {one['title']}", *(f"  - {why}" for why in one["why"])]
        lines += [f"  different: {one['answer']}"] if one["answer"] else []
    show(told, Text("\n".join(lines)), as_json=as_json)


@proposals_commands.command("confirm")
def confirm(reference: Reference, as_json: AsJson = False) -> None:
    """Confirm that a proposal is meant: the landscape and the next circulation have it."""
    row = proposals.of_reference(reference)
    proposals.confirm(row, doer=TERMINAL, now=clock.now())
    show({"reference": row.reference, "state": "confirmed"}, "Confirmed.", as_json=as_json)


@proposals_commands.command("refuse")
def refuse(
    reference: Reference,
    reason: Annotated[str, typer.Option(help="Why; its proposer reads it.")],
    as_json: AsJson = False,
) -> None:
    """Refuse a proposal: it leaves the landscape, and its proposer is told why."""
    row = proposals.of_reference(reference)
    proposals.refuse(row, reason=reason, doer=TERMINAL, now=clock.now())
    show({"reference": row.reference, "state": "refused"}, "Refused.", as_json=as_json)


@intake_commands.command("list")
def list_intakes(
    late: Annotated[bool, typer.Option("--late", help="Only those whose answer is late.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what was offered, and how the promise of an answer stands."""
    now = clock.now()
    rows = list(intakes.late(now=now) if late else intakes.taken_in())
    drawn = columns("reference", "state", "promise", "by", "from", "answers")
    for row in rows:
        drawn.add_row(
            row.reference,
            row.state,
            intakes.standing(row, now=now),
            f"{row.due_at:%Y-%m-%d}" if row.due_at else "",
            Text(row.body),
            row.organisation.slug if row.organisation else "nobody yet",
        )
    told = [intakes.as_told(row, now=now) for row in rows]
    show(told, drawn if rows else "Nothing is there.", as_json=as_json)


@intake_commands.command("show")
def show_intake(reference: Reference, as_json: AsJson = False) -> None:
    """Show one offer and what was answered."""
    told = intakes.as_told(intakes.of_reference(reference), now=clock.now())
    lines = _lines({name: value for name, value in told.items() if name != "answers"})
    lines += [f"\n{one['at']:%Y-%m-%d %H:%M}\n{one['text']}" for one in told["answers"]]
    show(told, Text("\n".join(lines)), as_json=as_json)


@intake_commands.command("assign")
def assign(
    reference: Reference,
    organisation: Annotated[str, typer.Option(help="Who answers, as in the plan.")],
    committee: Annotated[str, typer.Option(help="The committee or study group it is for.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say which organisation answers."""
    row = intakes.of_reference(reference)
    intakes.assign(
        row, organisation=organisation, committee=committee, doer=TERMINAL, now=clock.now()
    )
    show({"reference": row.reference, "organisation": organisation}, "Assigned.", as_json=as_json)


@intake_commands.command("answer")
def answer(
    reference: Reference,
    text: Annotated[str, typer.Option(help="The answer, as it is sent.")],
    as_json: AsJson = False,
) -> None:
    """Answer by mail."""
    row = intakes.of_reference(reference)
    intakes.answer(row, text=text, doer=TERMINAL, now=clock.now())
    sentence = "The mail goes out with the next worker."
    show({"reference": row.reference, "answered": True}, sentence, as_json=as_json)


@intake_commands.command("close")
def close(
    reference: Reference,
    reason: Annotated[str, typer.Option(help="Why; who offered can read it.")],
    as_json: AsJson = False,
) -> None:
    """Close an offer with a reason."""
    row = intakes.of_reference(reference)
    intakes.close(row, reason=reason, doer=TERMINAL, now=clock.now())
    show({"reference": row.reference, "state": "closed"}, "Closed.", as_json=as_json)


def _lines(said: Mapping[str, Any]) -> list[str]:
    return [f"{name}: {value}" for name, value in said.items() if value]
