"""Sending and holding: `launch`, `publish`, `drop`, `pause`, `promises` and more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from publisher.cli.placements import OUTCOMES, show_placements
from publisher.cli.screen import AsJson, columns, show, stop
from publisher.flows import epoch, hold, intakes
from publisher.flows.launch import launch
from publisher.flows.promises import all_promises
from publisher.flows.publish import publish_due, publish_now
from publisher.flows.rehearse import Rehearsed, rehearse
from publisher.kit import clock
from publisher.models import Intake, Placement
from publisher.reports.promises import Promise, PromiseState

What = Annotated[str, typer.Argument(help="An entry, or a placement's key.")]
NOTHING_DUE = "Nothing was due that has every yes. `publisher status` shows what was missed."
COLOURS = {
    PromiseState.BROKEN: "bold red",
    PromiseState.LATE: "red",
    PromiseState.DUE: "yellow",
    PromiseState.KEPT: "green",
    PromiseState.NO_FORM: "dim",
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("launch")(launch_plan)
    app.command("publish")(publish)
    app.command("drop")(drop)
    app.command("pause")(_holding(hold.pause, "Hold up what is being sent."))
    app.command("resume")(_holding(hold.resume, "Let what was paused go on."))
    app.command("cancel")(_holding(hold.cancel, "Stop what is being sent, for good."))
    app.command("promises")(promises)


def launch_plan(as_json: AsJson = False) -> None:
    """Launch the plan: entries that say “launch” are due, others count from now."""
    now = clock.now()
    at = launch(now=now)
    word = "is launched" if at == now else "was launched already"
    show({"launched_at": at}, f"The plan {word}: {at:%Y-%m-%d %H:%M} UTC.", as_json=as_json)


def publish(
    entry: Annotated[str | None, typer.Argument(help="Send it now; or --due.")] = None,
    due: Annotated[bool, typer.Option("--due", help="Everything due, as the clock would.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go out.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send an entry now, or everything due. Either needs every yes."""
    if (entry is None) is not due:
        raise stop("Say which entry to send, or --due for everything due, and not both.")
    now = clock.now()
    if dry_run:
        found = rehearse(entry, now=now)
        show([asdict(one) for one in found], _rehearsed(found), as_json=as_json)
        return
    epoch.guard(now=now)
    started = publish_now(entry, now=now) if entry else publish_due(now=now)
    _work()
    show_placements(started, figures=OUTCOMES, none=NOTHING_DUE, as_json=as_json)


def drop(
    what: What,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    as_json: AsJson = False,
) -> None:
    """Give up an entry's missed or next occurrence, or one placement, before it starts."""
    show_placements(hold.drop(what, reason=reason, now=clock.now()), as_json=as_json)


def promises(
    as_json: AsJson = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is kept, and what nothing says.")
    ] = False,
) -> None:
    """Show what was approved and never said, what is to come, and what has no form yet."""
    now = clock.now()
    found = all_promises(now=now)
    told = {PromiseState.KEPT, PromiseState.UNSAID} - set(PromiseState if everything else ())
    shown = [one for one in found if as_json or one.state not in told]
    answers = [_answer_promised(row, now) for row in intakes.taken_in()]
    drawn = Group(_promises(shown, found), *_answers_promised(answers, everything=everything))
    show([*map(_promised, shown), *answers], drawn, as_json=as_json)


def _holding(flow: Callable[..., list[Placement]], says: str) -> Callable[..., None]:
    def command(what: What, as_json: AsJson = False) -> None:
        show_placements(flow(what, now=clock.now()), as_json=as_json)

    command.__doc__ = says
    return command


def _work() -> None:
    """Do the work at once, unless a worker is there to do it."""
    from publisher.worker import hands

    hands.drain()


def _rehearsed(found: Sequence[Rehearsed]) -> Table | str:
    if not found:
        return "Nothing would go out: nothing due has every yes."
    table = columns("entry", "audience", "outlet", "", "form")
    table.add_column("would go to", justify="right")
    table.add_column("excluded", justify="right")
    for one in found:
        table.add_row(
            one.entry, one.audience, one.outlet, one.language, one.form, str(one.recipients),
            str(one.excluded),
        )  # fmt: skip
    return table


def _promised(one: Promise) -> dict[str, Any]:
    return {
        "audience": one.owed.audience,
        "message": one.owed.message,
        "channel": one.owed.channel,
        "outlets": one.owed.outlets,
        "state": one.state.value,
        "approved_at": one.approved_at,
        "published_at": one.published_at,
        "entries": one.entries,
        "sentence": one.sentence,
    }


def _answer_promised(row: Intake, now: datetime) -> dict[str, Any]:
    """Give the promise of an answer in the shape of the others."""
    promised = f"{row.due_at:%Y-%m-%d}" if row.due_at else ""
    return {
        "audience": "",
        "message": "",
        "channel": intakes.FORM,
        "outlets": (),
        "state": intakes.standing(row, now=now),
        "approved_at": row.confirmed_at,
        "published_at": row.answered_at or row.closed_at,
        "entries": (),
        "sentence": f"{row.reference}: an answer to {row.body} was promised by {promised}",
    }


def _answers_promised(answers: Sequence[dict[str, Any]], *, everything: bool) -> list[Text]:
    return [
        Text(f"{one['state']}: {one['sentence']}", style=COLOURS[PromiseState(one["state"])])
        for one in answers
        if everything or one["state"] != PromiseState.KEPT.value
    ]


def _promises(shown: Sequence[Promise], found: Sequence[Promise]) -> RenderableType:
    if not found:
        return "Nothing is promised: no organisation has chosen an outlet for anybody yet."
    lines = []
    for (state, sentence), many in groupby(shown, key=lambda one: (one.state, one.sentence)):
        lines.append(Text(f"{state.value}: {sentence}", style=COLOURS.get(state, "")))
        lines += [
            Text(f"    {one.owed.audience} · {one.owed.message} · {one.owed.channel}")
            for one in many
        ]
    counts = Counter(one.state for one in found)
    said = f"{counts[PromiseState.KEPT]} of {len(found)} kept."
    if counts[PromiseState.UNSAID]:
        said += f" {counts[PromiseState.UNSAID]} said by nothing in the calendar: see --all."
    return Group(*lines, Text(f"\n{said}"))
