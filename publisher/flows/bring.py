"""Begin a plan from somebody's communication plan: a draft, with questions where it is unclear."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from publisher.flows.init import starter
from publisher.kit.files import write
from publisher.models.errors import Refused
from publisher.models.specs import ChannelSpec
from publisher.plan.folder import FOLDERS
from publisher.plan.read import read
from publisher.plan.recognise.document import clean
from publisher.plan.recognise.documents import MAX_BYTES, chosen, document, readings
from publisher.plan.recognise.draft import Drafted
from publisher.plan.recognise.drafting import draft
from publisher.plan.recognise.outline import listed_kinds
from publisher.plan.recognise.questions import Question


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What became of a plan that was brought."""

    source: list[str]  #: where in the document the plan is: “table 2”
    taken: dict[str, str]  #: by what is needed, the heading that was taken for it
    language: str  #: of the plan, by its headings
    rows: list[Drafted]
    questions: list[Question]
    notes: list[str]  #: what somebody should know of the reading
    written: list[str]


def bring(source: Path, folder: Path, *, table: str = "", organisation: str = "") -> Brought:
    """Write a draft plan of a document into a folder that has none: all of it, or nothing.

    Args:
        source: the document.
        folder: made if it is not there.
        table: which of several tables is the plan: a number from 1, or “all”.
        organisation: who speaks throughout; empty: the owners that the plan names, each for itself.

    Raises:
        Refused: the document cannot be read, has no such table, or has several and nobody said
            which; the folder has a plan, or cannot be written to.
    """
    for name in FOLDERS:
        if (folder / name).exists():
            raise Refused(f"{folder / name} is there already; a new plan needs a folder of its own")
    content = _content(source)
    found = document(source.name, content)
    used = chosen(source.name, readings(source.name, content, found), table)
    menu, kinds = _menu(), listed_kinds(found.lines)
    speaker = clean(organisation).replace("\n", " ")
    made = draft(source.name, used, menu, kinds, speaker=speaker)
    texts, questions = made.texts()
    try:
        _write(folder, texts)
    except OSError as error:
        raise Refused(f"{folder} cannot be written to: {error.strerror}") from error
    return Brought(
        source=[one.name for one in used],
        taken=used[0].taken,
        language=made.language,
        rows=made.rows,
        questions=questions,
        notes=found.notes,
        written=sorted(texts),
    )


@cache
def _menu() -> Mapping[str, ChannelSpec]:
    return read(starter()).channels


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
