"""One placement's rows of the ledger while it is handed over, through a connection of its own.

To be used from one thread. A server that is restarted is waited for: what was answered meanwhile
is in the journal and in memory, and is recorded when it is back, unless what is back is a
restored back-up: see `publisher.flows.epoch`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

import psycopg
from django.db import InterfaceError, OperationalError, connections
from django.db.models import Min
from django.db.models.functions import Coalesce

from publisher.dispatch.domains import DomainPace
from publisher.dispatch.pace import Pace
from publisher.flows import allowances, epoch, spare
from publisher.flows.settle import Answer, settling
from publisher.kit import clock
from publisher.models import Delivery, DeliveryState, PlacementState
from publisher.models.adapter import Json

log = logging.getLogger(__name__)

T = TypeVar("T")
GONE = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError)
PATIENCE_SECONDS = 600.0  #: how long a server that went away is waited for
#: the first of the two numbers of our advisory locks on placements
LOCK_CLASS = 0x5055


class LedgerGone(Exception):
    """The database did not come back; what is not recorded stays in the journal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """A row in this run's window."""

    delivery: int
    recipient: int  #: 0 for an endpoint
    address: str
    name: str
    attempts: int  #: this one included
    left: bool  #: the reader withdrew, or is never to be written to, since it was addressed
    committees: Json  #: the reader's attribute of that name, or null
    interests: Json  #: likewise


class Ledger:
    """The rows of one placement."""

    def __init__(self, placement: int, journal: str) -> None:
        self._placement = placement
        self._journal = journal
        self._last = 0
        self._kept: date | None = None
        self._connection: psycopg.Connection | None = None
        self._was_away = self._lost_some = False
        self.state = PlacementState.SENDING.value

    def claim(self, count: int, *, now: datetime) -> list[Claimed]:
        """Take the next rows into a window, committed; none if it is not to go on."""
        rows = self._again(lambda connection: self._claim(connection, count, now))
        if not rows and self._last:
            # Rows that came back to the queue stand before the ones that were just claimed.
            self._last = 0
            rows = self._again(lambda connection: self._claim(connection, count, now))
        # A window that is not full was the last one, or what is left stands before it.
        self._last = rows[-1].delivery if len(rows) == count else 0
        return rows

    def settle(
        self, answers: Sequence[Answer], *, was: DeliveryState = DeliveryState.IN_FLIGHT
    ) -> int:
        """Record answers, committed, and note the placement's state; give how many are open."""
        journal = self._journal if was is DeliveryState.IN_FLIGHT else ""

        def recorded(connection: psycopg.Connection) -> int:
            month = self._month(connection)
            sql, parameters = settling(self._placement, month, answers, journal=journal, was=was)
            row = connection.execute(sql.encode(), parameters, prepare=True).fetchone()
            if row is None:  # a back-up was restored that is older than the placement
                self.state = PlacementState.DROPPED.value
                return 0
            self.state = row[0]
            return int(row[1])

        return self._again(recorded)

    def take(self, count: int, pace: Pace) -> float:
        """Take from the outlet's allowance; see `allowances.take`."""
        return self._again(lambda one: allowances.take(one, self._placement, count, pace))

    def take_for(self, wanted: Mapping[DomainPace, int]) -> dict[str, int]:
        """Take from the allowances of domains; see `allowances.take_for`."""
        return self._again(lambda one: allowances.take_for(one, self._placement, wanted))

    def line_ends(self, *, now: datetime) -> dict[str, datetime]:
        """Give the last moment in each domain's line; see `allowances.line_ends`."""

        def ends(connection: psycopg.Connection) -> dict[str, datetime]:
            month = self._month(connection)
            return allowances.line_ends(connection, self._placement, month, now=now)

        return self._again(ends)

    def hand_back_lost(self) -> None:
        """Return to the queue rows whose claim was committed but, as the server fell, not told."""
        if self._lost_some:
            self._again(lambda one: one.execute(_HAND_BACK, [self._placement, self._journal]))

    def close(self) -> None:
        """Give up the lock and the connection."""
        if self._connection is not None:
            spare.give_on(self._connection)
            self._connection = None

    def _claim(self, connection: psycopg.Connection, count: int, now: datetime) -> list[Claimed]:
        placement, month = self._placement, self._month(connection)
        parameters = [placement, month, self._last, now, placement, count, self._journal]
        parameters += [month, placement, placement]
        rows = connection.execute(_CLAIM, parameters, prepare=True).fetchall()
        return [
            Claimed(
                delivery=row[0], recipient=row[1], address=row[2], attempts=row[3], name=row[4],
                left=row[5], committees=row[6], interests=row[7],
            )
            for row in rows
        ]  # fmt: skip

    def _month(self, connection: psycopg.Connection) -> date | None:
        """Give the month its rows are kept with, so that no other is looked at."""
        if self._kept is None:
            query = b"SELECT month FROM publisher_placement WHERE id = %s"
            row = connection.execute(query, [self._placement]).fetchone()
            self._kept = row[0] if row else None
        return self._kept

    def _again(self, work: Callable[[psycopg.Connection], T]) -> T:
        """Do it, and where the server went away, do it again once it is back.

        Raises:
            LedgerGone: it did not come back.
        """
        until, told = time.monotonic() + PATIENCE_SECONDS, False
        while True:
            try:
                done = work(self._connected())
            except GONE as error:
                self._drop()
                if time.monotonic() > until:
                    raise LedgerGone("the database did not come back") from error
                if not told:
                    log.warning("database away", extra={"placement": self._placement})
                told = True
                time.sleep(0.2)
            else:
                if told:
                    log.warning("database back", extra={"placement": self._placement})
                return done

    def _connected(self) -> psycopg.Connection:
        if self._connection is None:
            if self._was_away:
                self._look_back()
            self._connection = spare.connection()
            # Others see by it that a run of this placement is alive; any number may be.
            query = b"SELECT pg_advisory_lock_shared(%s, %s)"
            self._connection.execute(query, [LOCK_CLASS, self._placement % 2**31])
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._was_away = self._lost_some = True
        spare.forget()  # what broke one broke the others

    def _look_back(self) -> None:
        """See whether it is the database it was, before anything more is claimed from it."""
        try:
            held = epoch.guard(now=clock.now())
        finally:
            connections.close_all()  # this thread's
        self._was_away = False
        if held:
            log.warning("database restored", extra={"held_back": held})


def next_due(placement: int) -> datetime | None:
    """Give the moment from which some row can be claimed, past for those that can be now."""
    waiting = Delivery.objects.filter(
        placement=placement, state__in=(DeliveryState.QUEUED, DeliveryState.RETRY)
    )
    always = datetime(1970, 1, 1, tzinfo=UTC)
    found: datetime | None = waiting.aggregate(due=Min(Coalesce("due_at", always)))["due"]
    return found


# A row is claimed while its placement is sending, and once it is due. Whoever withdrew since the
# ledger was written is found here, the last moment before hand-over. Each row is found by its
# number: the cost of a window is the same whatever the sizes of the tables.
_CLAIM = b"""
WITH picked AS (
    SELECT d.id, d.month FROM publisher_delivery d
    WHERE d.placement_id = %s AND d.month = %s AND d.state IN (0, 4) AND d.id > %s
        AND (d.due_at IS NULL OR d.due_at <= %s)
        AND EXISTS (SELECT 1 FROM publisher_placement p WHERE p.id = %s AND p.state = 'sending')
    ORDER BY d.id LIMIT %s FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE publisher_delivery d SET state = 1, attempts = d.attempts + 1, claimed_by = %s
    WHERE d.id = ANY (ARRAY(SELECT id FROM picked)) AND d.month = %s
    RETURNING d.id, d.recipient, d.address, d.attempts
), whose AS (  -- a consent is given to an organisation, for a channel
    SELECT o.organisation_id AS organisation, o.channel_id AS channel FROM publisher_placement p
    JOIN publisher_outlet o ON o.id = p.outlet_id WHERE p.id = %s
), about AS (  -- the occasion, where it goes to those registered for one
    SELECT h.id FROM publisher_placement p
    JOIN publisher_audience a ON a.id = p.audience_id
    JOIN publisher_occurrence o ON o.id = p.occurrence_id
    JOIN publisher_entry e ON e.id = o.entry_id
    JOIN publisher_entry h ON h.spec -> 'occasion' <> 'null'
        AND h.slug IN (e.slug, e.spec ->> 'invites_to', e.spec -> 'when' ->> 'event')
    WHERE p.id = %s AND jsonb_path_exists(a.spec -> 'who', '$.**.occasion ? (@ != null)')
)
SELECT c.id, c.recipient, c.address, c.attempts, coalesce(r.name, ''),
    c.recipient <> 0 AND (
        CASE WHEN EXISTS (SELECT 1 FROM about) THEN NOT EXISTS (
            SELECT 1 FROM publisher_registration g JOIN about ON about.id = g.entry_id
            WHERE g.reader_id = c.recipient AND g.state NOT IN ('asked', 'cancelled')
                AND g.silent_at IS NULL)
        ELSE NOT EXISTS (SELECT 1 FROM publisher_consent k
            WHERE k.reader_id = c.recipient AND k.organisation_id = (SELECT organisation FROM whose)
                AND k.channel_id = (SELECT channel FROM whose) AND k.withdrawn_at IS NULL
                AND k.confirmed_at IS NOT NULL) END
        OR EXISTS (SELECT 1 FROM publisher_suppression s WHERE s.address_hash = r.address_hash)),
    r.attributes -> 'committees', r.attributes -> 'interests'
FROM claimed c LEFT JOIN LATERAL (
    -- OFFSET 0: looked up one by one, whatever the planner makes of how many readers there are
    SELECT r.name, r.address_hash, r.attributes FROM publisher_reader r WHERE r.id = c.recipient
    OFFSET 0) r ON TRUE
ORDER BY c.id
"""
_HAND_BACK = b"""
UPDATE publisher_delivery SET state = 0, claimed_by = '', attempts = attempts - 1
WHERE placement_id = %s AND state = 1 AND claimed_by = %s
"""
