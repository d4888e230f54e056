"""A folder of files that is exchanged whole: a new tree beside the old one, then one rename.

Trees stand in a store, each under a name made of its contents, with a record of its files beside
it; a symbolic link says which of them is the one in force. What did not change is the same file in
both (a hard link), so a new tree costs no more than its names.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publisher.kit import files


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a tree holds."""

    files: Mapping[str, str] = field(default_factory=dict)  #: SHA-256 by path
    notes: Mapping[str, Any] = field(default_factory=dict)  #: of whoever made it


class Draft:
    """A tree in the making: everything that is not put or kept is gone in the next one."""

    def __init__(self, folder: Path, before: Record) -> None:
        self._folder = folder
        self._before = before
        self.files: dict[str, str] = {}
        self.changed: dict[str, bytes] = {}

    def put(self, path: str, content: bytes | str) -> None:
        """Put a file at a path below the tree's root."""
        wanted = content.encode() if isinstance(content, str) else content
        sha256 = hashlib.sha256(wanted).hexdigest()
        self.files[path] = sha256
        if self._before.files.get(path) != sha256:
            self.changed[path] = wanted

    def keep(self, path: str) -> bool:
        """Keep a file as it is; False if there is none at this path."""
        if path in self._before.files:
            self.files[path] = self._before.files[path]
        return path in self._before.files

    def read(self, path: str) -> bytes:
        """Give a file of the tree in force; nothing if it is not there."""
        return (self._folder / path).read_bytes() if path in self._before.files else b""


class Trees:
    """The trees of one site.

    Args:
        store: where they stand.
        link: what leads to the one in force; in the store, or beside a folder that leads to it.
    """

    def __init__(self, store: Path, link: Path) -> None:
        self._store = store
        self.link = link

    def record(self) -> Record:
        """Give the record of the tree in force; empty if there is none."""
        if not self.link.is_symlink():
            return Record()
        try:
            name = self.link.readlink().name
            return Record(**json.loads((self._store / f"{name}.json").read_bytes()))
        except (OSError, ValueError, TypeError):
            return Record()

    def draft(self, before: Record) -> Draft:
        """Begin the next tree."""
        return Draft(self.link, before)

    def publish(self, draft: Draft, notes: Mapping[str, Any]) -> Record:
        """Put the next tree in force, unless it is the same."""
        made, before = Record(files=draft.files, notes=notes), self.record()
        if made == before:
            return before
        name = _name(made)
        record = json.dumps(vars(made), ensure_ascii=False)
        files.write(self._store / f"{name}.json", record, durable=False)
        if not (self._store / name).is_dir():
            self._build(draft, name)
        old = self.link.readlink().name if self.link.is_symlink() else ""
        self._switch(name)
        self._forget({name, old})
        return made

    def _build(self, draft: Draft, name: str) -> None:
        new, here = self._store / f".new-{os.getpid()}", os.fspath(self.link)
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        there = self._spare(new)
        for path in there.keys() - draft.files.keys():
            (new / path).unlink(missing_ok=True)
            _remove_empty((new / path).parent, new)
        for path, sha256 in draft.files.items():
            if there.get(path) == sha256:
                continue
            # Never written in place: other trees have the same file.
            (new / path).unlink(missing_ok=True)
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            if path in draft.changed:
                (new / path).write_bytes(draft.changed[path])
            else:
                os.link(f"{here}/{path}", f"{new}/{path}")
        new.rename(self._store / name)

    def _spare(self, new: Path) -> Mapping[str, str]:
        """Begin with the tree that nobody reads any more, if there is one; give its files.

        So a new tree costs what changed, not a folder for each page.
        """
        spare = next(iter(self._others()[1:]), None)
        if spare is None:
            return {}
        record = self._store / f"{spare}.json"
        try:
            there: Mapping[str, str] = json.loads(record.read_bytes())["files"]
        except (OSError, ValueError, KeyError):
            return {}
        record.unlink()
        new.rmdir()
        (self._store / spare).rename(new)
        return there

    def _others(self) -> list[str]:
        """Give the trees that are not in force, the newest first."""
        now = self.link.readlink().name if self.link.is_symlink() else ""
        records = [path for path in self._store.glob("*.json") if path.stem != now]
        newest = sorted(records, key=lambda path: path.stat().st_mtime_ns, reverse=True)
        return [path.stem for path in newest if (self._store / path.stem).is_dir()]

    def _switch(self, name: str) -> None:
        """Let the link lead to a tree; a folder of before there were trees makes way for it."""
        aside = self.link.with_name(f".{self.link.name}.{os.getpid()}")
        aside.unlink(missing_ok=True)
        target = os.path.relpath(self._store / name, self.link.parent)
        aside.symlink_to(target, target_is_directory=True)
        if self.link.is_dir() and not self.link.is_symlink():
            self.link.rename(self._store / ".before-trees")
        aside.replace(self.link)

    def _forget(self, kept: set[str]) -> None:
        """Leave the tree in force, the one before it, which may be being read, and a spare one."""
        kept |= set(self._others()[:2])
        for path in self._store.iterdir():
            if path.name.removesuffix(".json") not in kept:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove a folder in which nothing is left, and those above it."""
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _name(record: Record) -> str:
    said = json.dumps([record.files, record.notes], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:20]
