"""Text cut where the direction of writing changes, for programs that must be told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import regex

#: words in left-to-right letters or digits, with what stands between them
_LEFT_TO_RIGHT = regex.compile(
    r"[\p{Latin}\p{Greek}\p{Cyrillic}\d](?:[\p{Latin}\p{Greek}\p{Cyrillic}\d\s./:,%&@#_+-]*"
    r"[\p{Latin}\p{Greek}\p{Cyrillic}\d%])?"
)
#: Unicode's isolates, https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates: a run
#: that is marked needs none
_ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def runs(text: str, *, right_to_left: bool) -> Iterator[tuple[str, bool]]:
    """Cut text into pieces, each with whether it is written from right to left."""
    text = text.translate(_ISOLATES)
    if not right_to_left:
        yield text, False
        return
    left = [False] * len(text)
    for match in _LEFT_TO_RIGHT.finditer(text):
        left[match.start() : match.end()] = [True] * (match.end() - match.start())
    for is_left, letters in groupby(zip(left, text, strict=True), key=lambda pair: pair[0]):
        yield "".join(letter for _, letter in letters), not is_left
