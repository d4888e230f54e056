"""How long a post is, in its network's own unit. One counter for the terminal, desk and API."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import partial

import regex

from publisher.kit.text import graphemes, weight
from publisher.render.limits import Limits
from publisher.render.web_addresses import addresses

#: what no network takes: a byte-order mark, and what Unicode says is no character
INVALID = regex.compile("[\ufeff\ufffe\uffff]")
_MENTION = regex.compile(r"(?<![\w/])@([\w.-]*\w)@[\w.-]*\w")


def length(text: str, limits: Limits) -> int:
    """Count `text` in the network's unit."""
    return _UNITS[limits.unit](text, limits)


def fits(text: str, limits: Limits) -> bool:
    """Say whether one post takes `text`."""
    if INVALID.search(text):
        return False
    few_bytes = not limits.bytes or len(text.encode()) <= limits.bytes
    return few_bytes and length(text, limits) <= limits.max


def _weighted(text: str, limits: Limits) -> int:
    # X takes text in composed form, and counts every address as one of its own short ones.
    text = unicodedata.normalize("NFC", text)
    weighed = partial(
        weight, ranges=limits.ranges, otherwise=limits.default_weight, emoji=limits.emoji
    )
    total, at = 0, 0
    for start, end in addresses(text, bare=True):
        total += weighed(text[at:start]) + limits.url * limits.scale
        at = end
    return (total + weighed(text[at:])) // limits.scale


def _characters(text: str, limits: Limits) -> int:
    # Mastodon: app/validators/status_length_validator.rb; of a mention, only the name counts.
    shorter, at = "", 0
    for start, end in addresses(text, bare=False):
        shorter += text[at:start] + "x" * limits.url
        at = end
    return graphemes(_MENTION.sub(r"@\1", shorter + text[at:]))


def _graphemes(text: str, limits: Limits) -> int:
    del limits
    return graphemes(text)


def _utf16(text: str, limits: Limits) -> int:
    del limits
    return len(text.encode("utf-16-le")) // 2


_UNITS: dict[str, Callable[[str, Limits], int]] = {
    "weighted": _weighted,
    "characters": _characters,
    "graphemes": _graphemes,
    "utf16": _utf16,
}
