"""What is a link, a mention or a tag in a post's words, by its place in UTF-8 bytes.

The patterns are those of the network's own library, but that a link begins with http:// or
https://: which bare words are names of hosts changes from week to week.
https://github.com/bluesky-social/atproto, packages/api/src/rich-text, @d6296a1c
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import regex

from publisher.models.adapter import Json

MAX_TAG: Final = 64  #: letters

_LINK = regex.compile(r"(?:^|\s|\()(https?://\S+)", regex.IGNORECASE | regex.MULTILINE)
_MENTION = regex.compile(r"(?:^|\s|\()@([a-zA-Z0-9.-]+)\b", regex.MULTILINE)
_UNSEEN = r"\u00AD\u2060\u200A\u200B\u200C\u200D\u20e2"
_TAG = regex.compile(
    rf"(?:^|\s)([#＃]((?!\ufe0f)[^\s{_UNSEEN}]*[^\d\s\p{{P}}{_UNSEEN}]+[^\s{_UNSEEN}]*))"
)
_PUNCTUATION = regex.compile(r"(?<!\p{P})\p{P}+$")


def facets(text: str, did_of: Callable[[str], str | None]) -> list[Json]:
    """Give a text's facets, in the order of their places.

    Args:
        text: as it is posted.
        did_of: gives the account behind a handle; None where there is none, and then the words
            stay words.
    """
    found = [*_links(text), *_mentions(text, did_of), *_tags(text)]
    return sorted(found, key=lambda one: one["index"]["byteStart"])


def _links(text: str) -> Iterator[Json]:
    for match in _LINK.finditer(text):
        uri = match[1]
        if uri[-1] in ".,;:!?":
            uri = uri[:-1]
        if uri[-1] == ")" and "(" not in uri:
            uri = uri[:-1]
        yield _facet(text, match.start(1), uri, {"$type": f"{_FACET}#link", "uri": uri})


def _mentions(text: str, did_of: Callable[[str], str | None]) -> Iterator[Json]:
    for match in _MENTION.finditer(text):
        if "." in match[1] and (did := did_of(match[1])):
            said = {"$type": f"{_FACET}#mention", "did": did}
            yield _facet(text, match.start(1) - 1, f"@{match[1]}", said)


def _tags(text: str) -> Iterator[Json]:
    for match in _TAG.finditer(text):
        tag = _PUNCTUATION.sub("", match[2])
        if 0 < len(tag) <= MAX_TAG:
            said = {"$type": f"{_FACET}#tag", "tag": tag}
            yield _facet(text, match.start(1), match[1][0] + tag, said)


_FACET = "app.bsky.richtext.facet"


def _facet(text: str, start: int, shown: str, feature: Json) -> Json:
    at = len(text[:start].encode())
    return {
        "index": {"byteStart": at, "byteEnd": at + len(shown.encode())},
        "features": [feature],
    }
