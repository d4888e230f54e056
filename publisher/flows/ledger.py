"""One placement's rows of the ledger while it is handed over, through a connection of its own.

To be used from one thread. A server that is restarted is waited for: what was answered meanwhile
is in the journal and in memory, and is recorded when it is back, unless what is back is a
restored back-up: see `publisher.flows.epoch`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple, TypeVar

import psycopg
from django.db import InterfaceError, OperationalError, connections
from django.db.models import Count, Min
from psycopg.types.numeric import Int8

from publisher.dispatch.domains import DomainPace
from publisher.dispatch.pace import Pace
from publisher.flows import allowances, epoch, spare
from publisher.flows.settle import Answer, settling
from publisher.kit import clock
from publisher.models import DeliveryState, Placement, PlacementState
from publisher.models.adapter import Json
from publisher.models.delivery import OPEN

log = logging.getLogger(__name__)

T = TypeVar("T")
GONE = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError)
PATIENCE_SECONDS = 600.0  #: how long a server that went away is waited for
#: the first of the two numbers of our advisory locks on placements
LOCK_CLASS = 0x5055
#: rows read in one go: meanwhile no other thread runs, and the sockets wait
AT_ONCE = 50


class LedgerGone(Exception):
    """The database did not come back; what is not recorded stays in the journal."""


class Claimed(NamedTuple):
    """A row in this run's window, as `_CLAIM` gives it."""

    delivery: int
    recipient: int  #: 0 for an endpoint
    address: str
    attempts: int  #: this one included
    name: str
    left: bool  #: the reader withdrew, or is never to be written to, since it was addressed
    committees: Json  #: the reader's attribute of that name, or null
    interests: Json  #: likewise


class Ledger:
    """The rows of one placement."""

    def __init__(self, placement: int, journal: str) -> None:
        self._placement = placement
        self._journal = journal
        self._kept: date | None = None
        self._connection: psycopg.Connection | None = None
        self._was_away = self._lost_some = False
        self.state = PlacementState.SENDING.value

    def claim(self, count: int, *, now: datetime) -> list[Claimed]:
        """Take the next rows into a window, committed; none if it is not to go on.

        What comes back at a moment that is there comes first, then those not claimed yet.
        """
        return self._again(lambda connection: self._claim(connection, count, now))

    def settle(self, answers: Sequence[Answer], *, was: DeliveryState | None = None) -> int:
        """Record answers, committed, and note the placement's state; give how many are open.

        Args:
            answers: to rows in this run's windows.
            was: where they are in none, the state they are in.
        """

        def recorded(connection: psycopg.Connection) -> int:
            month = self._month(connection)
            sql, given = settling(self._placement, month, answers, journal=self._journal, was=was)
            row = connection.execute(sql.encode(), given, prepare=True).fetchone()
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
            given = [self._placement, self._journal]
            rows = self._again(lambda one: one.execute(_IN_HAND, given).fetchall())
            self.settle([Answer(delivery=one, state=DeliveryState.QUEUED) for (one,) in rows])

    def close(self) -> None:
        """Give up the lock and the connection."""
        if self._connection is not None:
            spare.give_on(self._connection)
            self._connection = None

    def _claim(self, connection: psycopg.Connection, count: int, now: datetime) -> list[Claimed]:
        with connection.transaction():
            turn = connection.execute(_TURN, [self._placement], prepare=True).fetchone()
            if turn is None:
                return []
            # Int8: else each size of number is a statement of its own to the server.
            given = {"placement": self._placement, "reached": Int8(turn[0]), "month": turn[1]}
            given |= {"now": now, "count": count, "journal": self._journal}
            rows = connection.execute(_CLAIM, given, prepare=True)
            window: list[Claimed] = []
            while some := rows.fetchmany(AT_ONCE):
                window += map(Claimed._make, some)
        return window

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
    row = Placement.objects.get(pk=placement)
    coming = row.deliveries.filter(due_at__isnull=False, state__in=OPEN)
    found = coming.aggregate(number=Count("id"), due=Min("due_at"))
    in_hand = sum(len(window.deliveries) for window in row.windows.all())
    if row.open > found["number"] + in_hand:
        return datetime(1970, 1, 1, tzinfo=UTC)
    due: datetime | None = found["due"]
    return due


_IN_HAND = b"""
SELECT unnest(deliveries) FROM publisher_window WHERE placement_id = %s AND claimed_by = %s
"""
# Whoever claims has the placement to itself meanwhile, so that each sees the others' windows.
_TURN = b"""
SELECT reached, month FROM publisher_placement WHERE id = %s AND state = 'sending'
FOR NO KEY UPDATE
"""
# Each row is found by its number: the cost of a window is the same whatever the sizes of the
# tables. Whoever withdrew since the ledger was written is found here, the last moment before
# hand-over.
_CLAIM = b"""
WITH held AS MATERIALIZED (
    SELECT unnest(deliveries) AS id FROM publisher_window WHERE placement_id = %(placement)s
), back AS (  -- what waited for its moment
    SELECT d.id, d.recipient, d.address, d.attempts FROM publisher_delivery d
    WHERE d.placement_id = %(placement)s AND d.month = %(month)s
        AND d.due_at <= %(now)s AND d.state IN (0, 4) AND d.id NOT IN (SELECT id FROM held)
    ORDER BY d.due_at, d.id LIMIT %(count)s
), fresh AS (
    SELECT d.id, d.recipient, d.address, d.attempts FROM publisher_delivery d
    WHERE d.placement_id = %(placement)s AND d.month = %(month)s AND d.recipient > %(reached)s
        AND d.due_at IS NULL AND d.state IN (0, 4) AND d.id NOT IN (SELECT id FROM held)
    ORDER BY d.recipient LIMIT %(count)s - (SELECT count(*) FROM back)
), picked AS (
    SELECT * FROM back UNION ALL SELECT * FROM fresh
), claimed AS (
    INSERT INTO publisher_window (placement_id, claimed_by, deliveries)
    SELECT %(placement)s, %(journal)s, array_agg(id) FROM picked HAVING count(*) > 0
), reached AS (
    UPDATE publisher_placement SET reached = last.recipient
    FROM (SELECT max(recipient) AS recipient FROM fresh) last
    WHERE id = %(placement)s AND last.recipient IS NOT NULL
), whose AS (  -- a consent is given to an organisation, for a channel
    SELECT o.organisation_id AS organisation, o.channel_id AS channel FROM publisher_placement p
    JOIN publisher_outlet o ON o.id = p.outlet_id WHERE p.id = %(placement)s
), about AS (  -- the occasion, where it goes to those registered for one
    SELECT h.id FROM publisher_placement p
    JOIN publisher_audience a ON a.id = p.audience_id
    JOIN publisher_occurrence o ON o.id = p.occurrence_id
    JOIN publisher_entry e ON e.id = o.entry_id
    JOIN publisher_entry h ON h.spec -> 'occasion' <> 'null'
        AND h.slug IN (e.slug, e.spec ->> 'invites_to', e.spec -> 'when' ->> 'event')
    WHERE p.id = %(placement)s
        AND jsonb_path_exists(a.spec -> 'who', '$.**.occasion ? (@ != null)')
)
SELECT c.id, c.recipient, c.address, c.attempts + 1, coalesce(r.name, ''),
    c.recipient <> 0 AND coalesce(r.gone, TRUE), r.committees, r.interests
FROM picked c LEFT JOIN LATERAL (
    SELECT r.name,
        CASE WHEN EXISTS (SELECT 1 FROM about) THEN NOT EXISTS (
            SELECT 1 FROM publisher_registration g JOIN about ON about.id = g.entry_id
            WHERE g.reader_id = r.id AND g.state NOT IN ('asked', 'cancelled')
                AND g.silent_at IS NULL)
        ELSE NOT EXISTS (SELECT 1 FROM publisher_consent k
            WHERE k.reader_id = r.id AND k.organisation_id = (SELECT organisation FROM whose)
                AND k.channel_id = (SELECT channel FROM whose) AND k.withdrawn_at IS NULL
                AND k.confirmed_at IS NOT NULL) END
        OR EXISTS (SELECT 1 FROM publisher_suppression s WHERE s.address_hash = r.address_hash)
        AS gone,
        r.attributes -> 'committees' AS committees, r.attributes -> 'interests' AS interests
    -- OFFSET 0: looked up one by one, whatever the planner makes of how many readers there are
    FROM publisher_reader r WHERE r.id = c.recipient OFFSET 0) r ON TRUE
"""
