"""How easily words are read, in the languages that somebody made a formula for.

Syllables are counted as places where a word may be divided, so a figure is an estimate; it tells
a hard text from an easy one, and one draft from the next.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyphen import Pyphen


@dataclass(frozen=True)
class Formula:
    """`start` − `sentence` × words per sentence − `syllable` × syllables per word."""

    start: float
    sentence: float
    syllable: float
    source: str


#: none is known to us for Arabic and Chinese that counts what this counts
FORMULAS: Mapping[str, Formula] = {
    "en": Formula(206.835, 1.015, 84.6, "R. Flesch, A new readability yardstick, 1948"),
    "fr": Formula(207, 1.015, 73.6, "L. Kandel and A. Moles, for French, 1958"),
    "es": Formula(206.84, 1.02, 60, "J. Fernández Huerta, for Spanish, 1959"),
    "ru": Formula(206.835, 1.3, 60.1, "I. V. Oborneva, for Russian, 2006"),
}
ENOUGH_WORDS = 60  #: of fewer, an average says little
HARD = 30.0  #: below it, Flesch calls a text very difficult

_SENTENCE = re.compile(r"(?<![.!?…])[.!?…]++(?:\s|\Z)|\n\s*\n")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")


def reading_ease(text: str, language: str) -> float | None:
    """Give Flesch's figure, 100 for very easy and 0 for very hard.

    None: there is no formula for the language, or there are too few words.
    """
    base = language.split("-", maxsplit=1)[0]
    words = _WORD.findall(text)
    if base not in FORMULAS or len(words) < ENOUGH_WORDS:
        return None
    formula = FORMULAS[base]
    sentences = max(1, len([part for part in _SENTENCE.split(text) if _WORD.search(part)]))
    syllables = sum(_syllables(word, base) for word in words)
    found = (
        formula.start
        - formula.sentence * len(words) / sentences
        - formula.syllable * syllables / len(words)
    )
    return max(0.0, min(100.0, found))


def _syllables(word: str, language: str) -> int:
    return len(_hyphens(language).positions(word)) + 1


@cache
def _hyphens(language: str) -> Pyphen:
    from pyphen import Pyphen

    return Pyphen(lang={"en": "en_GB"}.get(language, language), left=1, right=1)
