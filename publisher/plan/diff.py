"""What applying a plan would do: each object's file against what the database has of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

#: an object of the plan as JSON values
Said = Mapping[str, Any]
Side = Literal["file", "desk"]


class Action(Enum):
    """What becomes of one object."""

    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    CONFLICT = "conflict"  #: changed on both sides since the last apply; a person chooses
    KEEP = "keep"  #: the desk's word stands, and the file says something else
    SETTLE = "settle"  #: both sides agree; only `applied` moves on
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class Stored:
    """An object as the database has it."""

    said: Said
    applied: Said | None  #: what both sides said after the last apply
    owner: Side = "file"
    path: str = ""
    retired: bool = False


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field, before and after."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, kw_only=True)
class Change:
    """What becomes of one object, and why."""

    action: Action
    kind: str
    slug: str
    path: str
    owner: Side  #: afterwards
    differences: tuple[Difference, ...] = ()
    because: str = ""

    @property
    def thing(self) -> str:
        """The name that `--take` understands whatever the kind: `entry/plenary`."""
        return f"{self.kind}/{self.slug}"


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Everything that an apply does or would do."""

    changes: tuple[Change, ...]  #: to be made, or made
    conflicts: tuple[Change, ...]
    kept: tuple[Change, ...]
    settled: tuple[Change, ...]  #: nothing that anybody would see
    notices: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether files and database agree as far as files go."""
        return not self.changes and not self.conflicts


def compare(
    files: Mapping[str, Said],
    stored: Mapping[str, Stored],
    *,
    paths: Mapping[str, str],
    take: Mapping[str, Side] | None = None,
) -> Changes:
    """Compare all objects, by `<kind>/<slug>`.

    Args:
        files: what the files say.
        stored: what the database has, retired objects too.
        paths: where each file's object is written.
        take: whose word counts for the objects that somebody chose.
    """
    found: dict[Action, list[Change]] = {action: [] for action in Action}
    for thing in _in_order(files, stored):
        change = _change(
            thing, files.get(thing), stored.get(thing), paths.get(thing), (take or {}).get(thing)
        )
        found[change.action].append(change)
    return Changes(
        changes=tuple(found[Action.CREATE] + found[Action.CHANGE] + found[Action.DELETE]),
        conflicts=tuple(found[Action.CONFLICT]),
        kept=tuple(found[Action.KEEP]),
        settled=tuple(found[Action.SETTLE]),
    )


def _in_order(files: Mapping[str, Said], stored: Mapping[str, Stored]) -> Iterable[str]:
    return [*files, *(thing for thing in stored if thing not in files)]


def _change(
    thing: str, file: Said | None, stored: Stored | None, path: str | None, take: Side | None
) -> Change:
    action, because = decide(file, stored, take)
    kind, _, slug = thing.partition("/")
    owner: Side = "file" if stored is None or stored.retired or take == "file" else stored.owner
    if take == "desk" and file is None:
        owner = "desk"
    before = None if stored is None or stored.retired else stored.said
    shown = action in {Action.CHANGE, Action.CONFLICT, Action.KEEP}
    return Change(
        action=action,
        kind=kind,
        slug=slug,
        path=path or (stored.path if stored else ""),
        owner=owner,
        differences=tuple(differences(before, file)) if shown and before and file else (),
        because=because,
    )


def decide(file: Said | None, stored: Stored | None, take: Side | None) -> tuple[Action, str]:
    """Decide about one object, and say why if it is not plain.

    Who changed it since the last apply is told by `applied`: a side that no longer says the same
    has changed it.
    """
    if stored is None or stored.retired:
        return _where_there_is_none(file, stored, take)
    if file == stored.said:
        same = file == stored.applied and take != "file"
        return (Action.NOTHING if same else Action.SETTLE), ""
    change = Action.DELETE if file is None else Action.CHANGE
    if take is not None:
        taken = change if take == "file" else Action.KEEP
        return taken, f"the {take}'s word was taken"
    return _between(file, stored, change)


def _where_there_is_none(
    file: Said | None, stored: Stored | None, take: Side | None
) -> tuple[Action, str]:
    """Decide about what the plan in force has not: the desk deleted what has an `applied`."""
    if file is None:
        return Action.NOTHING, ""
    if stored is None or stored.applied is None or take == "file":
        return Action.CREATE, "it was in the plan before" if stored else ""
    if take == "desk" or file == stored.applied:
        return Action.KEEP, "it was deleted at the desk; `publisher export` removes it"
    return Action.CONFLICT, "it was changed in its file and deleted at the desk"


def _between(file: Said | None, stored: Stored, change: Action) -> tuple[Action, str]:
    """Decide between two words that differ, where nobody has chosen."""
    if stored.owner == "desk":
        return (Action.NOTHING, "") if file is None else (Action.KEEP, "it belongs to the desk")
    if stored.said == stored.applied:
        return change, ""
    if file == stored.applied:
        return Action.KEEP, "it was changed at the desk; `publisher export` writes that down"
    what = "deleted in the files" if file is None else "changed in its file"
    return Action.CONFLICT, f"it was {what} and changed at the desk since the last apply"


def differences(old: Said, new: Said) -> Iterator[Difference]:
    """Give the fields that differ, as deep as both sides have the same shape."""
    yield from _differences("", dict(old), dict(new))


def _differences(where: str, old: object, new: object) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, list) and isinstance(new, list):
        before, after = _by_name(old), _by_name(new)
        if before is not None and after is not None and before != after:
            old, new = before, after
    if isinstance(old, dict) and isinstance(new, dict):
        for name in [*old, *(name for name in new if name not in old)]:
            inner = f"{where}.{name}" if where else str(name)
            yield from _differences(inner, old.get(name), new.get(name))
    else:
        yield Difference(field=where, old=old, new=new)


#: for lists of mappings: the keys that tell one from another
_NAMES = (
    ("language", "audience", "organisation", "channel", "form"),
    ("message",),
    ("file",),
)


def _by_name(items: list[Any]) -> dict[str, Any] | None:
    """Give a list of mappings by what tells them apart; None if nothing does."""
    for keys in _NAMES:
        if all(isinstance(item, dict) and keys[0] in item for item in items):
            named = {
                " ".join(str(item[key]) for key in keys if item.get(key)): item for item in items
            }
            return named if len(named) == len(items) else None
    return None
