"""Whether clock and workers are alive, as the database sees them."""

from __future__ import annotations

from datetime import timedelta

from django.db.backends.utils import CursorWrapper

#: Procrastinate's workers write theirs every ten seconds
SILENT_AFTER = timedelta(seconds=60)

# A worker that ended well takes its row away; one that died leaves it until another prunes it.
_WORKER = "SELECT now() - max(last_heartbeat) FROM procrastinate_workers"


def heartbeats(cursor: CursorWrapper) -> dict[str, str]:
    """Give a word on each part: `beats`, `silent`, or `none` where none was started."""
    cursor.execute(_WORKER)
    (since,) = cursor.fetchone() or (None,)
    return {"worker": _word(since)}


def _word(since: timedelta | None) -> str:
    if since is None:
        return "none"
    return "beats" if since < SILENT_AFTER else "silent"
