"""CSV as spreadsheet programs write it: several encodings, several separators."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

_DELIMITERS = ",;\t"
_CHUNK = 1 << 20
_LONGEST_HEADER = 20_000  #: characters
#: Four accented letters in a row are rare where Windows-1252 is used, and the rule in Cyrillic,
#: Greek or Arabic text that was read as Windows-1252 by mistake.
_FOREIGN = re.compile(r"[^\W\d_a-zA-Z]{4}")
#: A cell that begins so is run as a formula by spreadsheet programs:
#: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"[=+\-@\t\r]")
_GUARDED = re.compile(r"'[=+\-@\t\r]")


class NotASpreadsheet(ValueError):
    """The file cannot be read as CSV; the sentence says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Spreadsheet:
    """A CSV file whose encoding and separator are known."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]  #: in lower case, without spaces around

    def rows(
        self, read: Callable[[int], None] = lambda _octets: None
    ) -> Iterator[tuple[int, list[str]]]:
        """Give each row that is not empty, with the number of its last line.

        Args:
            read: is told how many octets of the file have been read so far.

        Raises:
            NotASpreadsheet: a quotation mark never ends.
        """
        with self.path.open(encoding=self.encoding, newline="") as file:
            lines = csv.reader(_told(file, read), delimiter=self.delimiter, strict=True)
            next(lines)
            try:
                for cells in lines:
                    if "".join(cells).strip():
                        yield lines.line_num, [unguarded(cell) for cell in cells]
            except csv.Error as error:
                raise NotASpreadsheet(f"line {lines.line_num}: {error}") from error


def opened(path: Path, *, encoding: str = "") -> Spreadsheet:
    """Find out how a CSV file is written.

    Args:
        path: the file.
        encoding: what it is in, if that is known.

    Raises:
        NotASpreadsheet: it is empty, not text, or in an encoding that must be named.
    """
    try:
        found = _checked(path, encoding) if encoding else _encoding(path)
        with path.open(encoding=found, newline="") as file:
            first = file.readline(_CHUNK)
    except OSError as error:
        raise NotASpreadsheet(f"it cannot be read: {error.strerror}") from error
    if not first.strip():
        raise NotASpreadsheet("it is empty; its first line must name the columns")
    if len(first) > _LONGEST_HEADER:
        raise NotASpreadsheet("its first line is too long to be the names of columns")
    delimiter = max(_DELIMITERS, key=first.count)
    header = next(csv.reader([first], delimiter=delimiter))
    return Spreadsheet(
        path=path,
        encoding=found,
        delimiter=delimiter,
        header=tuple(name.strip().lower() for name in header),
    )


def guarded(cell: str) -> str:
    """Write a cell so that no spreadsheet program runs it as a formula."""
    return f"'{cell}" if _FORMULA.match(cell) or _GUARDED.match(cell) else cell


def unguarded(cell: str) -> str:
    """Undo `guarded`."""
    guard = cell.startswith("'") and (_GUARDED.match(cell) or cell.startswith("''"))
    return cell[1:] if guard else cell


def _told(file: TextIO, read: Callable[[int], None]) -> Iterator[str]:
    for number, line in enumerate(file):
        if number % 1000 == 0:
            read(file.buffer.tell())
        yield line
    read(file.buffer.tell())


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise NotASpreadsheet("it is in UTF-16; save it as “CSV UTF-8”")
    if _fits(path, "utf-8"):
        return "utf-8-sig"
    if _fits(path, "cp1252", refuse=_FOREIGN):
        return "cp1252"
    raise NotASpreadsheet(
        "it is neither UTF-8 nor Windows-1252 (Latin-1); save it as “CSV UTF-8”, or say "
        "which encoding it is in, such as windows-1251"
    )


def _checked(path: Path, encoding: str) -> str:
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise NotASpreadsheet(f"“{encoding}” is not an encoding; try utf-8") from None
    if not _fits(path, encoding):
        raise NotASpreadsheet(f"it is not in {encoding}")
    return encoding


def _fits(path: Path, encoding: str, *, refuse: re.Pattern[str] | None = None) -> bool:
    """Say whether the whole file can be read so; without keeping it in memory.

    Raises:
        NotASpreadsheet: it holds zero octets, so it is not text at all.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if b"\0" in chunk and not encoding.lower().startswith(("utf-16", "utf-32", "utf_")):
                raise NotASpreadsheet("it is not a text file; save the table as CSV")
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError:
                return False
            if refuse and refuse.search(text):
                return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
