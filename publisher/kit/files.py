"""Files written whole or not at all, by one process at a time."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}\Z")


def write(path: Path, content: bytes | str, *, durable: bool = True, mode: int = 0o644) -> None:
    """Put `content` at `path`, making its folders; a reader sees the old file or the new one.

    Args:
        path: where.
        content: text is written as UTF-8.
        durable: False leaves out the wait for the disk, for what can be made again.
        mode: the file's permissions.

    Raises:
        OSError: nothing at `path` was changed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            os.fchmod(file.fileno(), mode)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def write_if_changed(path: Path, content: bytes | str) -> None:
    """Put `content` at `path` unless it is there already, so that its date stays true."""
    wanted = content.encode() if isinstance(content, str) else content
    if not path.is_file() or path.read_bytes() != wanted:
        write(path, wanted)


def made_once(path: Path, content: Callable[[], str], *, mode: int = 0o600) -> str:
    """Give the text at `path`, which the first process that asks puts there for ever.

    Args:
        path: where.
        content: makes it; what two processes make at once is that of the first.
        mode: the file's permissions.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            aside.touch(mode=mode)
            aside.write_text(content(), "utf-8")
            with suppress(FileExistsError):
                os.link(aside, path)  # fails if another process was first
        finally:
            aside.unlink(missing_ok=True)
    return path.read_text("utf-8")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other processes and threads out of `folder` while the block runs.

    The kernel gives the lock back even after `kill -9`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class NotPlain(ValueError):
    """A name that is not safe as that of a file."""


def is_plain(name: str) -> bool:
    """Say whether `name` is safe as the name of a file on any disk."""
    return _PLAIN.match(name) is not None


def plain_name(name: str) -> str:
    """Give `name` back if it is plain; else NotPlain."""
    if not is_plain(name):
        raise NotPlain(f"{name!r} cannot be the name of a file")
    return name
