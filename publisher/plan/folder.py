"""Which files a plan folder holds, read with suspicion: any of them may be anything."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from pathlib import Path

from publisher.models.errors import PlanError, Problem

FOLDERS = ("audiences", "channels", "templates", "calendar")

#: what no file may hold: control characters, and the private-use pair that marks holes (content.py)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ue000\ue001\ufffe\uffff]")

_MAX_FILES = 50_000
_LEFT_ALONE = re.compile(r"readme(\..*)?\Z|\..*|.*~\Z|#.*#\Z", re.IGNORECASE)
_PYTHON = (".py", ".pyc", ".pyi", ".pyd", ".so")
_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def plan_files(folder: Path, problems: list[Problem]) -> list[str]:
    """Give the paths of all plan files, relative to the folder, sorted.

    Raises:
        PlanError: there is no plan in the folder at all.
    """
    tops = [name for name in FOLDERS if (folder / name).is_dir()]
    if not tops:
        sentence = (
            f"there is no plan: none of {', '.join(FOLDERS)} is there; "
            "`publisher init FOLDER` begins one"
        )
        raise PlanError([Problem(path=str(folder), sentence=sentence)])
    paths: list[str] = []
    for top in tops:
        for path in _walk(folder, folder / top, problems, {(folder / top).resolve()}):
            paths.append(path)
            if len(paths) > _MAX_FILES:
                sentence = f"holds more than {_MAX_FILES} files: is this the right folder?"
                raise PlanError([Problem(path=top, sentence=sentence)])
    _same_but_for_case(paths, problems)
    return sorted(paths)


def _walk(folder: Path, here: Path, problems: list[Problem], above: set[Path]) -> Iterator[str]:
    for item in sorted(here.iterdir()):
        path = item.relative_to(folder).as_posix()
        if _LEFT_ALONE.match(item.name):
            continue
        sentence = _refused(folder, item)
        if sentence:
            problems.append(Problem(path=_printable(path), sentence=sentence))
        elif not item.is_dir():
            yield path
        elif (real := item.resolve()) in above:
            problems.append(Problem(path=path, sentence="is a link to a folder it is in"))
        else:
            yield from _walk(folder, item, problems, above | {real})


def _refused(folder: Path, item: Path) -> str:
    if _printable(item.name) != item.name:
        return "has a name that is not plain text; rename it"
    if item.suffix in _PYTHON or item.name == "__pycache__":
        return (
            "Python does not belong in a plan: an importable `calendar` or `channels` would "
            "stand in the way of other packages; adapters and forms live in the engine"
        )
    if item.is_symlink() and not _inside(folder, item):
        return "is a link that leads out of the plan folder, or nowhere; put the file itself here"
    mode = item.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return "is neither a file nor a folder"
    return ""


def _inside(folder: Path, item: Path) -> bool:
    try:
        return item.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def _printable(name: str) -> str:
    """Give a name that can be shown and kept: undecodable bytes and control characters as `?`."""
    return FORBIDDEN.sub("?", name.encode("utf-8", "replace").decode())


def _same_but_for_case(paths: list[str], problems: list[Problem]) -> None:
    seen: dict[str, str] = {}
    for path in paths:
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            sentence = f"has the same name as {other} but for capitals; many systems keep only one"
            problems.append(Problem(path=path, sentence=sentence))


def content(folder: Path, path: str, *, at_most: int, problems: list[Problem]) -> bytes | None:
    """Read a file of no more than `at_most` bytes; else None, and a problem is added."""
    sentence = f"is larger than {_size(at_most)}"
    try:
        # the size first: a file of many gigabytes may be one hole and cost nothing on the disk
        if (folder / path).stat().st_size <= at_most:
            with (folder / path).open("rb") as file:
                found = file.read(at_most + 1)
            if len(found) <= at_most:
                return found
    except OSError as error:
        sentence = f"cannot be read: {error.strerror}"
    problems.append(Problem(path=path, sentence=sentence))
    return None


def text(folder: Path, path: str, *, at_most: int, problems: list[Problem]) -> str | None:
    r"""Read a text of no more than `at_most` bytes, its line ends made `\n`; else None.

    A byte order mark is dropped; what is not UTF-8 or holds control characters is a problem.
    """
    found = content(folder, path, at_most=at_most, problems=problems)
    if found is None:
        return None
    try:
        words = found.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        problems.append(_not_utf8(path, found, error))
        return None
    if bad := FORBIDDEN.search(words):
        line, column = place(words, bad.start())
        sentence = (
            f"holds the control or private-use character U+{ord(bad[0]):04X}; take it out"
            if bad[0] != "\0"
            else "holds a NUL byte: this is not a text file"
        )
        problems.append(Problem(path=path, line=line, column=column, sentence=sentence))
        return None
    return words


def _not_utf8(path: str, found: bytes, error: UnicodeDecodeError) -> Problem:
    if encoding := _ENCODINGS.get(found[:2]):
        return Problem(path=path, sentence=f"is {encoding} text; save it as UTF-8")
    before = found[: error.start]
    sentence = (
        f"is not UTF-8 text (byte 0x{found[error.start]:02x}); save it as UTF-8 "
        "(it may be Windows-1252, or not text at all)"
    )
    column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
    return Problem(path=path, line=before.count(b"\n") + 1, column=column, sentence=sentence)


def place(words: str, index: int) -> tuple[int, int]:
    """Give the line and column, from 1, of a position in a text."""
    before = words[:index]
    return before.count("\n") + 1, index - before.rfind("\n")


def _size(octets: int) -> str:
    return f"{octets // 1_000_000} MB" if octets >= 1_000_000 else f"{octets // 1000} kB"
