"""A mail's header fields: encoded where needed, and never with a line break of somebody's."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Final

import idna

from publisher.models.errors import WillNeverWork

_CONTROLS = re.compile("[\x00-\x1f\x7f]")
#: RFC 5321 §4.1.2, as far as mail is really addressed: a dot-string or quoted local part
_ADDRESS = re.compile(
    r"""(?:[^\s\x00-\x1f\x7f<>()\[\]\\,;:@"]+|"[^\x00-\x1f\x7f"\\<>]+")@[^\s\x00-\x1f\x7f<>()\[\]\\,;:@"]+\Z"""
)
_URL = re.compile(r"https?://[!-;=?-~]+\Z")
#: octets of text in one encoded word of 75 characters, RFC 2047 §2, in whole base64 groups
_WORD: Final = 45


def one_line(text: str, what: str) -> str:
    """Give the text back.

    Raises:
        WillNeverWork: it holds a line break or another control character.
    """
    if _CONTROLS.search(text):
        raise WillNeverWork(f"{what} holds a line break or another control character")
    return text


def mailbox(address: str) -> str:
    """Give an address as it stands in envelopes: its domain in ASCII (RFC 5890).

    Raises:
        WillNeverWork: no mail can be sent to it.
    """
    if not _ADDRESS.match(address) or len(address) > 320:
        raise WillNeverWork("the address is not one that mail can be sent to")
    local, _, domain = address.rpartition("@")
    return address if domain.isascii() else f"{local}@{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """Give a domain in ASCII.

    Raises:
        WillNeverWork: it is not a domain.
    """
    try:
        return domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise WillNeverWork("the address is not one that mail can be sent to") from None


def person(name: str, address: str) -> bytes:
    """Give `name <address>` for From and To; non-ASCII local parts stand as UTF-8 (RFC 6532).

    Args:
        name: may be empty.
        address: as `mailbox` gives it.
    """
    where = address.encode()
    if not name:
        return where
    words = _phrase(one_line(name, "a name"))
    return words + (b" <" if len(words) + len(where) < 66 else b"\r\n <") + where + b">"


def text(words: str, *, used: int) -> bytes:
    """Give free text for a header whose name and colon took `used` columns."""
    one_line(words, "a header")
    if words.isascii() and len(words) + used <= 76 and "=?" not in words:
        return words.encode()
    return _encoded_words(words, first=(76 - used - 12) // 4 * 3)


def web_address(url: str) -> bytes:
    """Give `<url>` for List-Unsubscribe (RFC 2369 §2).

    Raises:
        WillNeverWork: it could end the field early.
    """
    if not _URL.match(url):
        raise WillNeverWork("the address for leaving is not a plain web address")
    return b"<" + url.encode() + b">"


def _phrase(name: str) -> bytes:
    if name.isascii() and len(name) <= 60 and "=?" not in name:
        return b'"' + name.replace("\\", r"\\").replace('"', r"\"").encode() + b'"'
    return _encoded_words(name, first=_WORD - 9)  # after `Reply-To: `


def _encoded_words(words: str, *, first: int) -> bytes:
    out: list[bytes] = []
    room, chunk = max(first, 12), b""
    for letter in words:
        octets = letter.encode()
        if len(chunk) + len(octets) > room:
            out.append(chunk)
            room, chunk = _WORD, b""
        chunk += octets
    out.append(chunk)
    return b"\r\n ".join(b"=?utf-8?B?" + b64encode(one) + b"?=" for one in out)
