"""Files of readers from the desk: rehearsed first, and imported when somebody said yes.

A rehearsal does all of the import and takes it back, so its figures are those of the import.
What a file held is erased as soon as it was imported, or a day after it came.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from django.db import connection, transaction
from django.db.models import Q

from publisher.flows import defer
from publisher.flows.audit import Doer
from publisher.flows.import_readers import import_readers
from publisher.flows.readers import Mine
from publisher.kit.spreadsheet import NotASpreadsheet, opened
from publisher.models import Person, ReadersFile, ReadersFileState, Via
from publisher.models.errors import Refused

MAX_BYTES = 64_000_000
AT_ONCE = 500_000  #: octets that are read while the page waits; more is for a worker
KEPT = timedelta(days=1)
_STRANGE = re.compile(r"[^\w.() -]+")
_STEP = 1 << 20  #: octets between two marks of progress
State = ReadersFileState


@dataclass(frozen=True, kw_only=True)
class Given:
    """What somebody gave at the desk."""

    name: str
    content: bytes
    source: str  #: where the consents in it were given
    wording: str  #: the sentence that was agreed to
    encoding: str = ""  #: empty: to be found out


def take_in(given: Given, *, mine: Mine, person: Person, now: datetime) -> ReadersFile:
    """Keep a file and rehearse its import: at once, or by a worker if it is long.

    Raises:
        Refused: it is no such file, or its evidence is missing.
    """
    _check(given)
    with transaction.atomic():
        row = ReadersFile.objects.create(
            person=person,
            name=_plain(given.name),
            at=now,
            content=given.content,
            size=len(given.content),
            source=given.source.strip(),
            wording=given.wording.strip(),
            encoding=given.encoding.strip(),
            organisations=None if mine is None else sorted(mine),
        )
        if row.size > AT_ONCE:
            defer.readers_file(row.pk)
    if row.size <= AT_ONCE:
        work(row.pk, now=now)
    row.refresh_from_db()
    return row


def confirm(pk: int, *, person: Person, now: datetime) -> None:
    """Import what was rehearsed.

    Raises:
        Refused: it does not wait for that.
    """
    mine = ReadersFile.objects.filter(pk=pk, person=person, state=State.REHEARSED)
    with transaction.atomic():
        if not mine.update(state=State.CONFIRMED, read=0):
            raise Refused("This file does not wait for a yes; nothing was changed.")
        row = ReadersFile.objects.defer("content").get(pk=pk)
        if row.size > AT_ONCE:
            defer.readers_file(pk)
    if row.size <= AT_ONCE:
        work(pk, now=now)


def drop(pk: int, *, person: Person, now: datetime) -> None:
    """Forget a file that was rehearsed.

    Raises:
        Refused: it does not wait for that.
    """
    rows = ReadersFile.objects.filter(pk=pk, person=person, state=State.REHEARSED)
    if not rows.update(state=State.DROPPED, content=b"", settled_at=now):
        raise Refused("This file does not wait for a yes or a no; nothing was changed.")


def work(pk: int, *, now: datetime) -> None:
    """Rehearse or import a file, whichever is next; a repeat changes nothing."""
    with transaction.atomic():
        _alone(pk)
        row = ReadersFile.objects.filter(pk=pk, state__in=(State.WAITING, State.CONFIRMED)).first()
        if row is None:
            return
        imports = row.state == State.CONFIRMED
        try:
            _read(row, rehearse=not imports, now=now)
            row.state = State.IMPORTED if imports else State.REHEARSED
        except Refused as error:
            row.state, row.problem = State.FAILED, str(error)
        row.read = row.size
        if row.state != State.REHEARSED:
            row.content, row.settled_at = b"", now
        row.save()


def forget_old(*, now: datetime) -> None:
    """Erase what files held, and their bad lines, a day after they came."""
    old = ReadersFile.objects.filter(at__lt=now - KEPT)
    old.filter(state=State.REHEARSED).update(state=State.DROPPED, settled_at=now)
    settled = old.exclude(state__in=(State.WAITING, State.CONFIRMED))
    settled.exclude(Q(content=b"") & Q(rejects=b"")).update(content=b"", rejects=b"")


def _check(given: Given) -> None:
    if not given.content:
        raise Refused("Choose a CSV file; its first line names the columns.")
    if len(given.content) > MAX_BYTES:
        raise Refused(
            f"A file has {MAX_BYTES // 1_000_000} MB at most here; import it at the terminal, with "
            "`publisher readers import`."
        )
    if not (given.source.strip() and given.wording.strip()):
        raise Refused(
            "Say where the consents in it were given, and the sentence that was agreed to."
        )
    if len(given.source.strip()) > 200:
        raise Refused("Where the consents were given is longer than 200 characters.")
    if given.content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused("This is a workbook; save the table as CSV.")
    with _file(_plain(given.name), given.content) as path:
        try:
            opened(path, encoding=given.encoding.strip())
        except NotASpreadsheet as error:
            raise Refused(f"{_plain(given.name)}: {error}") from error


def _read(row: ReadersFile, *, rehearse: bool, now: datetime) -> None:
    """Import it within the transaction; keep its figures and bad lines in the row."""
    with _file(row.name, bytes(row.content)) as path, _progress(row) as told:
        try:
            done = import_readers(
                path,
                source=row.source,
                wording=row.wording,
                encoding=row.encoding,
                organisations=row.organisations,
                rehearse=rehearse,
                progress=told,
                now=now,
                doer=Doer(person=row.person, via=Via.DESK),
            )
        except Refused as error:
            raise Refused(str(error).replace(str(path), row.name)) from error
        row.figures = {**asdict(done), "rejects": ""}
        row.rejects = Path(done.rejects).read_bytes() if done.rejects else b""


@contextmanager
def _file(name: str, content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="publisher-readers-") as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        yield path


@contextmanager
def _progress(row: ReadersFile) -> Iterator[Callable[[int], None]]:
    """Write down how far it is, beside the transaction so that the page sees it."""
    if row.size <= AT_ONCE:
        yield lambda _octets: None
        return
    beside, last = connection.copy("default"), 0

    def tell(octets: int) -> None:
        nonlocal last
        if octets - last >= _STEP or octets >= row.size:
            last = octets
            with beside.cursor() as cursor:
                cursor.execute(_TELL, [octets, row.pk])

    try:
        yield tell
    finally:
        beside.close()


def _alone(pk: int) -> None:
    """Keep another worker from the same file; its row stays free for its progress."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, pk])


def _plain(name: str) -> str:
    plain = _STRANGE.sub("-", PurePosixPath(name.replace("\\", "/")).name).strip("-. ")
    return plain[-100:] or "readers.csv"


_TELL = "UPDATE publisher_readersfile SET read = %s WHERE id = %s"
_LOCK = 5075  #: the first of the lock's two numbers; the second is the file's
