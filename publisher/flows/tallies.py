"""How often something may be done, counted for all processes together.

A form that writes to a mailbox before anybody is known must not be used to fill it, however many
processes serve the pages and however often they are started anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from publisher.kit.signing import address_hash
from publisher.models import Tally

_KEPT = timedelta(days=2)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Most:
    """So many times in a stretch of time, for each name by itself."""

    what: str
    times: int
    stretch: timedelta

    def allows(self, who: str, *, now: datetime) -> bool:
        """Count one more; False: it is one too many.

        Args:
            who: an address, of a mailbox or of a visitor; kept as a keyed hash alone.
            now: aware.
        """
        begins_at = _EPOCH + (now - _EPOCH) // self.stretch * self.stretch
        name = f"{self.what}-{address_hash(who)[:40]}"
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [name, begins_at])
            (times,) = cursor.fetchone() or (0,)
        return int(times) <= self.times


def forget_old(*, now: datetime) -> int:
    """Erase what counts for nothing any more."""
    gone, _ = Tally.objects.filter(begins_at__lt=now - _KEPT).delete()
    return gone


# One statement, so that two processes never read the same number.
_COUNT = """
INSERT INTO publisher_tally (name, begins_at, times) VALUES (%s, %s, 1)
ON CONFLICT (name, begins_at) DO UPDATE SET times = publisher_tally.times + 1
RETURNING times
"""
