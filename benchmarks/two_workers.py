"""One worker process and two, at a mail server that is slow to answer but never full.

    .venv/bin/python -m benchmarks.two_workers [--readers 12000] [--rounds 3]

The server takes 50 ms over each mail, as one across a sea does, on any number of connections; a
worker opens 25, so it waits for the network and not for a processor. Server, PostgreSQL (embedded
and durable) and workers share the machine. Mails a second are those the server took over the
middle half of a send: neither a start nor a second worker's joining in is part of it.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from benchmarks.folder import own_folder

CONNECTIONS = 25
ANSWER_SECONDS = 0.05
PATIENCE_SECONDS = 300


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=12_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    folder = own_folder()
    from publisher.startup import migrate, start

    start()
    migrate()
    from tests.faults.sending import newsletter
    from tests.faults.sink import sink

    rates: dict[int, list[float]] = {1: [], 2: []}
    with sink(Path(folder) / "sink", seconds=ANSWER_SECONDS) as server:
        newsletter(server.port, readers=asked.readers, connections=CONNECTIONS)
        for _ in range(asked.rounds):
            for workers, found in rates.items():
                found.append(_rate(workers, server, asked.readers))
    one, two = (statistics.median(rates[workers]) for workers in (1, 2))
    print("| workers | mails/s |\n|---|---|")
    print(f"| one | {one:,.0f} |\n| two | {two:,.0f} |\n\nTwo are {two / one:.2f} times one.")


def _rate(workers: int, server, readers: int) -> float:
    """Send to all readers once more; give the mails a second."""
    from publisher.flows import defer
    from publisher.models import Placement

    _again()
    before = len(server.taken())
    with ExitStack() as ends:
        for _ in range(workers):
            command = [sys.executable, "-m", "publisher", "worker"]
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            ends.callback(process.wait)
            ends.callback(process.terminate)
        _until(lambda: _working() == workers, "the workers to begin")
        defer.hand_over(Placement.objects.get().pk)
        _until(lambda: Placement.objects.get().state == "finished", "the placement to finish")
    moments = sorted(server.moments()[before:])
    assert len(moments) == readers, "a mail is missing, or came twice"
    first, last = moments[readers // 4], moments[readers * 3 // 4]
    return readers / 2 / (last - first)


def _again() -> None:
    """Put every row back into the queue, and forget workers that ended."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE publisher_delivery SET state = 0, attempts = 0, settled_at = NULL")
        cursor.execute("UPDATE publisher_placement SET state = 'sending', reached = -1")
        cursor.execute("UPDATE publisher_placement SET accepted = 0")
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
        cursor.execute("VACUUM FULL ANALYZE publisher_delivery")


def _working() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return int(cursor.fetchone()[0])


def _until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > end:
            sys.exit(f"waited in vain for {what}")
        time.sleep(0.1)


if __name__ == "__main__":
    main()
