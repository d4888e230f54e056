"""The bad lines of a file, put aside with their reasons so that somebody can mend them."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from typing import Self, TextIO

from publisher.feedback.reader_rows import REJECTED
from publisher.kit.spreadsheet import Spreadsheet, guarded
from publisher.models.errors import Refused


class Rejects:
    """The bad lines, with their reasons, in a file beside the one they came from."""

    def __init__(self, sheet: Spreadsheet) -> None:
        self.path = sheet.path.with_name(f"{sheet.path.name}.rejects.csv")
        self.count = 0
        self._again = sheet.header[:2] == REJECTED  #: it is such a file, mended
        self._header = [*REJECTED, *sheet.header[2 if self._again else 0 :]]
        self._aside = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
            self._aside.unlink(missing_ok=True)

    def put(self, line: int, reason: str, cells: Sequence[str]) -> None:
        """Add a line."""
        if self._file is None:
            self._file = self._opened()
            csv.writer(self._file).writerow(self._header)
        csv.writer(self._file).writerow(
            [line, reason, *(guarded(cell) for cell in cells[2 if self._again else 0 :])]
        )
        self.count += 1

    def keep(self) -> str:
        """Put the file in its place and give its name; without bad lines, take an old one away."""
        if self._file is None:
            self.path.unlink(missing_ok=True)
            return ""
        self._file.close()
        self._file = None
        self._aside.replace(self.path)
        return str(self.path)

    def _opened(self) -> TextIO:
        # It holds addresses: for its owner's eyes.
        try:
            handle = os.open(self._aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise Refused(
                f"{self.path}: the bad lines cannot be written there ({error.strerror}); "
                "nothing was imported"
            ) from error
        return os.fdopen(handle, "w", encoding="utf-8-sig", newline="")
