"""Text and separated values: what their bytes say, and what stands in their lines."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice

from publisher.models.errors import Refused
from publisher.plan.recognise.document import MAX_LINES, MAX_ROWS, Document, Line, Table, clean

#: for bytes that are no UTF-8: what the languages of the United Nations were written in before
_OLD_CODES = ["cp1252", "cp1251", "koi8_r", "cp1256", "gb18030"]
_SHORT = 200  #: letters of what may be a heading
_INDENTED = re.compile(r"([ \t]*)(?:([-*•◦▪–—o·‣]|\(?(?:\d{1,2}[.)]|[a-z]\)))[ \t]+)?(.*)")
_UNDERLINE = re.compile(r"\s*([=~^\-*#_])\1{2,}\s*\Z")
#: what makes a spreadsheet program compute, or call another program
_FORMULA = re.compile(r"=[\w\"'(+@-]|[+@-]\w*\||[+@-][A-Z]+\(")


def decoded(name: str, content: bytes) -> tuple[str, str]:
    """Give a file's text, and its encoding if that had to be guessed, else an empty string.

    Raises:
        Refused: it is not text, or in no encoding that can be told.
    """
    text, code = _text(name, content)
    odd = sum(letter < " " and not letter.isspace() for letter in text)
    if "\0" in text or odd > len(text) // 100:
        raise Refused(f"{name} is not text, whatever its name says")
    return text, code


def _text(name: str, content: bytes) -> tuple[str, str]:
    wide = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else _wide(content)
    try:
        return content.decode(wide or "utf-8-sig"), ""
    except UnicodeDecodeError as error:
        if wide:
            raise Refused(f"{name} is not text, or was cut off; save it as UTF-8") from error
        return _guessed(name, content)


def _wide(content: bytes) -> str:
    """Tell UTF-16 without a mark by which of two bytes is nought more often."""
    start = content[:1000]
    if b"\0" not in start or len(content) % 2:
        return ""
    return "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"


def _guessed(name: str, content: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(content, cp_isolation=_OLD_CODES).best()
    if best is None:
        raise Refused(f"{name} is in no encoding that can be told; save it as UTF-8")
    return str(best), best.encoding


def csv_document(name: str, content: bytes) -> Document:
    """Read separated values; what separates them is what its first lines hold most of."""
    text, code = decoded(name, content)
    rows = _csv_rows(name, text)
    for number, row in enumerate(rows, 1):
        if formula := next((cell for cell in row if _FORMULA.match(cell.strip())), ""):
            shown = clean(formula)[:40]
            raise Refused(
                f"{name} holds a formula in row {number} ({shown}); save what it gives instead"
            )
    return Document(tables=[Table(cells=rows, name="the table")], notes=_noted(code))


def _csv_rows(name: str, text: str) -> list[list[str]]:
    told = re.match(r"sep=(.)\r?\n", text)  # how Excel writes down what separates
    separator = told[1] if told else _separator(text[:20_000])
    file = io.StringIO(text[told.end() :] if told else text, newline="")
    try:
        return list(islice(csv.reader(file, delimiter=separator, strict=True), MAX_ROWS + 2))
    except csv.Error as error:
        raise Refused(f"{name} cannot be read as CSV: {error}") from error


def _separator(text: str) -> str:
    """Give what most of the first lines hold outside quotes; of several, what they hold most of."""
    bare = re.sub(r'"(?:[^"]|"")*"', "", text).split("\n")[:20]
    counts = {mark: [line.count(mark) for line in bare if line.strip()] for mark in ";\t|,"}
    return max(counts, key=lambda mark: (sum(map(bool, counts[mark])), sum(counts[mark])))


def text_document(name: str, content: bytes) -> tuple[Document, str]:
    """Read plain text; give its text, too."""
    text, code = decoded(name, content)
    return Document(lines=_lines(text), notes=_noted(code)), text


def _lines(text: str) -> list[Line]:
    """Give the lines of plain text; one underlined, or after #, is a heading."""
    raw = text.replace("\r\n", "\n").replace("\f", "\n\n").split("\n")[:MAX_LINES]
    return [
        _line(line, raw[number + 1] if number + 1 < len(raw) else "")
        for number, line in enumerate(raw)
        if not _UNDERLINE.match(line)
    ]


def _line(line: str, below: str) -> Line:
    found = _INDENTED.match(line.expandtabs(4))
    indent, mark, words = found.groups() if found else ("", None, line)
    level = 1 if _UNDERLINE.match(below) and 0 < len(words) < _SHORT else 0
    if hashes := re.match(r"(#{1,6})\s+(.*)", words):
        level, words = len(hashes[1]), hashes[2]
    return Line(words=clean(words), heading=level, indent=len(indent), bullet=mark is not None)


def _noted(code: str) -> list[str]:
    if not code:
        return []
    name = code.replace("cp125", "Windows-125")
    return [f"read as {name}, for it is not UTF-8; if letters look wrong, save it as UTF-8"]
