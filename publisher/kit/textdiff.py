"""Two texts against each other, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

#: a run of spaces, a run of letters and digits, or any one other sign; Chinese sign by sign
_PIECE = re.compile(r"\s+|[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|\W")
#: pieces of each text beyond which only whole lines are compared: the effort grows with the square
MOST = 6_000

Part = tuple[Literal["same", "added", "removed"], str]


def changed_words(old: str, new: str) -> list[Part]:
    """Give both texts in one, in parts that stayed, came or went."""
    before, after = _pieces(old), _pieces(new)
    if len(before) > MOST or len(after) > MOST:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return list(_parts(before, after))


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(text)


def _parts(before: list[str], after: list[str]) -> Iterator[Part]:
    matched = SequenceMatcher(None, before, after, autojunk=False)
    for what, old_start, old_end, new_start, new_end in matched.get_opcodes():
        old, new = "".join(before[old_start:old_end]), "".join(after[new_start:new_end])
        if what == "equal":
            yield "same", old
            continue
        if old:
            yield "removed", old
        if new:
            yield "added", new
