"""Values into holes, each escaped for the part it goes into."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape

from publisher.kit.ics import in_mailto
from publisher.kit.markup import escaped
from publisher.kit.text import one_line, without_controls
from publisher.kit.typst import literal
from publisher.models.content import HOLE, unmarked
from publisher.models.errors import PlanError, Problem


def filled(parts: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """Put the values where their holes are.

    Args:
        parts: by name, which says how they are escaped: see `written`.
        values: by the hole's name, without marks of holes: see `without_marks`.

    Raises:
        PlanError: a value is missing.
    """
    return {name: _filled(name, part, values) for name, part in parts.items()}


def without_marks(values: Mapping[str, str]) -> dict[str, str]:
    """Take out what could be mistaken for a hole's mark."""
    return {name: unmarked(value) for name, value in values.items()}


def _filled(name: str, part: str, values: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            sentence = f"nobody gave a value for “{match[1]}” in the part “{name}”"
            raise PlanError([Problem(path="templates", sentence=sentence)])
        return written(name, values[match[1]])

    return HOLE.sub(value, part)


def written(part: str, value: str) -> str:
    """Escape a value for the part it goes into."""
    if part == "html":
        return escape(without_controls(value))
    if part == "body":
        return escaped(without_controls(value))
    if part == "set":
        return json.dumps(one_line(value), ensure_ascii=False)[1:-1]
    if part == "calendar":
        return in_mailto(one_line(value))
    if part == "document":
        return literal(one_line(value))[1:-1]
    return without_controls(value) if part == "text" else one_line(value)
