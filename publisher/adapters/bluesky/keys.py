"""Record keys: the same for the same part of the same thread, so that a repeat meets itself."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

_ALPHABET: Final = "234567abcdefghijklmnopqrstuvwxyz"
_LENGTH: Final = 13
_CLOCK_BITS: Final = 10
#: microseconds of a second that a thread's parts may be spread over
_SPREAD: Final = 999_000


def record_key(key: str, started_at: datetime) -> str:
    """Give a TID, which posts' keys must be: a moment, and whose clock told it.

    The second is that of the placement's start. The rest of the moment and the clock's number are
    from the thread's key, so that threads of one second do not meet; parts follow one another.

    Args:
        key: a part's, see `thread.part_key`.
        started_at: aware; the same at each try.

    Source: https://atproto.com/specs/tid, read 2026-11-22
    """
    whose, _, number = key.rpartition(".")
    mixed = int.from_bytes(hashlib.sha256(whose.encode()).digest()[:8], "big")
    within, clock = divmod(mixed % (_SPREAD << _CLOCK_BITS), 1 << _CLOCK_BITS)
    moment = int(started_at.timestamp()) * 1_000_000 + within + int(number)
    return _base32(moment << _CLOCK_BITS | clock)


def _base32(number: int) -> str:
    return "".join(_ALPHABET[number >> 5 * at & 31] for at in reversed(range(_LENGTH)))
