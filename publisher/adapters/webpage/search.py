"""What a reader's browser searches in: a list of pages with their words, in files of 200 pages.

A file's pages are those that came one after the other, so that a new page changes the last file
only. `search.js`, our own, reads them; nobody is asked over the network.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

#: how many pages a file holds
A_FILE = 200
#: how many different words of a page can be found
MOST_WORDS = 400
_WORD = re.compile(r"\w+")


class Found(TypedDict):
    """One page, in as few letters as names can have."""

    u: str  #: its address, seen from its language's folder
    t: str  #: title
    s: str  #: summary
    d: str  #: ISO date
    w: str  #: its different words, folded, with a space before each


def entry(*, url: str, title: str, summary: str, day: str, words: str) -> Found:
    """Give what a page is found by."""
    different = dict.fromkeys(_WORD.findall(folded(f"{title} {summary} {words}")))
    kept = [word for word in different if len(word) < 60][:MOST_WORDS]
    return Found(u=url, t=title, s=summary, d=day, w="".join(f" {word}" for word in kept))


def folded(text: str) -> str:
    """Give letters without their accents and vowel signs, small; as `search.js` does."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if unicodedata.category(letter)[0] != "M").lower()


def documents(entries: Sequence[Found]) -> list[str]:
    """Give the files, of entries from the oldest to the newest."""
    return [
        json.dumps(entries[start : start + A_FILE], ensure_ascii=False, separators=(",", ":"))
        for start in range(0, len(entries), A_FILE)
    ]


def entries(documents: Iterable[bytes]) -> Mapping[str, Found]:
    """Read the files back, by address."""
    return {one["u"]: one for document in documents if document for one in json.loads(document)}
