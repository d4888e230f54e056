"""How alike two titles are, whether they are of one document, and why.

Titles of standards go from the general to the particular: what parts siblings is one word of the
last element, which a plain comparison of letters or words hardly notices. So a word weighs what
it tells, the last element counts by itself, and two titles are called twins only when neither
has a telling word that the other lacks in its place.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from publisher.landscape import normalise

#: words that tell which kind of document it is and little of its matter; they weigh half
_KINDS = frozenset(
    normalise.words(
        "specification definition proforma pics statement implementation conformance testing "
        "guideline guide requirement general introduction overview framework method procedure "
        "vocabulary terminology model concept principle test suite"
    )
)
#: Found on the tuned half of the known pairs; docs/explanation/similarity.md says how.
_LAST_ALIKE = 0.8  #: how alike the last elements of twins are, at least
_OVERLAP = 0.4  #: how much of all words twins share, at least
_SWAPPED = 0.7  #: the weight of words that each twin may have and the other not
_FOREIGN = 0.3  #: the weight of words that stand in one's last element and not in the other


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What each word tells: 1 for one that stands in a single title, less for common ones."""

    titles: int  #: how many there are
    counts: Mapping[str, int]  #: in how many of them a word stands; missing: in none

    @cached_property
    def _made(self) -> dict[str, float]:
        return {}

    def of(self, word: str) -> float:
        """Give the weight of one word, from 0 to 1."""
        known = self._made.get(word)
        if known is None:
            known = self._made[word] = self._weight(word)
        return known

    def _weight(self, word: str) -> float:
        if self.titles < 1:
            return 1.0
        often = max(self.counts.get(word, 1), 1)
        weight = math.log1p(self.titles / often) / math.log1p(self.titles)
        return weight / 2 if word in _KINDS else weight

    def total(self, words: Iterable[str]) -> float:
        """Give the weight of words together."""
        return sum(self.of(word) for word in words)


@dataclass(frozen=True, kw_only=True)
class Title:
    """A title taken apart."""

    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Give its words, less those of an amendment and of a part's number."""
        return normalise.title_words(self.text)

    @cached_property
    def part(self) -> str:
        """Give the part's number that it says; empty: it says none."""
        return normalise.part(self.text)

    @cached_property
    def elements(self) -> tuple[tuple[str, ...], ...]:
        """Give the words of its elements, from the general to the particular."""
        found = (normalise.words(one) for one in normalise.segments(self.text))
        return tuple(one for one in found if one) or ((),)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Give which word follows which."""
        return frozenset(zip(self.words, self.words[1:], strict=False))


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """How alike two titles are."""

    score: float  #: 0 to 1
    twins: bool  #: whether their words are those of one document
    shared: tuple[str, ...]  #: words that both have, the most telling first
    only_here: tuple[str, ...]  #: words that only the first has, the most telling first
    only_there: tuple[str, ...]


def likeness(here: Title, there: Title, weights: Weights) -> Likeness:
    """Compare two titles.

    The score is the mean of four parts, each from 0 to 1 and none weighed above another: the
    words of the first that the second has, the pairs of words they share, how alike the last
    elements are, and how alike the whole is letter by letter.
    """
    from rapidfuzz import fuzz  # 4 MB, for those who compare

    mine, yours = Counter(here.words), Counter(there.words)
    shared = weights.total(mine & yours)
    last = _last(here, there, weights)
    parts = (
        shared / (weights.total(mine) or 1),
        2 * len(here.pairs & there.pairs) / (len(here.pairs) + len(there.pairs) or 1),
        last,
        fuzz.ratio(" ".join(here.words), " ".join(there.words)) / 100,
    )
    parts_differ = bool(here.part and there.part) and here.part != there.part
    same = bool(here.words) and here.words == there.words and not parts_differ
    return Likeness(
        score=1.0 if same else sum(parts) / len(parts) if shared else 0.0,
        twins=not parts_differ
        and (same or (last >= _LAST_ALIKE and _one_document(here, there, weights))),
        shared=_telling(mine & yours, weights),
        only_here=_telling(mine - yours, weights),
        only_there=_telling(yours - mine, weights),
    )


def scopes_alike(here: Collection[str], there: Collection[str], weights: Weights) -> float:
    """Give how much of what a scope tells stands in another, from 0 to 1."""
    mine = set(here)
    return weights.total(mine & set(there)) / (weights.total(mine) or 1)


def _one_document(here: Title, there: Title, weights: Weights) -> bool:
    """Say whether neither title has telling words in place of the other's.

    A twin may leave out a general first element, as ITU-T does; a sibling has another word
    where its brother has one.
    """
    mine, yours = Counter(here.words), Counter(there.words)
    swapped = min(
        weights.total((mine - yours).elements()), weights.total((yours - mine).elements())
    )
    foreign = weights.total(set(here.elements[-1]) - set(yours)) + weights.total(
        set(there.elements[-1]) - set(mine)
    )
    return (
        swapped <= _SWAPPED
        and foreign <= _FOREIGN
        and _overlap(here.words, there.words, weights) >= _OVERLAP
    )


def _last(here: Title, there: Title, weights: Weights) -> float:
    """Give how alike the last elements are; one's may be two of the other's."""
    mine, yours = here.elements, there.elements
    return max(
        _overlap(mine[-1], yours[-1], weights),
        _overlap(mine[-1], sum(yours[-2:], ()), weights),
        _overlap(sum(mine[-2:], ()), yours[-1], weights),
    )


def _overlap(mine: Collection[str], yours: Collection[str], weights: Weights) -> float:
    """Give Dice's coefficient of two sets of weighed words."""
    one, other = set(mine), set(yours)
    together = weights.total(one) + weights.total(other)
    return 2 * weights.total(one & other) / (together or 1)


def _telling(words: Iterable[str], weights: Weights) -> tuple[str, ...]:
    return tuple(sorted(set(words), key=lambda word: (-weights.of(word), word)))
