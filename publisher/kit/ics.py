"""iCalendar text on its way: whole lines while it is kept, folded and with CRLF when it goes.

Lines are kept whole so that a reader's value may be put in before they are folded.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from icalendar.parser import Contentline

_METHOD = re.compile(r"^METHOD:([A-Z]+)$", re.MULTILINE)


def whole_lines(written: bytes) -> str:
    """Unfold what a library wrote; lines end in a line feed."""
    return written.decode().replace("\r\n ", "").replace("\r\n", "\n")


def wire(text: str) -> bytes:
    """Fold whole lines at 75 octets and end each with CRLF (RFC 5545 §3.1)."""
    # The library folds, and says no types of it.
    folded = [Contentline(line).to_ical() for line in _lines(text)]  # type: ignore[no-untyped-call]  # see above
    return b"\r\n".join([*folded, b""])


def method(text: str) -> str:
    """Give the METHOD, which the Content-Type must repeat (RFC 6047 §2.4)."""
    found = _METHOD.search(text)
    if found is None:
        raise ValueError("the calendar has no METHOD")
    return found[1]


def in_mailto(address: str) -> str:
    """Write an address as it stands behind `mailto:` (RFC 6068 §2)."""
    return quote(address, safe="!$'*+@~")


def _lines(text: str) -> list[str]:
    """Cut at line feeds alone: other breaks that Unicode knows are letters here."""
    return text.replace("\r", "").rstrip("\n").split("\n")
