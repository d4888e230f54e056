"""How long it takes to find deliveries in a ledger of a million rows.

    .venv/bin/python -m benchmarks.deliveries

As `benchmarks.desk`, whose columns these are: pages asked for through all of Django, signed in.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benchmarks.desk import HEAD, fill, report
from benchmarks.folder import own_folder

if TYPE_CHECKING:
    from django.test import Client

PLACEMENTS, READERS = 40, 200_000
LIMIT = 100  #: milliseconds, at the median
SENT = datetime(2027, 3, 12, 9, tzinfo=UTC)

_READERS = """
INSERT INTO publisher_reader (address, name, language, attributes, muted, created_at, address_hash)
SELECT 'reader' || n || '@' || n %% 977 || '.example.org', '', 'en', '{}', '[]', now(), n::text
FROM generate_series(1, %s) n
"""
# One in a thousand was refused, one in a hundred thousand is uncertain.
_DELIVERIES = """
INSERT INTO publisher_delivery
    (placement_id, month, recipient, address, state, attempts, answer, settled_at)
SELECT p.id, p.month, r.id, r.address,
    CASE WHEN r.id %% 100000 = 7 THEN 5 WHEN r.id %% 1000 = 3 THEN 3 ELSE 2 END,
    1, '250 2.0.0 Ok', now()
FROM publisher_placement p
CROSS JOIN LATERAL (
    SELECT id, address FROM publisher_reader WHERE id %% %s = p.id %% %s
) r
"""


def main(rows: int, rounds: int) -> None:
    """Measure, and print a table."""
    own_folder()
    from publisher.startup import start

    start(people=True)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    client, made, one = _fill(rows)
    print(f"{made:,} deliveries of {PLACEMENTS} placements to {READERS:,} readers\n\n{HEAD}")
    for what, query in (
        ("the newest", ""),
        ("one address", "address=reader77777@"),
        ("how an address begins", "address=reader1"),
        ("refused", "state=refused"),
        ("uncertain", "state=uncertain"),
        ("of one entry", "entry=e1"),
        ("in the middle", f"before={made // 2}"),
    ):
        report(client, what, f"/desk/deliveries/?{query}", rounds)
    report(client, "one delivery's history", f"/desk/deliveries/{one}/", rounds)
    print(f"\nThe desk promises {LIMIT} ms at the median.")


def _fill(rows: int) -> tuple[Client, int, int]:
    """Write a ledger; give somebody's desk, how many rows there are, and the id of one."""
    from django.db import connection

    from publisher.flows.months import make_room, month_of
    from publisher.models import Delivery, Placement

    client, _ = fill(PLACEMENTS)
    chosen = Placement.objects.order_by("id").values("id")[:PLACEMENTS]
    Placement.objects.exclude(id__in=chosen).delete()
    make_room(now=SENT)
    Placement.objects.update(
        state="finished", started_at=SENT, addressed_at=SENT, month=month_of(SENT)
    )
    share = max(1, PLACEMENTS * READERS // rows)
    with connection.cursor() as cursor:
        cursor.execute(_READERS, [READERS])
        cursor.execute(_DELIVERIES, [share, share])
        cursor.execute("VACUUM ANALYZE")
    return client, Delivery.objects.count(), Delivery.objects.first().pk


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    main(given.rows, given.rounds)
