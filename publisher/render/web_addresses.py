"""Where web addresses stand in a post, as X and Mastodon find them.

Source: https://github.com/twitter/twitter-text, `regexp/validUrl` and what it is made of; the
endings are those of `tlds.txt`, from the same place.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import regex

_LONGEST_LABEL = 63  #: octets of a label in a domain name, RFC 1035 §2.3.4


def addresses(text: str, *, bare: bool) -> Iterator[tuple[int, int]]:
    """Give the start and end of each address; `bare` ones have no `https://` before them."""
    for match in _pattern().finditer(text):
        scheme, domain = match["scheme"], match["domain"]
        if not _is_domain(domain):
            continue
        if scheme or (bare and domain.isascii() and _stands_free(text, match.start())):
            yield match.start(), match.end()


def _stands_free(text: str, start: int) -> bool:
    return start == 0 or text[start - 1] not in "-_./"


def _is_domain(domain: str) -> bool:
    try:
        return all(
            len(label if label.isascii() else f"xn--{label.encode('punycode').decode()}")
            <= _LONGEST_LABEL
            for label in domain.split(".")
        )
    except UnicodeError:
        return False


@cache
def _pattern() -> regex.Pattern[str]:
    lines = Path(__file__).with_name("tlds.txt").read_text("utf-8").splitlines()
    endings = [line for line in lines if line and not line.startswith("#")]
    endings.sort(key=len, reverse=True)
    inside = r"[a-z\p{Cyrillic}\p{Latin}0-9!*';:=+,.$/%#\[\]_~&|@\-\u2013()]"
    return regex.compile(
        r"(?<![a-z0-9@＠$#＃])"
        r"(?P<scheme>https?://)?"
        r"(?P<domain>(?:[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}])?\.)+"
        rf"(?:{'|'.join(map(regex.escape, endings))}|xn--[a-z0-9-]+))(?![a-z0-9@+-])"
        r"(?::\d+)?"
        rf"(?:/(?:{inside}*[a-z\p{{Cyrillic}}\p{{Latin}}0-9+=_#/)\-])?)?"
        r"(?:\?[a-z0-9!?*'();:&=+$/%#\[\]_.,~|@\-]*[a-z0-9\-_&=#/])?",
        flags=regex.IGNORECASE,
    )
