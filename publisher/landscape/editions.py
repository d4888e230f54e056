"""What changed between two editions of a list of work items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

#: what a reader would call a change of a work item
WATCHED = ("title", "committees", "stage", "state", "edition", "date", "answer_by")

Line = Mapping[str, Any]


def compared(lines: Sequence[Line], before: Mapping[str, Line] | None) -> list[dict[str, Any]]:
    """Give the lines with `change` (`new`, `changed` or empty) and `was`, the old values.

    Args:
        lines: of this edition, each with a `key`.
        before: `kept` of the last one; None: there is none, so nothing is called new.
    """
    return [{**line, **_change(line, before)} for line in lines]


def gone(lines: Sequence[Line], before: Mapping[str, Line] | None) -> list[Line]:
    """Give what the last edition had and this one has not."""
    there = {line["key"] for line in lines}
    return [line for key, line in (before or {}).items() if key not in there]


def kept(lines: Sequence[Line]) -> dict[str, dict[str, Any]]:
    """Give what the next edition is compared with, by key."""
    names = ("organisation", "identifier", *WATCHED)
    return {line["key"]: {name: line[name] for name in names} for line in lines}


def _change(line: Line, before: Mapping[str, Line] | None) -> dict[str, Any]:
    if before is None:
        return {"change": "", "was": {}}
    old = before.get(line["key"])
    if old is None:
        return {"change": "new", "was": {}}
    was = {name: old[name] for name in WATCHED if name in old and old[name] != line[name]}
    return {"change": "changed" if was else "", "was": was}
