"""Connections of the ledger: given on from one run to the next, for as long as a worker lives.

A new one costs a small placement more than all that is done through it: the server starts a
process, and plans each statement anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from procrastinate.contrib.django import connector_params

_spare: list[psycopg.Connection] = []
_keepers = 0  #: blocks of `kept` that are running


@contextmanager
def kept() -> Iterator[None]:
    """Keep connections while the block runs; elsewhere each run has a new one."""
    global _keepers  # noqa: PLW0603  # it is the process that keeps them
    _keepers += 1
    try:
        yield
    finally:
        _keepers -= 1
        if not _keepers:
            forget()


def connection() -> psycopg.Connection:
    """Give a connection in which each statement is a transaction; it may have broken meanwhile."""
    with suppress(IndexError):
        return _spare.pop()
    made = psycopg.connect(**connector_params(), autocommit=True)
    # Django prepares nothing, for the sake of poolers; a run's lock needs a session of its own.
    made.prepare_threshold = 5
    made.execute(b"SET plan_cache_mode = force_generic_plan")
    return made


def give_on(used: psycopg.Connection) -> None:
    """Let the next run have it, without the locks of this one."""
    if _keepers:
        with suppress(psycopg.Error):
            used.execute(b"SELECT pg_advisory_unlock_all()")
            _spare.append(used)
            return
    used.close()


def forget() -> None:
    """Close those that are kept: the server went away, and they with it."""
    while _spare:
        _spare.pop().close()
