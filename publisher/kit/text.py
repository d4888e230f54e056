"""Counting and folding text: graphemes, weights, lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import regex

_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})

Ranges = Sequence[tuple[int, int, int]]  #: first code point, last code point, weight


def graphemes(text: str) -> int:
    """Count what a reader sees as letters: extended grapheme clusters, UAX #29."""
    return len(_clusters(text))


def _clusters(text: str) -> list[str]:
    return _compiled(r"\X").findall(text)


@cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    import regex  # takes a tenth of the start of a command, which mostly counts no letters

    return regex.compile(pattern)


def weight(text: str, ranges: Ranges, *, otherwise: int, emoji: bool = True) -> int:
    """Add up the weight of each code point; with `emoji`, a sequence weighs as one `otherwise`.

    Source: https://developer.x.com/en/docs/counting-characters
    """
    total = 0
    for cluster in _clusters(text):
        if emoji and _compiled(_EMOJI).search(cluster):
            total += otherwise
        else:
            total += sum(_weight_of(ord(letter), ranges, otherwise) for letter in cluster)
    return total


_EMOJI = r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\u20E3"


def _weight_of(point: int, ranges: Ranges, otherwise: int) -> int:
    return next((each for first, last, each in ranges if first <= point <= last), otherwise)


def one_line(text: str) -> str:
    """Turn every run of spaces, line ends and control characters into one space."""
    return _SPACES.sub(" ", text).strip()


def without_controls(text: str) -> str:
    """Drop control characters but tab and line feed, which every line then ends with."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def width(text: str) -> int:
    """Give the columns a terminal needs: wide letters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )


def wrapped(text: str, columns: int, *, first: str = "", rest: str = "") -> str:
    """Fold `text` into lines of at most `columns`; a longer word, such as a link, stays whole."""
    lines, line = [], first
    room = width(first)
    for word in text.split():
        wide = width(word)
        if line not in (first, rest) and room + 1 + wide > columns:
            lines.append(line)
            line, room = rest, width(rest)
        started = line in (first, rest)
        line, room = (line + word if started else f"{line} {word}"), room + wide + (not started)
    return "\n".join([*lines, line.rstrip()])


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Say which way the language of an RFC 5646 tag is written."""
    base, *more = language.split("-")
    if any(part in ("Arab", "Hebr") for part in more):
        return "rtl"
    return "rtl" if base in _RIGHT_TO_LEFT and "Latn" not in more else "ltr"
