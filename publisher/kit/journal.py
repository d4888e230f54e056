"""The accept journal: what a service answered, on disk the instant it answered.

A journal belongs to one run of a hand-over. It is a file of slots, laid out in full before
anything is sent, so that a full disk stops the sending and never loses an answer. It is mapped
into memory: an answer survives the process from the moment it is stored, without a system call.
A lock says whether its process lives; the kernel gives it back even after `kill -9`.

Layout: a header (magic, size of a slot), then slots. A slot is: verdict (one byte, 0 = free,
written last), a byte of filling, the lengths of answer and URL, the delivery, both texts.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import secrets
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from publisher.kit.files import made_once

MAGIC = b"publisher-journal-1\n"
HEADER = struct.Struct("<20sI40x")
SLOT = struct.Struct("<xxHHxxq")  #: answer's length, URL's length, delivery
FOR_READERS = 128  #: octets of a slot; what is longer is cut, in the journal only
FOR_ENDPOINTS = 1024


class DiskFull(Exception):
    """There is no room to write down answers: nothing more may be sent."""


class Entry(NamedTuple):
    """One answer."""

    delivery: int
    verdict: int  #: from 1 to 255; what it means is the caller's matter
    answer: str = ""
    url: str = ""


class Journal:
    """The journal of one run of a hand-over; made by `open_new`, found again by `left_behind`."""

    def __init__(self, path: Path, descriptor: int, slot: int) -> None:
        self.name = path.stem
        self._path = path
        self._descriptor = descriptor
        self._slot = slot
        self._map: mmap.mmap | None = None
        self._free: list[int] = []
        self._slots = 0

    @classmethod
    def open_new(cls, folder: Path, *, slot: int = FOR_READERS) -> Journal:
        """Make an empty journal in `folder`.

        Raises:
            DiskFull: there is no room for it.
        """
        try:
            name = f"{folder_id(folder)}-{os.getpid()}-{secrets.token_hex(4)}"
            path = folder / f"{name}.journal"
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise DiskFull(f"{folder} cannot be written to: {error.strerror}") from error
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            os.posix_fallocate(descriptor, 0, HEADER.size)
            os.pwrite(descriptor, HEADER.pack(MAGIC, slot), 0)
        except OSError as error:
            path.unlink()
            os.close(descriptor)
            raise DiskFull(f"there is no room left in {folder}") from error
        return cls(path, descriptor, slot)

    def reserve(self, count: int) -> None:
        """Make sure that `count` answers more can be written down, whatever happens to the disk.

        Raises:
            DiskFull: they cannot; what was reserved before still can.
        """
        missing = count - len(self._free)
        if missing <= 0:
            return
        slots = self._slots + missing
        size = HEADER.size + slots * self._slot
        try:
            os.posix_fallocate(self._descriptor, 0, size)
            grown = mmap.mmap(self._descriptor, size)
        except OSError as error:
            raise DiskFull(f"there is no room left in {self._path.parent}") from error
        if self._map is not None:
            self._map.close()
        self._map = grown
        self._free += range(slots - 1, self._slots - 1, -1)
        self._slots = slots

    def write(self, entry: Entry) -> int:
        """Write an answer down; the number it gives frees the slot again by `forget`."""
        assert self._map is not None, "nothing was reserved"
        number = self._free.pop()
        at = HEADER.size + number * self._slot
        room = self._slot - SLOT.size
        url = entry.url.encode()[:room]
        answer = entry.answer.encode()[: room - len(url)]
        data = SLOT.pack(len(answer), len(url), entry.delivery) + answer + url
        self._map[at + 1 : at + len(data)] = data[1:]
        self._map[at] = entry.verdict
        return number

    def forget(self, numbers: list[int]) -> None:
        """Free slots whose answers the database has."""
        assert self._map is not None, "nothing was reserved"
        for number in numbers:
            self._map[HEADER.size + number * self._slot] = 0
        self._free += numbers

    def close(self, *, keep: bool = False) -> None:
        """End the run; the file goes, unless answers in it are still to be recorded."""
        if not keep:
            self._path.unlink(missing_ok=True)
        if self._map is not None:
            self._map.close()
        os.close(self._descriptor)


def folder_id(folder: Path) -> str:
    """Give the name by which this folder's journals are known in the ledger, for ever."""
    return made_once(folder / "folder-id", lambda: secrets.token_hex(8))


def left_behind(folder: Path) -> Iterator[tuple[str, list[Entry], Path]]:
    """Give the journals of runs whose process has ended: name, answers, file.

    The lock of each is held until the next is asked for, so that two recoveries never share one.
    """
    for path in sorted(folder.glob("*.journal")):
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists():
                yield path.stem, list(_entries(path.read_bytes())), path
        except BlockingIOError:
            continue
        finally:
            os.close(descriptor)


def _entries(data: bytes) -> Iterator[Entry]:
    if len(data) < HEADER.size:
        return
    magic, slot = HEADER.unpack_from(data)
    if magic != MAGIC:
        return
    for at in range(HEADER.size, len(data) - slot + 1, slot):
        if verdict := data[at]:
            answer_length, url_length, delivery = SLOT.unpack_from(data, at)
            start = at + SLOT.size
            middle, end = start + answer_length, start + answer_length + url_length
            yield Entry(
                delivery=delivery,
                verdict=verdict,
                answer=data[start:middle].decode(errors="ignore"),
                url=data[middle:end].decode(errors="ignore"),
            )
