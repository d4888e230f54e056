"""Take from what an outlet may hand over, in the database that all machines share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import psycopg

from publisher.dispatch.domains import DomainPace, domain_of
from publisher.dispatch.pace import Pace
from publisher.models import DomainAllowance

FULL_AGAIN = timedelta(hours=1)  #: after which any domain's allowance is what a new one has


def take(connection: psycopg.Connection, placement: int, count: int, pace: Pace) -> float:
    """Take from the allowance of a placement's outlet; give what is left of it.

    What is not there is taken ahead of time, and waited for.
    """
    given = [pace.burst - count, placement, pace.burst, pace.per_second, count]
    row = connection.execute(_TAKE, given, prepare=True).fetchone()
    assert row is not None
    return float(row[0])


def take_for(
    connection: psycopg.Connection, placement: int, wanted: Mapping[DomainPace, int]
) -> dict[str, int]:
    """Take from the allowances of domains; give how many may go to each.

    What is not there is not taken, so that nobody waits for it.

    Args:
        connection: in which each statement is a transaction.
        placement: through whose outlet they go.
        wanted: how many.
    """
    paces = sorted(wanted, key=lambda pace: pace.domain)
    domains = [pace.domain for pace in paces]
    bursts = [pace.burst for pace in paces]
    connection.execute(_OPEN, [domains, bursts, placement], prepare=True)
    given = [domains, [wanted[pace] for pace in paces], bursts]
    given += [[pace.per_second for pace in paces], placement]
    return dict(connection.execute(_TAKE_FOR, given, prepare=True).fetchall())


def line_ends(
    connection: psycopg.Connection, placement: int, month: date | None, *, now: datetime
) -> dict[str, datetime]:
    """Give the last moment in each domain's line of a placement."""
    rows = connection.execute(_LINE_ENDS, [placement, month, now]).fetchall()
    return {domain_of(domain): end for domain, end in rows}


def forget_full(*, now: datetime) -> int:
    """Forget what a new allowance would be as well; give how many that was."""
    return DomainAllowance.objects.filter(at__lt=now - FULL_AGAIN).delete()[0]


# What is taken ahead of time is waited for by who took it; so whoever comes next, on whatever
# machine, waits longer. A clock that was set back gives nothing and takes nothing.
_TAKE = b"""
INSERT INTO publisher_allowance AS a (outlet_id, level, at)
SELECT p.outlet_id, %s, clock_timestamp() FROM publisher_placement p WHERE p.id = %s
ON CONFLICT (outlet_id) DO UPDATE SET
    level = least(%s, a.level + greatest(0,
        extract(epoch FROM clock_timestamp() - a.at)) * %s) - %s,
    at = clock_timestamp()
RETURNING level
"""
_OPEN = b"""
INSERT INTO publisher_domainallowance (outlet_id, domain, level, at)
SELECT p.outlet_id, w.domain, w.burst, clock_timestamp()
FROM unnest(%s::text[], %s::float8[]) AS w(domain, burst), publisher_placement p WHERE p.id = %s
ORDER BY w.domain ON CONFLICT DO NOTHING
"""
# Locked in the order of their names, so that two that take at once do not wait for each other.
_TAKE_FOR = b"""
WITH there AS (
    SELECT a.id, a.domain, w.count, least(w.burst, a.level + greatest(0,
        extract(epoch FROM clock_timestamp() - a.at)) * w.per_second) AS level
    FROM unnest(%s::text[], %s::int[], %s::float8[], %s::float8[])
        AS w(domain, count, burst, per_second)
    JOIN publisher_placement p ON p.id = %s
    JOIN publisher_domainallowance a ON a.outlet_id = p.outlet_id AND a.domain = w.domain
    ORDER BY a.domain FOR UPDATE OF a
)
UPDATE publisher_domainallowance a
SET level = t.level - least(t.count, floor(t.level)), at = clock_timestamp()
FROM there t WHERE a.id = t.id
RETURNING a.domain, least(t.count, floor(t.level))::int
"""
_LINE_ENDS = b"""
SELECT substring(address FROM '[^@]*$'), max(due_at) FROM publisher_delivery
WHERE placement_id = %s AND month = %s AND state = 0 AND due_at > %s GROUP BY 1
"""
