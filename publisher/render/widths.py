"""Words and tables wider than the page they are set on: Typst would let them run off it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from markdown_it.tree import SyntaxTreeNode

from publisher.kit import markup
from publisher.models.content import HOLE
from publisher.render.press import fonts

if TYPE_CHECKING:
    from PIL import ImageFont


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a template sets words on; all in points."""

    width: float  #: between the margins
    size: float  #: of letters
    table_size: float
    inset: float  #: of a table's cell, both sides together


#: as `document.typ.j2` says of reports, papers and circulars: A4 with margins of 2.5 cm
PAPER = Sheet(width=453.5, size=10.5, table_size=9.5, inset=12)
#: and of presentations: 33.867 cm with margins of 2 cm
SLIDE = Sheet(width=846.6, size=20, table_size=16, inset=18)

_STEP = 18  #: points that each level of a list or quotation takes
_HOLE = "x" * 20  #: what a value that is not known yet is reckoned to take
#: where a line may end: https://www.unicode.org/reports/tr14/, as far as plans need it
_ENDS = re.compile(
    r"(?<=[-/|\u2010\u2013\u2014\u00ad\u200b])|\s+|(?<=[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef])"
)
#: scripts without spaces, whose words a dictionary parts
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_MEASURED_AT = 100
_SHOWN = 40  #: letters of a word that a sentence repeats


def too_wide(markdown: str, sheet: Sheet) -> list[str]:
    """Say what is wider than the sheet, a sentence each."""
    try:
        tree = SyntaxTreeNode(markup.tokens(HOLE.sub(_HOLE, markdown)))
    except RecursionError:
        return []  # whoever writes the document names it
    return list(_wide(tree, sheet, sheet.width))


def _wide(node: SyntaxTreeNode, sheet: Sheet, room: float) -> Iterator[str]:
    if node.type == "table":
        yield from _table(node, sheet, room)
        return
    if node.type in {"bullet_list", "ordered_list", "blockquote"}:
        room -= _STEP
    for child in node.children:
        yield from _wide(child, sheet, room)
    if node.type == "inline":
        for word in _words(node):
            if _width(word, sheet.size) > room:
                yield f"“{_short(word)}” is wider than the page; let it be parted, or shorten it"


def _table(node: SyntaxTreeNode, sheet: Sheet, room: float) -> Iterator[str]:
    """Share the room as Typst does: who needs less than a fair share gets that."""
    rows = [list(row.children) for part in node.children for row in part.children]
    columns = list(zip(*rows, strict=True))
    natural = [
        max(_width(_text(cell), sheet.table_size, bold=not at) for at, cell in enumerate(column))
        + sheet.inset
        for column in columns
    ]
    for column, width in zip(columns, _shared(natural, room), strict=True):
        for at, cell in enumerate(column):
            words = _ENDS.split(_text(cell))
            longest = max(words, key=lambda one: _width(one, sheet.table_size, bold=not at))
            if _width(longest, sheet.table_size, bold=not at) + sheet.inset > width + 0.5:
                yield (
                    f"“{_short(longest)}” is wider than its column in a table of {len(columns)} "
                    "columns; make two tables of it, or shorten it"
                )
                return


def _shared(natural: Sequence[float], room: float) -> list[float]:
    if sum(natural) <= room:
        return list(natural)
    given: dict[int, float] = {}
    while True:
        left = [at for at in range(len(natural)) if at not in given]
        fair = (room - sum(given.values())) / len(left)
        small = [at for at in left if natural[at] <= fair]
        if not small:
            return [given.get(at, fair) for at in range(len(natural))]
        given |= {at: natural[at] for at in small}


def _words(node: SyntaxTreeNode) -> Iterator[str]:
    for word in _ENDS.split(_text(node)):
        if len(word) > _SHOWN // 2 and not _UNSPACED.search(word):
            yield word


def _text(node: SyntaxTreeNode) -> str:
    if node.type in {"softbreak", "hardbreak"}:
        return " "
    if node.children:
        return "".join(map(_text, node.children))
    return "" if node.type == "image" else node.content


def _width(words: str, size: float, *, bold: bool = False) -> float:
    if not words or _UNSPACED.search(words):
        return 0
    return _face("Bold" if bold else "Regular").getlength(words) * size / _MEASURED_AT


@lru_cache(maxsize=2)
def _face(weight: str) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(fonts() / f"FiraGO_{weight}.ttf"), _MEASURED_AT)


def _short(word: str) -> str:
    return word if len(word) <= _SHOWN else f"{word[: _SHOWN - 1]}…"
