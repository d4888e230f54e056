"""How fast to each domain of recipients: whose pace an address is held to, and when the rest goes.

What goes beyond a domain's pace stands in its *line*: it goes back into the queue with a moment,
so that it holds up no other domain, and is not looked at again before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BEAT_SECONDS = 5  #: a line moves up in groups this far apart: a run for each mail costs too much
#: how much of its pace a domain may be sent at once: a group, and another that came late
BURST_SECONDS = 2.0 * BEAT_SECONDS
ANY = "*"  #: each domain that has no pace of its own


@dataclass(frozen=True, kw_only=True)
class DomainPace:
    """So many a minute to one domain, through one outlet."""

    domain: str
    per_minute: int

    @property
    def per_second(self) -> float:
        """How fast its allowance grows."""
        return self.per_minute / 60

    @property
    def burst(self) -> float:
        """How much of it may be saved up."""
        return max(1.0, self.per_second * BURST_SECONDS)


class Domains:
    """The paces of one outlet's recipients."""

    def __init__(self, per_minute: Mapping[str, int]) -> None:
        self._per_minute = per_minute
        self._any = per_minute.get(ANY)

    def pace(self, address: str) -> DomainPace | None:
        """Give the pace that an address is held to; None: to none."""
        domain = domain_of(address)
        per_minute = self._per_minute.get(domain, self._any)
        if not domain or per_minute is None:
            return None
        return DomainPace(domain=domain, per_minute=per_minute)


class Lines:
    """The lines of one placement: where each ends.

    Args:
        ends: the last moment in each domain's line, as the ledger has it.
    """

    def __init__(self, ends: Mapping[str, datetime]) -> None:
        self._ends = dict(ends)

    def join(self, pace: DomainPace, *, now: datetime) -> datetime:
        """Give the moment for one more at a line's end, a beat from now at the earliest."""
        first = now + timedelta(seconds=BEAT_SECONDS)
        end = max(self._ends.get(pace.domain, first), first)
        self._ends[pace.domain] = end + timedelta(seconds=1 / pace.per_second)
        beats = math.ceil(end.timestamp() / BEAT_SECONDS)
        return datetime.fromtimestamp(beats * BEAT_SECONDS, UTC)


def domain_of(address: str) -> str:
    """Give an address's domain, in lower case; empty for an endpoint."""
    return address.rpartition("@")[2].lower()
