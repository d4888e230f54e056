"""Two texts against each other, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
    # What both begin and end with needs no search.
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    old_end, new_end = len(before) - end, len(after) - end
    parts: list[Part] = [
        ("same", "".join(before[:start])),
        *_parts(before[start:old_end], after[start:new_end]),
        ("same", "".join(before[old_end:])),
    ]
    return [part for part in parts if part[1]]


def _alike(before: Sequence[str], after: Sequence[str]) -> int:
    """Count the pieces that both begin with."""
    pairs = zip(before, after, strict=False)
    unlike = (at for at, (old, new) in enumerate(pairs) if old != new)
    return next(unlike, min(len(before), len(after)))


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(text)


def _parts(before: list[str], after: list[str]) -> Iterator[Part]:
    # Spaces, which are everywhere, begin no match: the effort grows with the square of how many
    # pieces are the same.
    matched = SequenceMatcher(str.isspace, before, after, autojunk=False)
    for what, old_start, old_end, new_start, new_end in matched.get_opcodes():
        old, new = "".join(before[old_start:old_end]), "".join(after[new_start:new_end])
        if what == "equal":
            yield "same", old
            continue
        yield "removed", old
        yield "added", new
