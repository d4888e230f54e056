"""Whether clock and workers are alive, as the database sees them."""

from __future__ import annotations

from datetime import timedelta

from django.db.backends.utils import CursorWrapper

from publisher.flows.bell import LOCK

#: Procrastinate's workers write theirs every ten seconds
SILENT_AFTER = timedelta(seconds=60)

# A worker that ended well takes its row away; one that died leaves it until another prunes it.
_WORKER = "SELECT now() - max(last_heartbeat) FROM procrastinate_workers"

# https://www.postgresql.org/docs/current/view-pg-locks.html: a lock's number stands in two halves
_CLOCK = """
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND classid = 0 AND objid = %s AND objsubid = 1 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
"""


def heartbeats(cursor: CursorWrapper) -> dict[str, str]:
    """Give a word on each part: `beats`, `silent`, or `none` where none was started."""
    cursor.execute(_WORKER)
    (since,) = cursor.fetchone() or (None,)
    cursor.execute(_CLOCK, [LOCK])
    (elected,) = cursor.fetchone() or (False,)
    return {"worker": _word(since), "clock": "beats" if elected else "none"}


def _word(since: timedelta | None) -> str:
    if since is None:
        return "none"
    return "beats" if since < SILENT_AFTER else "silent"
