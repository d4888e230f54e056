"""Questions that stand as comments in a plan's files until somebody answers them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from publisher.plan.folder import FOLDERS

MARK = "# ?:"  #: what a line begins with that is a question
_ENDINGS = {".yaml", ".md"}
_MAX_BYTES = 500_000  #: what is larger is refused elsewhere


def open_questions(folder: Path) -> Iterator[tuple[str, int, str]]:
    """Give the path, line and words of each question of a plan folder, in the order of paths."""
    for top in FOLDERS[:2] + FOLDERS[3:]:
        for file in sorted((folder / top).rglob("*")):
            if file.suffix in _ENDINGS and file.is_file() and file.stat().st_size <= _MAX_BYTES:
                yield from _of(file, file.relative_to(folder).as_posix())


def _of(file: Path, path: str) -> Iterator[tuple[str, int, str]]:
    content = file.read_bytes()
    if MARK.encode() not in content:
        return
    for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), 1):
        if line.strip().startswith(MARK):
            yield path, number, line.strip().removeprefix(MARK).strip()
