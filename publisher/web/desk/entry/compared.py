"""Two states of an entry against each other, field by field and word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from publisher.kit.textdiff import Part, changed_words
from publisher.plan.diff import Said, differences
from publisher.plan.rewrite import written


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One field that differs."""

    field: str
    old: str
    new: str
    parts: Sequence[Part]  #: both in one


def compared(old: Said, new: Said) -> list[Compared]:
    """Give the fields in which two states of an entry differ."""
    return [
        Compared(
            field=one.field,
            old=_text(one.old),
            new=_text(one.new),
            parts=changed_words(_text(one.old), _text(one.new)),
        )
        for one in differences(old, new)
    ]


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case dict() if set(value) >= {"language", "words"}:
            return str(value["words"])
        case dict():
            return written(value)
        case list():
            return "\n".join(_text(one) for one in value)
        case _:
            return str(value)
