"""Readers come from a file: all its good lines in one transaction, with their evidence.

Lines go by COPY into a staging table and are merged from there as sets, so that a file may have
a million of them. An address that must not be written to stays so, and a consent that was
withdrawn is not given again by a file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from pydantic_core import to_json

from publisher.feedback.reader_rows import Columns, Known, Row, columns
from publisher.flows import readers_sql as statements
from publisher.flows.audit import TERMINAL, Doer, note
from publisher.flows.rejects import Rejects
from publisher.kit.nearest import meant
from publisher.kit.signing import address_hash
from publisher.kit.spreadsheet import NotASpreadsheet, Spreadsheet, opened
from publisher.models import Channel, Organisation
from publisher.models.errors import Refused

Progress = Callable[[int], None]


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of a file's lines."""

    lines: int
    new: int
    changed: int
    unchanged: int
    repeated: int  #: lines with the address of a later line; what the later one says wins
    suppressed: int  #: addresses that must not be written to, and so were left out
    consents: int  #: given now, with this file as their evidence
    withdrawn: int  #: left as they are: the reader took them back
    bad: int
    rejects: str  #: the file with the bad lines and their reasons; empty: there are none
    encoding: str


def import_readers(
    path: Path,
    *,
    source: str = "",
    wording: str = "",
    now: datetime,
    strict: bool = False,
    encoding: str = "",
    organisations: Collection[str] | None = None,
    rehearse: bool = False,
    progress: Progress = lambda _octets: None,
    doer: Doer = TERMINAL,
) -> Imported:
    """Import a CSV file.

    Args:
        path: the file; see `docs/howto/import-readers.md` for its columns.
        source: where the consents in it were given.
        wording: the sentence that was agreed to.
        now: when they are entered.
        strict: import nothing if any line is bad.
        encoding: what the file is in; else it is found out.
        organisations: slugs of those whose readers it may bring: each line gives a consent with
            one of them, and readers whom only others know stay as they are. None: any.
        rehearse: do all of it and take it back, so that the figures are exact.
        progress: is told how many octets have been read.
        doer: who does it.

    Raises:
        Refused: the file as a whole cannot be used; nothing was imported.
    """
    sheet, shape = _opened(path, encoding)
    _check_evidence(path, shape, source=source, wording=wording)
    with transaction.atomic(), connection.cursor() as cursor, Rejects(sheet) as rejects:
        for beginning in (statements.ALONE, statements.PORTIONS, statements.STAGING):
            cursor.execute(beginning)
        known = _known(organisations)
        lines = _stage(cursor, sheet, shape, known, rejects, progress)
        if strict and rejects.count:
            raise _all_refused(path, lines, rejects)
        if organisations is not None:
            cursor.execute(statements.OTHERS, [list(organisations)])
        figures = _merge(cursor, source=source, wording=wording, now=now)
        if figures["new"]:
            cursor.execute(statements.LEARN)
        if not rehearse:
            note(doer, "readers.import", now=now, source=source, lines=lines, bad=rejects.count)
        transaction.set_rollback(rehearse)
        return Imported(
            lines=lines,
            **figures,
            bad=rejects.count,
            rejects=rejects.keep(),
            encoding=sheet.encoding,
        )


def _opened(path: Path, encoding: str) -> tuple[Spreadsheet, Columns]:
    try:
        sheet = opened(path, encoding=encoding)
        return sheet, columns(sheet.header, meant)
    except ValueError as error:
        raise Refused(f"{path}: {error}") from error


def _check_evidence(path: Path, shape: Columns, *, source: str, wording: str) -> None:
    if "consents" in shape.names and not (source.strip() and wording.strip()):
        raise Refused(
            f"{path}: it holds consents, so say where they were given with --source, and the "
            "sentence that was agreed to with --wording"
        )
    if len(source) > 200:
        raise Refused("--source is longer than 200 characters")


def _all_refused(path: Path, lines: int, rejects: Rejects) -> Refused:
    """Keep the bad lines, and say where they are."""
    rejects.keep()
    return Refused(
        f"{path}: {rejects.count} of {lines} lines are bad, so nothing was imported; "
        f"{rejects.path} says why"
    )


def _known(mine: Collection[str] | None) -> Known:
    channels = Channel.objects.filter(retired_at=None)
    there = set(Organisation.objects.filter(retired_at=None).values_list("slug", flat=True))
    return Known(
        organisations=there if mine is None else there & set(mine),
        must_agree=mine is not None,
        channels={channel.slug for channel in channels if channel.said.asks_consent},
        meant=meant,
    )


def _stage(  # noqa: PLR0917  # all that one file is read with
    cursor: CursorWrapper,
    sheet: Spreadsheet,
    shape: Columns,
    known: Known,
    rejects: Rejects,
    progress: Progress,
) -> int:
    """Copy the good lines into the staging table and put the bad ones aside; count them all."""
    lines = 0
    try:
        with cursor.copy(statements.COPY) as copy:
            copy.set_types(["int4", "text", "text", "text", "text", "text", "text"])
            for line, cells in sheet.rows(progress):
                lines += 1
                try:
                    copy.write_row(_staged(shape.row(line, cells, known)))
                except ValueError as error:
                    rejects.put(line, str(error), cells)
    except NotASpreadsheet as error:
        raise Refused(f"{sheet.path}: {error}; nothing was imported") from error
    return lines


def _staged(row: Row) -> tuple[Any, ...]:
    return (
        row.line,
        row.address,
        address_hash(row.address),
        row.name,
        row.language,
        to_json(row.attributes).decode(),
        f"{{{','.join(map(str, row.wishes))}}}",  # slugs need no quotes in an array
    )


def _merge(cursor: CursorWrapper, *, source: str, wording: str, now: datetime) -> dict[str, int]:
    """Merge what is staged with what is there, in sets; count what became of it."""
    evidence = {"now": now, "source": source, "wording": wording}
    cursor.execute(statements.COUNTED)
    suppressed = _rows(cursor, statements.SUPPRESSED)
    repeated = _gathered(cursor)
    cursor.execute("SELECT count(*) FROM incoming_reader")
    (readers,) = cursor.fetchone() or (0,)
    changed = _rows(cursor, statements.CHANGE)
    new = _rows(cursor, statements.ADD, {"now": now})
    with ThreadPoolExecutor(max_workers=1) as beside:  # it is as long as what it runs beside
        in_order = beside.submit(_put_in_order, new)
        consents, withdrawn = _agree(cursor, evidence)
        in_order.result()
    return {
        "new": new,
        "changed": changed,
        "unchanged": readers - new - changed,
        "repeated": repeated,
        "suppressed": suppressed,
        "consents": consents,
        "withdrawn": withdrawn,
    }


def _put_in_order(new: int) -> None:
    """Finish the indexes of words, by a connection of its own."""
    if not new:
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statements.PORTIONS)
            cursor.execute(statements.IN_ORDER)
    finally:
        connection.close()


def _agree(cursor: CursorWrapper, evidence: dict[str, Any]) -> tuple[int, int]:
    """Give the consents that the file names; count them, and those their reader took back."""
    cursor.execute(statements.WISHED)
    cursor.execute(statements.WITHDRAWN)
    (withdrawn,) = cursor.fetchone() or (0,)
    confirmed = _rows(cursor, statements.CONFIRM, evidence)
    return confirmed + _rows(cursor, statements.GIVE, evidence), withdrawn


def _gathered(cursor: CursorWrapper) -> int:
    """Make one line of those with the same address; count the lines that are gone."""
    cursor.execute(statements.REPEATS)
    if cursor.fetchone() == (False,):
        return 0
    cursor.execute(statements.INDEX)
    cursor.execute(statements.GATHER)
    return _rows(cursor, statements.REPEATED)


def _rows(cursor: CursorWrapper, statement: str, values: dict[str, Any] | None = None) -> int:
    cursor.execute(statement, values)
    return int(cursor.rowcount)
