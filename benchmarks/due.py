"""From due to handed over: how soon, with 100,000 placements ahead and 1,000 due at once.

    .venv/bin/python -m benchmarks.due [--ahead 100000] [--rounds 9] [--at-once 1000]

A real clock and a real worker, each in a process of its own, and a mail server on loopback that
writes down the moment it has a mail; PostgreSQL is embedded and durable.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.folder import own_folder

LEAD = timedelta(seconds=4)  #: between planning and due
PATIENCE_SECONDS = 120


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ahead", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--at-once", type=int, default=1_000)
    asked = parser.parse_args()
    folder = own_folder()
    from publisher.startup import migrate, start

    start()
    migrate()
    with ExitStack() as ends:
        _measure(asked, Path(folder), ends)


def _measure(asked: argparse.Namespace, folder: Path, ends: ExitStack) -> None:
    from tests.faults.plan import Plan
    from tests.faults.sink import sink

    mails = ends.enter_context(sink(folder / "sink"))
    plan = Plan(mails.port)
    for command in ("clock", "worker"):
        process = subprocess.Popen(
            [sys.executable, "-m", "publisher", command], stderr=subprocess.DEVNULL
        )
        ends.callback(process.wait)
        ends.callback(process.terminate)
    far = datetime.now(UTC) + timedelta(days=30)
    # Once, as it begins, a clock drops what no entry of the plan asks for.
    asked_for_by_nobody = plan.add(1, at=far)
    _until(lambda: not asked_for_by_nobody.filter(state="planned"), "the clock to begin")
    plan.add(asked.ahead, at=far, apart=timedelta(minutes=1))
    print(f"| with {asked.ahead:,} placements ahead | median ms | worst |\n|---|---|---|")
    soon = []
    for number in range(asked.rounds + 1):
        due = datetime.now(UTC) + LEAD
        plan.add(1, at=due)
        _until(lambda wanted=number + 1: len(mails.taken()) == wanted, "the mail")
        soon.append(_moments(folder)[-1] - due.timestamp())
    # The first finds everything cold.
    print(f"| from due to the mail at its server | {_ms(soon[1:])} |")
    due = datetime.now(UTC) + LEAD
    rows = plan.add(asked.at_once, at=due)
    _until(lambda: rows.exclude(started_at=None).count() == asked.at_once, "all to start")
    late = (datetime.now(UTC) - due).total_seconds()
    print(
        f"| {asked.at_once:,} due in one second: from due to the last one started, as seen from "
        f"outside | {late * 1000:,.0f} | |"
    )
    _until(lambda: rows.filter(state="finished").count() == asked.at_once, "all to finish")
    done = max(_moments(folder)) - due.timestamp()
    print(f"| … the last one's mail at its server | {done * 1000:,.0f} | |")


def _ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:,.0f} | {max(seconds) * 1000:,.0f}"


def _moments(folder: Path) -> list[float]:
    lines = (folder / "sink" / "taken").read_text().splitlines()
    return [float(line.split(" ")[0]) for line in lines]


def _until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > end:
            sys.exit(f"waited in vain for {what}")
        time.sleep(0.02)


if __name__ == "__main__":
    main()
