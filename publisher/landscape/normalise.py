"""Words and elements of titles, each organisation's brought to one shape."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")
#: words that say nothing of a work item's matter, and what titles of amendments are made of
_EMPTY = frozenset(
    (  # noqa: SIM905  # reads as what it is
        "a an and as at by for from in into its of on or that the their this to under using "
        "via with part technical amendment corrigendum supplement addendum amd cor amdt "
        "edition revision recommendation rec itu itut series"
    ).split()
)
#: words that titles spell both ways; -ise and -ize are made one by `stem`
_SPELLINGS = {
    "colour": "color", "fibre": "fiber", "centre": "center", "metre": "meter",
    "aluminium": "aluminum", "programme": "program", "behaviour": "behavior", "grey": "gray",
    "catalogue": "catalog", "dialogue": "dialog", "analogue": "analog", "licence": "license",
    "defence": "defense", "vapour": "vapor", "sulphur": "sulfur", "mould": "mold",
}  # fmt: skip
_DASH = re.compile(r"\s+[-‐‑‒–—]+\s+|\s*--\s*|\s*[–—]\s*|:\s+|:$|\.\s+(?=[A-Z])|;\s+")
_PART = re.compile(
    r"\b(?:part|partie|section)\s*(\d+(?:[-/.]\d+)*)\s*:?|\b(?:part|section)\s+([ivx]+)\b\s*:?",
    re.IGNORECASE,
)
_AMENDMENT = re.compile(
    r"(?:\s*[-–—]+\s*|^)(?:draft\s+)?(?:technical\s+)?(?:amendment|corrigendum|addendum|"
    r"interpretation sheet)\s*\d*\b\s*(?:[-–—:]+\s*|$)",
    re.IGNORECASE,
)


def folded(text: str) -> str:
    """Give text in lower case without accents, compatibility forms and joined spaces."""
    if text.isascii():  # most titles are, and it is ten times as fast
        return " ".join(text.lower().split())
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(one for one in bare if not unicodedata.combining(one)).split())


def words(text: str) -> tuple[str, ...]:
    """Give the words of a text that carry its matter, in order, each cut down to its stem."""
    return tuple(stem(word) for word in _WORD.findall(folded(text)) if word not in _EMPTY)


def title_words(title: str) -> tuple[str, ...]:
    """Give the words of a title, less those of an amendment and of a part's number."""
    return words(_PART.sub(" ", without_amendment(title)))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Cut a folded English word down so that its forms and spellings meet.

    It is meant to be dull: a plural, -ise for -ize, -isation for -ization, and a few spellings.
    A stronger stemmer joins words that part sibling standards, such as `directive` and `direct`.
    """
    word = _SPELLINGS.get(word, word)
    if len(word) > 3 and not word.isdecimal():
        for ending, instead in _ENDINGS:
            if word.endswith(ending):
                word = word[: -len(ending)] + instead
                break
    word = _SPELLINGS.get(word, word)
    if len(word) > 6:
        word = re.sub("is(e|er|ed|ing|ation)$", r"iz\1", word)
    return word


_ENDINGS = (
    ("ies", "y"),
    ("sses", "ss"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("ss", "ss"),
    ("us", "us"),
    ("is", "is"),
    ("s", ""),
)


def without_amendment(title: str) -> str:
    """Give the title of what is amended: `Vocabulary - Amendment 1` is of `Vocabulary`."""
    return _AMENDMENT.sub(" - ", title).strip(" -–—:")


def segments(title: str) -> tuple[str, ...]:
    """Give the elements of a title, from the general to the particular, less its part numbers.

    `Information technology - Message Handling Systems (MHS) - Part 1: System and service
    overview` has three. Source: ISO/IEC Directives, Part 2, clause 11 (title elements).
    """
    bare = _PART.sub(" - ", without_amendment(title))
    return tuple(piece for one in _DASH.split(bare) if (piece := one.strip(" -–—:;,.")))


def part(title: str) -> str:
    """Give the part's number that a title says, such as `2-60`; empty: it says none."""
    found = _PART.search(title)
    return ((found[1] or found[2]) if found else "").lower()
