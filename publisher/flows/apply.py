"""Make the database say what the files say: all of it, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from publisher.flows.audit import TERMINAL, Doer, note
from publisher.flows.check import cross_problems
from publisher.flows.expand import expand
from publisher.flows.plan_rows import BY_KIND, forget_retired, stored, write
from publisher.flows.rights import may_change
from publisher.flows.stored_plan import stored_plan
from publisher.flows.tell import tell
from publisher.kit.nearest import meant
from publisher.models import Act, EventName
from publisher.models.errors import PlanError, Problem, Refused
from publisher.models.specs import Plan
from publisher.plan.check import check
from publisher.plan.diff import Action, Change, Changes, Said, Side, Stored, compare
from publisher.plan.read import source
from publisher.plan.said import PICTURE, paths, said

_LOCK = 5075_1002  #: any number, the same for all who apply


def changes(folder: Path, *, take: Mapping[str, Side] | None = None) -> Changes:
    """Say what `apply` would do; nothing is changed.

    Args:
        folder: the plan folder.
        take: whose word counts, by slug or `<kind>/<slug>`.

    Raises:
        PlanError: the files cannot be read or do not hold together.
        Refused: `take` names what there is not.
    """
    return _compared(_checked(folder), take or {})


def apply(
    folder: Path,
    *,
    now: datetime,
    take: Mapping[str, Side] | None = None,
    doer: Doer = TERMINAL,
) -> Changes:
    """Apply a plan folder in one transaction, and lay out the calendar it asks for.

    States, approvals, what was sent and readers are never touched. What was sent from cannot be
    deleted: it is retired, which leaves its record and sends nothing more.

    Raises:
        PlanError: as `changes`, or something was changed on both sides. Nothing is applied.
        Refused: as `changes`, another apply is at work, or the doer chose a side for what is
            another organisation's.
    """
    plan = _checked(folder)
    with transaction.atomic():
        _alone()
        _refuse_anothers(take or {}, doer)
        found = _compared(plan, take or {})
        if found.conflicts:
            raise PlanError([_conflict(change) for change in found.conflicts])
        write(found, plan, now=now)
        _write_down(found, doer, now)
        if found.kept:
            _refuse_misfits(stored_plan())
        expand(now=now)
        forget_retired()
        return replace(found, notices=[*found.notices, *_still_there(found)])


def _write_down(found: Changes, doer: Doer, now: datetime) -> None:
    if found.changes:
        counts = Counter(str(change.action) for change in found.changes)
        note(doer, "plan.apply", now=now, changes=dict(counts))
        tell(EventName.PLAN_APPLIED, None, {"changes": dict(counts)}, now=now)


def _checked(folder: Path) -> Plan:
    found = source(folder)
    if problems := cross_problems(found):
        raise PlanError(problems)
    return found.plan


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise Refused("Another `publisher apply` is at work; try again when it is done.")


def _compared(plan: Plan, take: Mapping[str, Side]) -> Changes:
    files, rows = said(plan), stored()
    return compare(files, rows, paths=paths(plan), take=_taken(take, files, rows))


def _taken(
    take: Mapping[str, Side], files: Mapping[str, Said], rows: Mapping[str, Stored]
) -> dict[str, Side]:
    """Find the objects that were chosen: by slug, every object of that slug."""
    things = {*files, *rows}
    taken: dict[str, Side] = {}
    for name, side in take.items():
        found = [thing for thing in things if name in {thing, thing.partition("/")[2]}]
        if not found:
            slugs = {thing.partition("/")[2] for thing in things}
            raise Refused(f"There is nothing called “{name}” to take{meant(name, slugs)}")
        taken.update(dict.fromkeys(found, side))
    return taken


def _refuse_anothers(take: Mapping[str, Side], doer: Doer) -> None:
    """Refuse to throw away, by choosing a side, what another organisation wrote."""
    if doer.person is None or not take:
        return
    for kind, noun in BY_KIND.items():
        named = {name.removeprefix(f"{kind}/") for name in take}
        for row in noun._default_manager.filter(slug__in=named):
            if not may_change(doer.person, Act.ADMINISTER, kind, row.spec):
                raise Refused(
                    f"The {kind} “{row.slug}” is another organisation’s; its own "
                    "administrator chooses which side of it counts."
                )


def _conflict(change: Change) -> Problem:
    fields = ", ".join(difference.field for difference in change.differences)
    sentence = (
        f"{change.kind} “{change.slug}” is a conflict: {change.because}"
        + (f" ({fields})" if fields else "")
        + f"; choose with --take file:{change.slug} or --take desk:{change.slug}"
    )
    return Problem(path=change.path, sentence=sentence)


def _refuse_misfits(plan: Plan) -> None:
    """The files hold together by themselves; with what the desk keeps they may not."""
    if problems := check(plan):
        raise PlanError(problems)


def _still_there(found: Changes) -> list[str]:
    """Say which of the deleted left a record."""
    notices = []
    for change in found.changes:
        if change.action is Action.DELETE and change.kind != PICTURE:
            noun = BY_KIND[change.kind]
            if noun._default_manager.filter(slug=change.slug).exists():
                notices.append(
                    f"{change.kind} “{change.slug}” has a history, so its record is kept; "
                    "nothing more will come of it"
                )
    return notices
