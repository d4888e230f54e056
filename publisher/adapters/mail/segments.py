"""Mail text, encoded once: static bytes, and slots where each reader's own values go.

In quoted-printable a hole stands on a soft-wrapped line of its own, so that a value never moves
the text around it (RFC 2045 §6.7). In 8 bits it stands in the line, where every line stays short
enough whatever the value.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from typing import Final, TypeAlias

from publisher.kit import ics
from publisher.kit.text import one_line, without_controls
from publisher.models.content import HOLE, unmarked
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
#: a value that stands for itself wherever it is: in HTML, at the start of a line and at its end
_SIMPLE = re.compile(r"[!#$%(-+/-;?-EG-~,-](?:[ !#$%(-;?-~]*[!#$%(-;?-~])?\Z")
_PLAIN_LINE = re.compile(r"[\t -<>-~]*\Z")
_CONTROLS = re.compile("[\x00-\x1f\x7f]")


def value(name: str, values: Values) -> str:
    """Give what fills a hole, without marks of holes.

    Raises:
        WillNeverWork: nobody gave it.
    """
    try:
        return unmarked(values[name])
    except KeyError:
        raise WillNeverWork(f"the words wait for “{name}”, which nobody gave") from None


def filled_in(text: str, values: Values, *, html: bool) -> str:
    """Fill the holes whose values are given, and leave the others open."""

    def given(match: re.Match[str]) -> str:
        if match[1] not in values:
            return match[0]
        return written(unmarked(values[match[1]]), html=html)

    return HOLE.sub(given, text)


def quoted_printable(text: str, *, html: bool) -> list[Piece]:
    """Encode a part, its holes as slots; the part's last line is left open."""
    pieces: list[Piece] = []
    parts = HOLE.split(text)  # static, name, static, name, …, static
    for index in range(0, len(parts) - 1, 2):
        pieces += [_static(parts[index], before_slot=True), ValueSlot(parts[index + 1], html, 7)]
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
        pieces.append(ValueSlot(part, html, 8) if index % 2 else part.encode())
    return pieces


def may_stand_in_lines(values: Values) -> bool:
    """Say whether these values keep every 8-bit line as short and harmless as was counted on."""
    for text in values.values():
        if len(text) <= LONGEST_VALUE and _SIMPLE.match(text):
            continue
        if len(escape(text).encode()) > LONGEST_VALUE or text.startswith("."):
            return False
        if _CONTROLS.search(text):
            return False
    return True


@dataclass(frozen=True)
class ValueSlot:
    """A place where one of a reader's values stands."""

    name: str
    html: bool
    bits: int

    def __call__(self, values: Values) -> bytes:
        """Give the value's bytes."""
        said = written(value(self.name, values), html=self.html)
        return encoded(said) if self.bits == 7 else said.encode()


class Segments:
    """Pieces of text, to be filled for one reader after the other."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._static: list[bytes] = []
        places: dict[Slot, list[int]] = {}
        for piece in _joined(pieces):
            if not isinstance(piece, bytes):
                places.setdefault(piece, []).append(len(self._static))
            self._static.append(piece if isinstance(piece, bytes) else b"")
        #: by value and bits, so that a value that stands for itself is looked at once a reader
        self._values: dict[tuple[str, int], list[tuple[ValueSlot, list[int]]]] = {}
        self._others: list[tuple[Slot, list[int]]] = []
        for slot, where in places.items():
            if isinstance(slot, ValueSlot):
                self._values.setdefault((slot.name, slot.bits), []).append((slot, where))
            else:
                self._others.append((slot, where))

    def has(self, mark: bytes) -> bool:
        """Say whether the static text holds these bytes."""
        return any(mark in piece for piece in self._static)

    def filled(self, values: Values) -> list[bytes]:
        """Give the bytes for one reader, to be joined.

        Raises:
            WillNeverWork: a value is missing.
        """
        out = self._static.copy()
        for (name, bits), slots in self._values.items():
            alike = _simple(value(name, values), bits)
            for slot, places in slots:
                data = slot(values) if alike is None else alike
                for place in places:
                    out[place] = data
        for other, places in self._others:
            data = other(values)
            for place in places:
                out[place] = data
        return out


def _simple(said: str, bits: int) -> bytes | None:
    """Give a value's bytes where they are the same in text and in HTML, else None."""
    if not _SIMPLE.match(said):
        return None
    data = said.encode()
    if bits == 8 or len(data) <= LONGEST_QP:
        return data
    if len(data) <= 2 * LONGEST_QP and said[LONGEST_QP] != ".":  # a reader's own links are so long
        return data[:LONGEST_QP] + SOFT_BREAK + data[LONGEST_QP:]
    return None


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
    if _PLAIN_LINE.match(line) and not (closed and line.endswith((" ", "\t"))):
        return _plain_line(line)
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


def _plain_line(line: str) -> bytes:
    """Do the same for letters that stand for themselves, a whole stretch of them at a time."""
    out: list[str] = []
    at = 0
    while at < len(line):
        room = LONGEST_QP
        lead = ""
        if line[at] == "." or line.startswith("From ", at):
            lead, at, room = f"={ord(line[at]):02X}", at + 1, room - 3
        out.append(lead + line[at : at + room])
        at += room
    return SOFT_BREAK.decode().join(out).encode()


@lru_cache(4096)
def _octets(letter: str) -> bytes:
    return b"".join(b"=%02X" % octet for octet in letter.encode())


_TOKENS: Final = {chr(code): bytes([code]) for code in (9, *range(32, 127)) if code != ord("=")}


def _fits(line: str) -> bool:
    static = HOLE.sub("", line)
    room = LONGEST_LINE - len(HOLE.findall(line)) * LONGEST_VALUE
    return len(static.encode()) <= room and not line.startswith(".") and "\x00" not in static
