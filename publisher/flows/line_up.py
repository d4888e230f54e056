"""Hold each domain of recipients to its pace: some of a window may go, and the rest lines up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from publisher.dispatch.domains import DomainPace, Domains, Lines
from publisher.flows.ledger import Claimed, Ledger
from publisher.flows.settle import Answer
from publisher.models import DeliveryState


class LineUp:
    """The lines of one run; to be used from the ledger's thread."""

    def __init__(self, ledger: Ledger, domains: Domains) -> None:
        self._ledger, self._domains = ledger, domains
        self._lines: Lines | None = None

    def sort(
        self, claimed: Sequence[Claimed], *, now: datetime
    ) -> tuple[list[Claimed], list[Answer]]:
        """Give the rows that may go now, and what becomes of the others."""
        paces = [None if row.left else self._domains.pace(row.address) for row in claimed]
        wanted = Counter(pace for pace in paces if pace)
        may = self._ledger.take_for(wanted) if wanted else {}
        going, waiting = [], []
        for row, pace in zip(claimed, paces, strict=True):
            if pace is None or may.get(pace.domain, 0) > 0:
                going.append(row)
                if pace:
                    may[pace.domain] -= 1
            else:
                waiting.append(self._to_wait(row, pace, now))
        return going, waiting

    def _to_wait(self, row: Claimed, pace: DomainPace, now: datetime) -> Answer:
        if self._lines is None:
            self._lines = Lines(self._ledger.line_ends(now=now))
        due = self._lines.join(pace, now=now)
        return Answer(delivery=row.delivery, state=DeliveryState.QUEUED, due_at=due)
