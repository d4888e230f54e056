"""Begin a plan from somebody's communication plan: a draft, with questions where it is unclear."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from publisher.flows.init import starter
from publisher.kit.files import write
from publisher.models.errors import Refused
from publisher.plan.folder import FOLDERS
from publisher.plan.read import read
from publisher.plan.recognise.draft import Drafted, draft
from publisher.plan.recognise.rows import Row, flattened, rows
from publisher.plan.recognise.tables import MAX_BYTES, decoded, tables


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What became of a plan that was brought."""

    rows: list[Drafted]
    questions: list[tuple[str, str]]  #: the file each stands in, and the question
    written: list[str]


def bring(source: Path, folder: Path) -> Brought:
    """Write a draft plan of a document into a folder that has none: all of it, or nothing.

    Raises:
        Refused: the document cannot be read or has no such table; the folder has a plan.
    """
    for name in FOLDERS:
        if (folder / name).exists():
            raise Refused(f"{folder / name} is there already; a new plan needs a folder of its own")
    made = draft(_rows(source), read(starter()).channels)
    texts = made.texts()
    try:
        _write(folder, texts)
    except OSError as error:
        raise Refused(f"{folder} cannot be written to: {error.strerror}") from error
    return Brought(rows=made.rows, questions=made.questions, written=sorted(texts))


def _rows(source: Path) -> list[Row]:
    content = _content(source)
    found = [row for table in tables(source.name, content) for row in rows(table)]
    if not found and source.suffix.lower() == ".txt":
        found = flattened(decoded(source.name, content))
    if not found:
        raise Refused(
            f"{source.name} holds no table with columns for audiences, key messages and channels"
        )
    return found


def _content(source: Path) -> bytes:
    try:
        with source.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refused(f"{source} cannot be read: {error.strerror}") from error


def _write(folder: Path, texts: dict[str, bytes]) -> None:
    """Write beside the folder first, so that half a plan is never left in it."""
    folder.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder))
    moved: list[Path] = []
    try:
        for path, content in texts.items():
            write(beside / path, content, durable=False)
        shutil.copytree(starter() / "templates", beside / "templates")
        # One by one, so that what was moved is known if the next cannot be.
        moved.extend(top.rename(folder / top.name) for top in sorted(beside.iterdir()))
    except OSError:
        for top in moved:
            shutil.rmtree(top)
        raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
