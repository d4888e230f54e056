"""Again when: how long to wait after a service said “not now”."""

from __future__ import annotations

import hashlib
from datetime import timedelta

#: Waits after the first, second, … refusal for the time being; about four days in all.
#: RFC 5321 §4.5.4.1: half an hour or more between tries, sooner for the first ones, and four to
#: five days before giving up. Grey-listing servers want about five minutes for the first.
LADDER = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
    timedelta(hours=24),
)
#: Waits after a service could not be reached at all: nobody's fault but its own, so no delivery
#: is given up for it.
OUTAGE = (timedelta(seconds=10), timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=5))
#: Waits before a program of somebody's is told again; a little over three days in all.
#: https://github.com/standard-webhooks/standard-webhooks, spec, “Retries”, read 2026-11-22
TELLING = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
LONGEST_ASKED = timedelta(days=1)  #: that a program may have us wait
SPREAD = 0.1  #: by how much a wait is stretched, so that a crowd does not come back at once


def wait_before(attempt: int, *, key: str, after: timedelta | None = None) -> timedelta | None:
    """Say how long to wait before the next attempt, or None to give up.

    Args:
        attempt: how many attempts have been made so far, from 1.
        key: the delivery's; the same key is always spread in the same way.
        after: what the service asked for, if it asked; never waited for less.
    """
    if attempt > len(LADDER):
        return None
    wait = LADDER[attempt - 1] * (1 + SPREAD * _share(f"{key}/{attempt}"))
    return max(wait, after) if after else wait


def telling_wait(attempt: int, *, key: str, after: timedelta | None = None) -> timedelta | None:
    """Say how long to wait before a hook is told an event again, or None to give up.

    Args:
        attempt: how many attempts have been made so far, from 1.
        key: the event's; the same key is always spread in the same way.
        after: what the program asked for; never waited for less, within a day.
    """
    if attempt > len(TELLING):
        return None
    wait = TELLING[attempt - 1] * (1 + SPREAD * _share(f"{key}/{attempt}"))
    return max(wait, min(after, LONGEST_ASKED)) if after else wait


def outage_wait(failures: int, *, after: timedelta | None = None) -> timedelta:
    """Say how long to leave a service alone that could not be reached `failures` times in a row."""
    wait = OUTAGE[min(max(failures, 1), len(OUTAGE)) - 1]
    return max(wait, after) if after else wait


def _share(text: str) -> float:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32
