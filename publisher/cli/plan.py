"""The plan at the terminal: begin it, check it, see what would change, apply it, write it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from publisher.cli.screen import AsJson, counted, err, out, show, stop
from publisher.flows.apply import apply as apply_flow
from publisher.flows.apply import changes
from publisher.flows.audit import TERMINAL, note
from publisher.flows.bring import Brought, bring
from publisher.flows.check import Checked, checked
from publisher.flows.export import Written
from publisher.flows.export import export as export_flow
from publisher.flows.init import init as init_flow
from publisher.kit import clock
from publisher.models.errors import Problem
from publisher.plan.diff import Action, Change, Changes, Side
from publisher.plan.recognise.questions import Question
from publisher.plan.said import PICTURE
from publisher.settings import settings

Folder = Annotated[
    Path | None,
    typer.Argument(help="The plan folder; else PUBLISHER_PLAN, else where you are."),
]
Take = Annotated[
    list[str] | None,
    typer.Option(
        "--take",
        metavar="SIDE:SLUG",
        help="Whose word counts for what was changed on both sides: file:SLUG or desk:SLUG.",
    ),
]

_COLOURS = {Action.CREATE: "green", Action.CHANGE: "yellow", Action.DELETE: "red"}
_TO_DO = {action: f"to {action.value}" for action in _COLOURS}
_DONE = {Action.CREATE: "created", Action.CHANGE: "changed", Action.DELETE: "deleted"}
_MANY = 10  #: new templates that a table shows one by one
_LONG = 60  #: letters of a value that a table shows


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (init, check, plan, apply, export):
        app.command()(command)


def init(
    folder: Annotated[Path, typer.Argument(help="Where; made if it is not there.")] = Path(),
    *,
    empty: Annotated[
        bool, typer.Option("--empty", help="The smallest plan there can be, with comments.")
    ] = False,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="A communication plan to make a draft of."),
    ] = None,
    table: Annotated[
        str,
        typer.Option(help="Which table of that file is the plan: 1, another number, or all."),
    ] = "",
    organisation: Annotated[
        str,
        typer.Option(help="Who speaks in it; else each owner that it names is an organisation."),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Begin a plan: a complete example, the smallest there can be, or a draft of your own."""
    if source is not None:
        if empty:
            raise stop("--empty and --from are two ways to begin; choose one")
        found = bring(source, folder, table=table, organisation=organisation)
        _show_brought(found, folder, as_json=as_json)
        return
    if table or organisation:
        raise stop("--table and --organisation go with --from: they say how to read that file")
    written = init_flow(folder, empty=empty)
    go = f"cd {folder}\n" if folder != Path() else ""
    todo = f"{go}publisher check\npublisher plan\npublisher apply"
    steps = f"Wrote {counted(len(written), 'file')}. Now:\n\n{todo}"
    show({"folder": str(folder), "written": written}, steps, as_json=as_json)


def _show_brought(found: Brought, folder: Path, *, as_json: bool) -> None:
    read = ", ".join(f"{role} from “{heading}”" for role, heading in found.taken.items())
    lines = [f"Read {' and '.join(found.source)}{f': {read}' if read else ''}."]
    lines += [f"Mind: {note}." for note in found.notes]
    lines.append(f"Recognised {counted(len(found.rows), 'row')}:")
    lines += [f"  {row.audience}: {', '.join(row.channels) or 'no channel'}" for row in found.rows]
    lines.append(f"{counted(len(found.questions), 'question')}, each in its file as “# ?:”:")
    lines += _asked(found.questions)
    lines.append(
        f"Wrote {counted(len(found.written), 'file')} to {folder}. Now: publisher check {folder}"
    )
    if as_json:
        show(asdict(found), "", as_json=True)
    else:
        for line in lines:
            out.print(line, soft_wrap=True, markup=False, highlight=False)


def _asked(questions: Iterable[Question]) -> Iterable[str]:
    """Give each question with all its places: many are asked of every organisation."""
    places: dict[str, list[str]] = {}
    for one in questions:
        places.setdefault(one.sentence, []).append(f"{one.path}:{one.line}")
    for sentence, where in places.items():
        more = f" and {len(where) - 3} more" if len(where) > 3 else ""
        yield f"  {', '.join(where[:3])}{more}: {sentence}"


def check(folder: Folder = None, *, as_json: AsJson = False) -> None:
    """Find every mistake in a plan's files; render every cell. Needs no database."""
    found = checked(_folder(folder))
    if as_json:
        problems = [asdict(problem) for problem in found.problems]
        show(
            {"problems": problems, "notices": found.notices, "cells": found.cells},
            "",
            as_json=True,
        )
    else:
        for line in _lines(found):
            out.print(line, soft_wrap=True)
    if found.problems:
        raise stop(f"{counted(len(found.problems), 'problem')}.")


def plan(folder: Folder = None, *, take: Take = None, as_json: AsJson = False) -> None:
    """Show what apply would create, change or delete; change nothing."""
    found = changes(_folder(folder), take=_taken(take))
    nothing = "Nothing to do: the database says what the files say."
    _show_changes(found, nothing, _TO_DO, as_json=as_json)


def apply(folder: Folder = None, *, take: Take = None, as_json: AsJson = False) -> None:
    """Make the database say what the files say, and lay out the calendar: all or nothing."""
    found = apply_flow(_folder(folder), now=clock.now(), take=_taken(take))
    _show_changes(found, "Nothing was to be done.", _DONE, as_json=as_json)


def export(
    folder: Folder = None,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Write over changes in files that were not applied.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the database back into files; comments and order are kept."""
    found = export_flow(_folder(folder), force=force)
    note(TERMINAL, "plan.export", now=clock.now(), files=len(found))
    show([asdict(one) for one in found], _export_table(found), as_json=as_json)


def _folder(folder: Path | None) -> Path:
    return settings().plan_folder if folder is None else folder.expanduser().resolve()


def _taken(take: list[str] | None) -> dict[str, Side]:
    taken: dict[str, Side] = {}
    for said in take or []:
        side, _, slug = said.partition(":")
        if side == "file" and slug:
            taken[slug] = "file"
        elif side == "desk" and slug:
            taken[slug] = "desk"
        else:
            raise stop(f"--take wants file:SLUG or desk:SLUG, not “{said}”")
    return taken


def _lines(found: Checked) -> Iterable[Text]:
    """Give what was found, a line each: programs that open files at a place read them."""
    yield from (_problem(problem) for problem in found.problems)
    yield from (Text(notice, style="dim") for notice in found.notices)
    if not found.problems:
        said = f"The plan holds together; {counted(found.cells, 'cell')} rendered."
        yield Text(said, style="green")


def _problem(problem: Problem) -> Text:
    place, _, sentence = str(problem).partition(": ")
    return Text.assemble((place, "bold"), ": ", sentence)


def _show_changes(
    found: Changes, nothing: str, words: Mapping[Action, str], *, as_json: bool
) -> None:
    if not as_json:
        for change in found.kept:
            err.print(
                f"{change.path}: {change.kind} {change.slug}: {change.because}",
                markup=False,
                soft_wrap=True,
            )
        for notice in found.notices:
            err.print(notice, markup=False, soft_wrap=True)
    shown = Text(nothing) if found.empty else _table(found, words)
    show(_as_json(found), shown, as_json=as_json)


def _as_json(found: Changes) -> dict[str, object]:
    return {
        "empty": found.empty,
        "changes": [_change_json(change) for change in found.changes],
        "conflicts": [_change_json(change) for change in found.conflicts],
        "kept": [_change_json(change) for change in found.kept],
        "notices": found.notices,
    }


def _change_json(change: Change) -> dict[str, object]:
    return {
        "action": change.action.value,
        "kind": change.kind,
        "slug": change.slug,
        "path": change.path,
        "owner": change.owner,
        "because": change.because,
        "fields": [asdict(one) for one in change.differences],
    }


def _table(found: Changes, words: Mapping[Action, str]) -> Table:
    table = Table(box=None)
    for name in ("What", "Which", "Owner", "Field", "Before → after"):
        table.add_column(name, overflow="fold")
    brought = sum(map(_brought, found.changes))
    for change in [*found.conflicts, *found.changes]:
        if brought <= _MANY or not _brought(change):
            for row in _rows(change):
                table.add_row(*row)
    if brought > _MANY:
        table.add_row(_what(Action.CREATE), f"{brought} templates", "file")
    actions = [change.action for change in found.changes]
    table.caption = ", ".join(
        f"{actions.count(action)} {said}" for action, said in words.items() if action in actions
    )
    return table


def _brought(change: Change) -> bool:
    """Say whether it is a new template; a plan begins with a hundred."""
    return change.action is Action.CREATE and change.kind == "template"


def _what(action: Action) -> Text:
    return Text(action.value, style=_COLOURS.get(action, "bold red"))


def _kind(change: Change) -> str:
    """Say what it is; a master is kept as pictures are."""
    kept_as_picture = change.kind == PICTURE and change.slug.startswith("templates/")
    return "master" if kept_as_picture else change.kind


def _rows(change: Change) -> Iterable[tuple[Text, str, str, str, Text]]:
    first = (_what(change.action), f"{_kind(change)} {change.slug}", change.owner)
    if not change.differences:
        yield *first, "", Text(change.because, style="dim")
    for number, one in enumerate(change.differences):
        old, new = _from_where_they_differ(_line(one.old), _line(one.new))
        values = Text(f"{_short(old)} → {_short(new)}")
        yield *(first if not number else (Text(), "", "")), one.field, values


def _line(value: object) -> str:
    """Show a value on one line; nothing as a dash."""
    return "–" if value in (None, "", [], {}) else " ".join(str(value).split())


def _from_where_they_differ(old: str, new: str) -> tuple[str, str]:
    """Leave out what long words begin with alike, but for a little of it."""
    pairs = enumerate(zip(old, new, strict=False))
    alike = next((at for at, pair in pairs if pair[0] != pair[1]), 0) - _LONG // 3
    if alike <= 0 or max(len(old), len(new)) <= _LONG:
        return old, new
    return f"…{old[alike:]}", f"…{new[alike:]}"


def _short(words: str) -> str:
    return words if len(words) <= _LONG else f"{words[: _LONG - 1]}…"


def _export_table(found: list[Written]) -> Table | str:
    if not found:
        return "Nothing to write: the files say what the database says."
    table = Table(box=None)
    for name in ("File", "What", "Why"):
        table.add_column(name, overflow="fold")
    for one in found:
        table.add_row(one.path, one.action, one.because)
    return table
