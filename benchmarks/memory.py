"""Memory of the whole process tree of `publisher run`, however much is queued.

    .venv/bin/python -m benchmarks.memory [--queued 10000 100000 1000000]

A newsletter of 10 KB is queued for so many readers, pages of each kind are asked for, and then it
is sent to postfix's `smtp-sink` for half a minute. Counted is the proportional set size (PSS), in
which a page that several processes share counts once, at rest and at its highest while it sends.
PostgreSQL, embedded and durable, is not counted.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from benchmarks.folder import own_database
from benchmarks.mail import ROOT, again, clear_queue, prepare
from benchmarks.postfix import PROGRAMS, free_port, smtp_sink

PAGES = ("/", "/archive", "/subscribe", "/accessibility", "/desk/", "/desk/sign-in/", "/feeds")
PARTS = ("web", "clock", "worker")
SECONDS = 30  #: of sending, or until all is sent
MEGABYTE = 1_000_000


def main() -> None:
    """Run each size in a process of its own and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queued", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--one", action="store_true", help="print the row of one size")
    asked = parser.parse_args()
    if not all(PROGRAMS.values()):
        sys.exit("This needs smtp-sink, which Debian's package postfix brings.")
    if asked.one:
        one(asked.queued[0])
        return
    print("| queued | when | supervisor | pages | clock | worker | together |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for queued in asked.queued:
        command = [sys.executable, "-m", "benchmarks.memory", "--one", "--queued", str(queued)]
        subprocess.run(command, cwd=ROOT, check=True)


def one(queued: int) -> None:
    """Print the rows of one size."""
    with own_database(), smtp_sink() as port:
        prepare(port, queued)
        with running() as tree:
            _row(queued, "at rest", _sizes(tree))
            again(0)
            _row(queued, "sending", _highest(tree))


@contextmanager
def running() -> Iterator[psutil.Process]:
    """Run the tree, and ask it for pages of each kind."""
    clear_queue()
    listen = f"127.0.0.1:{free_port()}"
    environment = os.environ | {"PUBLISHER_LISTEN": listen, "PUBLISHER_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "publisher", "run"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        for page in PAGES:
            _ask(f"http://{listen}{page}")
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _ask(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=20).read()
        except urllib.error.HTTPError:
            return
        except OSError:  # it does not listen yet
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"{address} does not answer")


def _sizes(tree: psutil.Process) -> dict[str, int]:
    sizes = {"supervisor": tree.memory_full_info().pss}
    for process in tree.children():
        with suppress(psutil.NoSuchProcess):
            part = process.name().removeprefix("publisher ")  # the system cuts it short
            name = next(name for name in PARTS if name.startswith(part))
            sizes[name] = process.memory_full_info().pss
    return sizes


def _highest(tree: psutil.Process) -> dict[str, int]:
    """Look twice a second; the look with the largest sum counts."""
    highest = _sizes(tree)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        time.sleep(0.5)
        highest = max(highest, _sizes(tree), key=lambda sizes: sum(sizes.values()))
    return highest


def _row(queued: int, when: str, sizes: dict[str, int]) -> None:
    cells = [sizes.get(part, 0) for part in ("supervisor", *PARTS)]
    row = " | ".join(f"{size / MEGABYTE:.0f} MB" for size in (*cells, sum(cells)))
    print(f"| {queued:,} | {when} | {row} |", flush=True)


if __name__ == "__main__":
    main()
