"""Look at a plan folder as hard as can be without a database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.adapters.registry import adapter, names
from publisher.flows.materials import sample
from publisher.kit import clock
from publisher.models.adapter import EVERY
from publisher.models.cell import Cell
from publisher.models.errors import PlanError, Problem
from publisher.models.specs import (
    AtWallTime,
    BeforeEvent,
    EntrySpec,
    EventSpec,
    OutletSpec,
    Plan,
)
from publisher.plan.check import check as check_plan
from publisher.plan.event_exceptions import unused
from publisher.plan.open_questions import open_questions
from publisher.plan.read import source
from publisher.plan.source import Source
from publisher.render.cascade import PlanSources
from publisher.render.rendition import check as check_content
from publisher.render.rendition import forms, render
from publisher.schedule.events import fault, happenings
from publisher.schedule.matrix import Matrix
from publisher.schedule.occasions import events, never_shown, occasion_zone
from publisher.schedule.occurrences import HORIZON
from publisher.schedule.unheard import why_nobody
from publisher.settings import settings

PATIENCE_SECONDS = 20.0  #: for cells that go wrong, all together; an endless template does in each


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was found in a folder."""

    problems: list[Problem]  #: each of them keeps the plan from being applied or an entry going out
    notices: list[str]  #: what somebody may want to know
    cells: int  #: how many were rendered


def check(folder: Path) -> list[Problem]:
    """Read a plan, check it, and render every cell of every entry; an empty list: all is well."""
    return checked(folder).problems


def checked(folder: Path) -> Checked:
    """Like `check`, with what is not wrong but worth knowing."""
    try:
        found = source(folder)
    except PlanError as error:
        return Checked(problems=error.problems, notices=[], cells=0)
    asked = [f"{path}:{line}: open question: {said}" for path, line, said in open_questions(folder)]
    if problems := cross_problems(found):
        return Checked(problems=problems, notices=asked, cells=0)
    matrix = Matrix(found.plan)
    problems, cells = _render_problems(found, matrix)
    notices = [*asked, *_notices(found.plan, matrix)]
    return Checked(problems=problems, notices=notices, cells=cells)


def cross_problems(found: Source) -> list[Problem]:
    """Give the problems of files and between them: what `apply` looks at."""
    problems = found.all_problems(adapters=names())
    if problems:
        return problems
    return [found.placed(problem) for problem in _misfits(found.plan)]


def standing_problems(plan: Plan) -> list[Problem]:
    """Give the problems of a plan in force: as `cross_problems`, without a file's lines."""
    return check_plan(plan, adapters=names()) or list(_misfits(plan))


def _misfits(plan: Plan) -> Iterator[Problem]:
    matrix = Matrix(plan)
    for outlet in plan.outlets.values():
        yield from _outlet(plan, outlet)
    for entry in plan.entries.values():
        yield from _unheard(matrix, entry)
        yield from _skipped(plan, entry)
    for event in plan.events.values():
        if sentence := fault(event):
            yield Problem(path=plan.paths[f"event/{event.slug}"], sentence=sentence)


def _skipped(plan: Plan, entry: EntrySpec) -> Iterator[Problem]:
    """Refuse an occasion at a time that is on no clock: nobody would know when to come."""
    if entry.occasion is None:
        return
    zone = occasion_zone(entry, plan)
    for at in never_shown(entry.occasion, zone, clock.now().replace(tzinfo=None))[:1]:
        sentence = f"clocks in {zone} go forward past {at:%Y-%m-%d %H:%M}; there is no such time"
        path = plan.paths[f"entry/{entry.slug}"]
        yield Problem(path=path, field="occasion.starts", sentence=sentence)


def _outlet(plan: Plan, outlet: OutletSpec) -> Iterator[Problem]:
    """Check an outlet against what its adapter can do."""
    path = plan.paths[f"outlet/{outlet.slug}"]
    here = f"outlets.{outlet.slug}"
    form = plan.channels[outlet.channel].form
    carrier = adapter(outlet.adapter)
    said = carrier.capabilities
    if form in forms() and not said.carries(form, forms()[form].addressed_to):
        carried = "what goes to no reader"
        if said.forms != EVERY:
            carried = ", ".join(sorted(said.forms))
        sentence = (
            f"adapter “{outlet.adapter}” cannot carry the form “{form}”; it carries {carried}"
        )
        yield Problem(path=path, field=f"{here}.adapter", sentence=sentence)
    for sentence in carrier.check(outlet, None):
        yield Problem(path=path, field=here, sentence=sentence)


def _unheard(matrix: Matrix, entry: EntrySpec) -> Iterator[Problem]:
    if sentence := why_nobody(matrix, entry):
        path = matrix.plan.paths[f"entry/{entry.slug}"]
        yield Problem(path=path, field="audiences", sentence=sentence)


def _render_problems(found: Source, matrix: Matrix) -> tuple[list[Problem], int]:
    """Render every cell whose form is there; a fault of a template is reported once."""
    problems: dict[Problem, None] = {}
    sources = PlanSources(found.plan)
    wasted, count = 0.0, 0
    for cell in _cells(matrix):
        if cell.form not in forms() or wasted > PATIENCE_SECONDS:
            continue
        count += 1
        began = time.monotonic()
        if wrong := _cell_problems(cell, sources):
            wasted += time.monotonic() - began
        for problem in wrong:
            problems[found.placed(problem)] = None
    return list(problems), count


def _cells(matrix: Matrix) -> Iterator[Cell]:
    for entry in matrix.plan.entries.values():
        at_local = entry.when.at if isinstance(entry.when, AtWallTime) else None
        for cell in matrix.cells(entry, at_local=at_local):
            yield _with_samples(cell)


def _with_samples(cell: Cell) -> Cell:
    needs = forms()[cell.form].needs if cell.form in forms() else ()
    return replace(cell, material={name: sample(name) for name in needs}) if needs else cell


def _cell_problems(cell: Cell, sources: PlanSources) -> list[Problem]:
    try:
        content = render(cell, sources, site_url=settings().site_url)
    except PlanError as error:
        return error.problems
    return list(check_content(cell, content))


def _notices(plan: Plan, matrix: Matrix) -> Iterator[str]:
    """Say what will not go out, and in which languages somebody would have read it."""
    hung_on = events(plan)
    for event in plan.events.values():
        path = plan.paths[f"event/{event.slug}"]
        for day in unused(event):
            yield f"{path}: “{event.slug}” leaves out {day} (EXDATE), on which it has no session"
    for entry in plan.entries.values():
        path = plan.paths[f"entry/{entry.slug}"]
        if isinstance(entry.when, BeforeEvent) and not _is_near(hung_on[entry.when.event]):
            yield f"{path}: “{entry.when.event}” does not take place within {HORIZON.days} days"
        cells = matrix.cells(entry)
        if missing := sorted({cell.form for cell in cells} - forms().keys()):
            some = "some of it" if any(cell.form in forms() for cell in cells) else "all of it"
            yield f"{path}: {some} waits for forms that are not there yet: {', '.join(missing)}"
        spoken = {language for cell in cells for language in cell.outlet.languages}
        if unsaid := sorted(spoken - set(entry.languages)):
            yield f"{path}: no words in {', '.join(unsaid)}, which its outlets speak"


def _is_near(event: EventSpec) -> bool:
    """Whether an event took place a short while ago, or will before the calendar's end."""
    here = clock.now().replace(tzinfo=None)
    return bool(happenings(event, zone="UTC", between=(here - HORIZON, here + HORIZON)))
