"""Who else wants to hand over: what waits in the queue, and what is large enough to share."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from publisher.flows.ledger import LOCK_CLASS

LARGE = 2_000  #: open rows from which another process joins in


@dataclass(frozen=True, kw_only=True)
class Others:
    """What could be done beside what is in hand."""

    waiting: bool  #: a task is due that nobody has begun
    large: tuple[int, ...]  #: placements that other processes hand over, the largest first


def others(*, besides: Collection[int]) -> Others:
    """Look, cheaply, at what else there is to do.

    Args:
        besides: ids of the placements that are in hand here.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LARGE, [LARGE, list(besides), LOCK_CLASS])
        large = tuple(number for (number,) in cursor.fetchall())
    return Others(waiting=waiting(), large=large)


def waiting() -> bool:
    """Say whether a task is due that nobody has begun."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        row = cursor.fetchone()
        return bool(row and row[0])


_WAITING = """
SELECT EXISTS (SELECT 1 FROM procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))
"""
# A run holds an advisory lock on its placement for as long as it lives: what nobody has in hand
# waits for its task, or for its moment.
_LARGE = """
SELECT p.id FROM publisher_placement p
WHERE p.state = 'sending' AND p.addressed_at IS NOT NULL AND p.problem = ''
    AND p.candidates - p.accepted - p.refused - p.excluded - p.uncertain >= %s
    AND p.id <> ALL(%s)
    AND EXISTS (SELECT 1 FROM pg_locks l
        WHERE l.locktype = 'advisory' AND l.classid = %s AND l.objid = p.id %% 2147483648
            AND l.objsubid = 2 AND l.database =
                (SELECT oid FROM pg_database WHERE datname = current_database()))
ORDER BY p.candidates - p.accepted - p.refused - p.excluded - p.uncertain DESC
LIMIT 8
"""
