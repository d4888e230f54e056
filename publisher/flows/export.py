"""Write the database back into files, comments and order kept."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from publisher.flows.audit import TERMINAL, Doer, note
from publisher.flows.plan_rows import stored
from publisher.flows.stored_plan import stored_plan
from publisher.kit import clock
from publisher.kit.files import write
from publisher.models.errors import PlanError, Refused
from publisher.models.specs import Plan
from publisher.plan.diff import Said, Stored
from publisher.plan.folder import FOLDERS
from publisher.plan.read import source
from publisher.plan.said import PICTURE, SPECS, proper_path, said
from publisher.plan.write import anew, changed_files


@dataclass(frozen=True, kw_only=True)
class Written:
    """What became of one file."""

    path: str
    action: Literal["created", "changed", "removed", "kept"]
    because: str = ""


def export(
    folder: Path, *, force: bool = False, doer: Doer = TERMINAL, now: datetime | None = None
) -> list[Written]:
    """Make a folder's files say what the database says.

    A file is changed only where it says something else. What was changed in a file and not
    applied is left alone, or refused if the desk changed it too.

    Args:
        folder: a plan folder, or one to become one.
        force: write over what was not applied.
        doer: who has them written.
        now: aware; None: this moment.

    Raises:
        PlanError: the files cannot be read.
        Refused: something was changed on both sides, or cannot be written as a file.
    """
    wanted = _wanted(folder, force=force)
    found = [_write(folder, path, content) for path, content in sorted(wanted.contents.items())]
    for path in sorted(wanted.removed):
        (folder / path).unlink()
        found.append(Written(path=path, action="removed"))
    written = sum(one.action != "kept" for one in found)
    note(doer, "plan.export", now=now or clock.now(), files=written)
    return found + wanted.kept


def proposal(folder: Path) -> str:
    """Give what `export` would change as a patch, for whoever keeps the files; empty: nothing.

    Pictures and other files that are not words are left out.

    Raises:
        PlanError: the files cannot be read.
        Refused: as `export`.
    """
    wanted = _wanted(folder, force=False)
    pieces: list[str] = []
    for path in sorted({*wanted.contents, *wanted.removed}):
        with suppress(UnicodeDecodeError):
            new = wanted.contents.get(path, b"").decode()
            pieces += _patch(path, folder / path, new)
    return "".join(pieces)


def _patch(path: str, file: Path, new: str) -> Iterator[str]:
    """Give one file's part of a patch, as `git apply` and `patch -p1` read it."""
    old = file.read_text("utf-8") if file.is_file() else ""
    lines = unified_diff(
        old.splitlines(keepends=True),
        new.splitlines(keepends=True),
        f"a/{path}" if old else "/dev/null",
        f"b/{path}" if new else "/dev/null",
    )
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What the files are to become."""

    contents: dict[str, bytes]  #: of the files to be written, by path
    removed: set[str]
    kept: list[Written]


def _wanted(folder: Path, *, force: bool) -> _Wanted:
    old = _read(folder)
    database = stored_plan()
    sides = _sides(said(old), stored(), force=force)
    new = _merged(old, database, sides)
    return _Wanted(
        contents=_proven(folder, old, new),
        removed=_places(old) - _places(new),
        kept=_kept(sides, old, database),
    )


_Side = Literal["file", "database", "neither", "not applied", "conflict"]


def _read(folder: Path) -> Plan:
    if not any((folder / name).exists() for name in FOLDERS):
        return Plan()
    found = source(folder)
    if found.problems:
        raise PlanError(found.problems)
    return found.plan


def _sides(
    files: Mapping[str, Said], rows: Mapping[str, Stored], *, force: bool
) -> dict[str, _Side]:
    """Say for each object whose word the files are to have."""
    whole = not files  # a folder without a plan gets all of it
    sides = {
        thing: _side(files.get(thing), rows.get(thing), whole=whole) for thing in {*files, *rows}
    }
    if force:
        fresh: _Side = "database"
        return {
            thing: fresh if side in {"conflict", "not applied"} and thing in rows else side
            for thing, side in sides.items()
        }
    if clashes := sorted(thing for thing, side in sides.items() if side == "conflict"):
        raise Refused(
            f"changed both in the files and at the desk since the last apply: "
            f"{', '.join(clashes)}; choose with `publisher apply --take`, or write over the files "
            "with --force"
        )
    return sides


def _side(file: Said | None, row: Stored | None, *, whole: bool) -> _Side:
    if row is None or row.retired:
        return _side_of_deleted(file, row)
    if file is None:
        gone = row.owner == "file" and row.said == row.applied and not whole
        return "not applied" if gone else "database"
    if file == row.said or row.owner == "desk" or file == row.applied:
        return "database"
    return "not applied" if row.said == row.applied else "conflict"


def _side_of_deleted(file: Said | None, row: Stored | None) -> _Side:
    """What apply deletes it forgets; where something was applied, the desk deleted it."""
    if file is None:
        return "neither"
    if row is None or row.applied is None:
        return "file"
    return "neither" if file == row.applied else "conflict"


def _merged(old: Plan, database: Plan, sides: Mapping[str, _Side]) -> Plan:
    """Give the plan that the files are to hold, in the order they hold it now."""
    fields: dict[str, Any] = {}
    for kind, attribute in {**SPECS, PICTURE: "pictures"}.items():
        file, row = getattr(old, attribute), getattr(database, attribute)
        chosen = {}
        for slug in [*file, *(slug for slug in row if slug not in file)]:
            side = sides[f"{kind}/{slug}"]
            if side == "database" and slug in row:
                chosen[slug] = row[slug]
            elif side in {"file", "not applied"} and slug in file:
                chosen[slug] = file[slug]
        fields[attribute] = chosen
    return Plan(**fields, paths={**database.paths, **old.paths})


def _places(plan: Plan) -> set[str]:
    return set(plan.pictures) | {
        proper_path(plan, kind, slug)
        for kind, name in SPECS.items()
        for slug in getattr(plan, name)
    }


def _proven(folder: Path, old: Plan, new: Plan) -> dict[str, bytes]:
    """Give the files to write, each of which was read back to say what it should."""
    contents = changed_files(folder, old, new)
    for path in _misread(contents, new):
        written = anew(new, path)
        if written is not None:
            contents[path] = written
    if wrong := _misread(contents, new):
        raise Refused(f"This cannot be written as a file: {', '.join(sorted(wrong))}")
    return contents


def _refuse_outside(paths: Iterable[str]) -> None:
    """Refuse to write where no plan is: a name that was let through once must not lead there."""
    for path in paths:
        top, *rest = PurePosixPath(path).parts
        if top not in FOLDERS or not rest or ".." in rest:
            raise Refused(f"“{path}” is no file of a plan; give it another name first")


def _misread(contents: Mapping[str, bytes], new: Plan) -> set[str]:
    if not contents:
        return set()
    _refuse_outside(contents)
    with tempfile.TemporaryDirectory(prefix="publisher-export-") as name:
        for path, content in contents.items():
            write(Path(name) / path, content, durable=False)
        found = source(Path(name))
    here, wanted = said(found.plan), said(new)
    wrong = {problem.path for problem in found.problems}
    for kind, attribute in SPECS.items():
        for slug in getattr(new, attribute):
            path, thing = proper_path(new, kind, slug), f"{kind}/{slug}"
            if path in contents and here.get(thing) != wanted[thing]:
                wrong.add(path)
    return wrong


def _write(folder: Path, path: str, content: bytes) -> Written:
    there = (folder / path).exists()
    write((folder / path).resolve(), content)
    return Written(path=path, action="changed" if there else "created")


def _kept(sides: Mapping[str, _Side], old: Plan, database: Plan) -> list[Written]:
    kept = sorted(thing for thing, side in sides.items() if side == "not applied")
    where = {**database.paths, **old.paths}
    because = "its file was changed and not applied"
    return [
        Written(path=where.get(thing, thing), action="kept", because=f"{thing}: {because}")
        for thing in kept
    ]
