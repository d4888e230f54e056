"""The clock with 100,000 placements ahead: finding the next due moment, and starting what is due.

    .venv/bin/python -m benchmarks.clock

Everything is in a database of its own, which is dropped at the end. The number to compare is how
much of a full scan of the placements the clock's look costs, and how a start grows with them.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime, timedelta

from publisher.startup import migrate, start

NOW = datetime(2027, 3, 1, tzinfo=UTC)
ROUNDS = 50


def main(placements: int) -> None:
    """Store placements ahead, look, and start; print a table."""
    start()
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    kept = setup_databases(verbosity=0, interactive=False)
    try:
        migrate()
        measure(placements, connection)
    finally:
        teardown_databases(kept, verbosity=0)


def measure(placements, connection):
    from publisher.flows.publish import next_due, publish_due

    store(placements)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    look = median(next_due)
    scan = median(lambda: full_scan(connection))
    print(f"placements ahead                    {placements:>12,}")
    print(f"a look for the next due moment      {look * 1000:>12.2f} ms")
    print(f"the same by reading every row       {scan * 1000:>12.2f} ms")
    print(f"a look costs 1/{scan / look:,.0f} of it")
    began = time.perf_counter()
    publish_due(now=NOW)
    print(f"a tick with nothing due             {(time.perf_counter() - began) * 1000:>12.2f} ms")
    began = time.perf_counter()
    missed = publish_due(now=NOW + timedelta(minutes=60))
    count = settled()
    took = time.perf_counter() - began
    print(f"{count} occurrences settled as missed {took / max(count, 1) * 1000:>11.2f} ms each")
    assert missed == []


def store(placements):
    """Write rows as expand would, in bulk: an occurrence each, a minute apart."""
    from publisher.models import (
        Audience,
        Channel,
        Entry,
        Occurrence,
        Organisation,
        Outlet,
        Placement,
    )
    from tests.unit.schedule import specs

    def row(noun, spec, **named):
        said = spec.model_dump(mode="json")
        return noun.objects.create(slug=spec.slug, spec=said, **named)

    organisation = row(Organisation, specs.organisation())
    channel = row(Channel, specs.channel())
    outlet = row(Outlet, specs.outlet(), organisation=organisation, channel=channel)
    audience = row(Audience, specs.audience())
    entry = row(Entry, specs.entry(), first_applied_at=NOW)
    due = [NOW + timedelta(minutes=number + 1) for number in range(placements)]
    occurrences = Occurrence.objects.bulk_create(
        [Occurrence(entry=entry, key=f"{number}", due_at=at) for number, at in enumerate(due)],
        batch_size=5000,
    )
    Placement.objects.bulk_create(
        [
            Placement(
                key=f"{number:020x}", occurrence=one, audience=audience, outlet=outlet,
                language="en", due_at=one.due_at,
            )
            for number, one in enumerate(occurrences)
        ],
        batch_size=5000,
    )  # fmt: skip


def full_scan(connection):
    """Find the next due moment without the index on what is planned."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(due_at + interval '0') FROM publisher_placement")
        return cursor.fetchone()


def settled():
    from publisher.models import Placement

    return Placement.objects.filter(state="missed").count()


def median(work):
    """Give the middle of many times, in seconds."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return sorted(times)[ROUNDS // 2]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--placements", type=int, default=100_000)
    main(parser.parse_args().placements)
