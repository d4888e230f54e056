"""Mail text, encoded once: static bytes, and slots where each reader's own values go.

In quoted-printable a hole stands on a soft-wrapped line of its own, so that a value never moves
the text around it (RFC 2045 §6.7). In 8 bits it stands in the line, where every line stays short
enough whatever the value.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from typing import Final, TypeAlias

from publisher.kit import ics
from publisher.kit.text import one_line, without_controls
from publisher.models.content import HOLE
from publisher.models.errors import WillNeverWork

Values: TypeAlias = Mapping[str, str]
#: gives the bytes that stand in one place for one reader
Slot: TypeAlias = Callable[[Values], bytes]
Piece: TypeAlias = bytes | Slot

SOFT_BREAK: Final = b"=\r\n"
LONGEST_QP: Final = 75  #: octets of a line before its soft break, RFC 2045 §6.7 rule 5
LONGEST_LINE: Final = 998  #: octets of a line, RFC 5322 §2.1.1
LONGEST_VALUE: Final = 300  #: octets of a value that may stand in an 8-bit line
_BREAKS = re.compile("\r\n|\r|\n")
_PLAIN = re.compile(rb"[\t !-<>-~]*[!-<>-~]\Z")
_CONTROLS = re.compile("[\x00-\x1f\x7f]")


def value(name: str, values: Values) -> str:
    """Give what fills a hole.

    Raises:
        WillNeverWork: nobody gave it.
    """
    try:
        return values[name]
    except KeyError:
        raise WillNeverWork(f"the words wait for “{name}”, which nobody gave") from None


def filled_in(text: str, values: Values, *, html: bool) -> str:
    """Fill the holes whose values are given, and leave the others open."""

    def given(match: re.Match[str]) -> str:
        if match[1] not in values:
            return match[0]
        return written(values[match[1]], html=html)

    return HOLE.sub(given, text)


def quoted_printable(text: str, *, html: bool) -> list[Piece]:
    """Encode a part, its holes as slots; the part's last line is left open."""
    pieces: list[Piece] = []
    parts = HOLE.split(text)  # static, name, static, name, …, static
    for index in range(0, len(parts) - 1, 2):
        pieces += [_static(parts[index], before_slot=True), _qp_slot(parts[index + 1], html=html)]
        last = index + 3 == len(parts) and not parts[-1]
        pieces.append(b"" if last else SOFT_BREAK)
    pieces.append(_static(parts[-1], before_slot=False))
    return pieces


def eight_bit(text: str, *, html: bool) -> list[Piece] | None:
    """Give the part as it is, or None if a line could be too long or begin with a dot."""
    text = _BREAKS.sub("\r\n", text)
    if not all(_fits(line) for line in text.split("\r\n")):
        return None
    parts = HOLE.split(text)
    pieces: list[Piece] = []
    for index, part in enumerate(parts):
        pieces.append(_plain_slot(part, html=html) if index % 2 else part.encode())
    return pieces


def may_stand_in_lines(values: Values) -> bool:
    """Say whether these values keep every 8-bit line as short and harmless as was counted on."""
    return all(
        len(escape(text).encode()) <= LONGEST_VALUE
        and not text.startswith(".")
        and not _CONTROLS.search(text)
        for text in values.values()
    )


class Segments:
    """Pieces of text, to be filled for one reader after the other."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._static: list[bytes] = []
        self._places: dict[Slot, list[int]] = {}
        for piece in _joined(pieces):
            if not isinstance(piece, bytes):
                self._places.setdefault(piece, []).append(len(self._static))
            self._static.append(piece if isinstance(piece, bytes) else b"")

    def has(self, mark: bytes) -> bool:
        """Say whether the static text holds these bytes."""
        return any(mark in piece for piece in self._static)

    def filled(self, values: Values) -> list[bytes]:
        """Give the bytes for one reader, to be joined."""
        out = self._static.copy()
        for slot, places in self._places.items():
            data = slot(values)
            for place in places:
                out[place] = data
        return out


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Join neighbouring bytes."""
    out: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, bytes) and out and isinstance(out[-1], bytes):
            out[-1] += piece
        else:
            out.append(piece)
    return out


def written(value: str, *, html: bool) -> str:
    """Give a value as it stands in a part: what rendering in full writes there too."""
    clean = value if value.isprintable() else without_controls(value)
    return escape(clean) if html else clean


@cache  # one slot for the part and the file, so that it is encoded once a reader
def calendar_slot(text: str) -> Slot:
    """Give a calendar in base64: whole, because a reader's address moves where lines are folded."""

    def coded(values: Values) -> bytes:
        said = HOLE.sub(lambda hole: ics.in_mailto(one_line(value(hole[1], values))), text)
        return encodebytes(ics.wire(said)).strip().replace(b"\n", b"\r\n")

    return coded


@cache  # one and the same slot wherever a value stands, so that it is encoded once a reader
def _qp_slot(name: str, *, html: bool) -> Slot:
    return lambda values: encoded(written(value(name, values), html=html))


@cache
def _plain_slot(name: str, *, html: bool) -> Slot:
    return lambda values: written(value(name, values), html=html).encode()


def encoded(text: str) -> bytes:
    """Encode a value in quoted-printable, from the start of a line."""
    data = text.encode()
    if _PLAIN.match(data) and data[0] not in b".F":
        if len(data) <= LONGEST_QP:
            return data
        wrapped = SOFT_BREAK.join(
            data[at : at + LONGEST_QP] for at in range(0, len(data), LONGEST_QP)
        )
        if b"\n." not in wrapped:
            return wrapped
    return _static(text, before_slot=False)


def _static(text: str, *, before_slot: bool) -> bytes:
    lines = _BREAKS.split(text)
    out = [_line(line, closed=True) for line in lines[:-1]]
    last = _line(lines[-1], closed=not before_slot)
    return b"\r\n".join([*out, last + SOFT_BREAK if before_slot and lines[-1] else last])


def _line(line: str, *, closed: bool) -> bytes:
    """Encode one line; `closed` if a hard break or the end follows, so no space may end it."""
    out: list[bytes] = []
    column = 0
    for index, letter in enumerate(line):
        room = LONGEST_QP
        token = _TOKENS.get(letter) or _octets(letter)
        if closed and letter in " \t" and index == len(line) - 1:
            token = _octets(letter)
        if column + len(token) > room:
            out.append(SOFT_BREAK)
            column = 0
        if not column and (letter == "." or line.startswith("From ", index)):
            # A dot would need stuffing (RFC 5321 §4.5.2); mailboxes mangle “From ”.
            token = _octets(letter)
        out.append(token)
        column += len(token)
    return b"".join(out)


def _octets(letter: str) -> bytes:
    return b"".join(b"=%02X" % octet for octet in letter.encode())


_TOKENS: Final = {chr(code): bytes([code]) for code in (9, *range(32, 127)) if code != ord("=")}


def _fits(line: str) -> bool:
    static = HOLE.sub("", line)
    room = LONGEST_LINE - len(HOLE.findall(line)) * LONGEST_VALUE
    return len(static.encode()) <= room and not line.startswith(".") and "\x00" not in static
