"""Whether clock and workers are alive, as the database sees them."""

from __future__ import annotations

from datetime import timedelta

from django.db.backends.utils import CursorWrapper

from publisher.flows.bell import LOCK

#: Procrastinate's workers write theirs every ten seconds
SILENT_AFTER = timedelta(seconds=60)
#: a clock starts or gives up what falls due within seconds, so what is still planned has no clock
OVERDUE_AFTER = timedelta(minutes=5)

# A worker that ended well takes its row away; one that died leaves it until another prunes it.
_WORKER = "SELECT now() - max(last_heartbeat) FROM procrastinate_workers"

# https://www.postgresql.org/docs/current/view-pg-locks.html: a lock's number stands in two halves
_CLOCK = """
SELECT
    EXISTS (
        SELECT FROM publisher_placement
        WHERE state = 'planned' AND due_at < now() - make_interval(secs => %s)
    ),
    EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND classid = 0 AND objid = %s AND objsubid = 1 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
"""


def heartbeats(cursor: CursorWrapper) -> dict[str, str]:
    """Give a word on each part: `beats`, `silent`, or `none` where none is needed."""
    cursor.execute(_WORKER)
    (since,) = cursor.fetchone() or (None,)
    cursor.execute(_CLOCK, [OVERDUE_AFTER.total_seconds(), LOCK])
    overdue, elected = cursor.fetchone() or (False, False)
    return {
        "worker": _word(since is not None, silent=since is not None and since > SILENT_AFTER),
        "clock": _word(elected, silent=overdue),
    }


def _word(there: object, *, silent: bool) -> str:
    if silent:
        return "silent"
    return "beats" if there else "none"
