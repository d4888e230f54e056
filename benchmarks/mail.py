"""Mails per second through the whole path, against postfix's own source into the same sink.

    .venv/bin/python -m benchmarks.mail [--readers 20000] [--rounds 3]

The whole path: a real worker process takes the placement's task from the queue, claims windows,
makes a personalised multipart mail of 10 KB for each reader, hands it to postfix's `smtp-sink` on
loopback over ten connections, writes each answer into the journal and the ledger, and finishes
the placement; PostgreSQL is embedded and durable, on the same processors. `smtp-source` puts as
many mails of the same size into the same sink with as many sessions, reusing connections. Rounds
alternate, so that whatever else the machine does weighs on both; the table gives medians.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from publisher.kit.postgres import EmbeddedPostgres

ROOT = Path(__file__).parent.parent
SIZE = 10_240  #: octets of a mail, headers included
CONNECTIONS = 10
PROGRAMS = {
    name: shutil.which(name, path="/usr/sbin:/usr/bin") for name in ("smtp-source", "smtp-sink")
}


@dataclass
class Figures:
    """One round."""

    seconds: float
    own_cpu: float = 0.0  #: seconds, of the worker
    database_cpu: float = 0.0  #: seconds, of PostgreSQL
    memory: int = 0  #: octets, the worker's largest


def main() -> None:
    """Run the rounds and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--readers", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    if not all(PROGRAMS.values()):
        sys.exit("This needs smtp-source and smtp-sink, which Debian's package postfix brings.")
    with tempfile.TemporaryDirectory(prefix="publisher-benchmark-") as folder:
        os.environ["PUBLISHER_DATA"] = f"{folder}/data"
        server = EmbeddedPostgres(Path(folder) / "postgres")
        os.environ["DATABASE_URL"] = server.start()
        try:
            with smtp_sink() as port:
                report(asked.readers, *rounds(asked, port, server))
        finally:
            server.stop()


def rounds(asked, port, server):
    size = prepare(port, asked.readers)
    worker(server)  # warms the caches
    idle = worker(server)
    own, theirs = [], []
    for number in range(asked.rounds):
        theirs.append(smtp_source(port, asked.readers, size))
        again(number)
        figures = worker(server)
        assert settled() == asked.readers, "the ledger does not say that every mail was accepted"
        figures.own_cpu -= idle.own_cpu
        figures.database_cpu -= idle.database_cpu
        own.append(figures)
    return own, theirs, size


def report(readers, own, theirs, size):
    def median(figures, name):
        return statistics.median(getattr(one, name) for one in figures)

    fast, base = readers / median(own, "seconds"), readers / median(theirs, "seconds")
    each = 1e6 / readers
    machine = f"{CONNECTIONS} connections, {os.cpu_count()} processors"
    print(f"{readers:,} mails of {size:,} octets, {machine}\n")
    print("| what | mails/s | CPU a mail | PostgreSQL's | memory |")
    print("|---|---|---|---|---|")
    cpu = f"{median(own, 'own_cpu') * each:.0f} µs | {median(own, 'database_cpu') * each:.0f} µs"
    memory = f"{median(own, 'memory') / 2**20:.0f} MB"
    print(f"| Publisher, ledger and journal on | {fast:,.0f} | {cpu} | {memory} |")
    print(f"| smtp-source | {base:,.0f} | {median(theirs, 'own_cpu') * each:.0f} µs | | |")
    print(f"\nPublisher makes {fast / base:.2f} of smtp-source's mails per second.")


def prepare(port, readers):
    """Write a newsletter with its ledger; give the size of one mail."""
    from publisher.startup import migrate, start

    start()
    migrate()
    from publisher.adapters.mail.message import message
    from publisher.flows.consign import consignment, parcel
    from publisher.models import Placement
    from tests.faults.sending import newsletter

    placement = newsletter(port, readers=readers, connections=CONNECTIONS)
    length, size = 1000, 0
    while size < SIZE:
        length += max(1, (SIZE - size) // 3) if size else 0
        words(placement, length)
        goods = consignment(Placement.objects.get(pk=placement.pk))
        one = parcel(goods, delivery=1, recipient=1, address="reader1@example.org", name="Reader 1")
        size = len(message(goods, one))
    clear_queue()
    return size


def words(placement, length):
    """Give the placement words with the reader's name, its links, and text of some length."""
    from publisher.models import Rendition
    from publisher.models.content import Content, hole

    text = ("Standards let things made apart work together. " * 300)[:length]
    leave, name = hole("unsubscribe_url"), hole("reader.name")
    content = Content(
        form="newsletter",
        language="en",
        direction="ltr",
        parts={
            "subject": "What standards do for you",
            "preheader": "",
            "text": f"Dear {name},\n\n{text}\n\nLeave: {leave}\n{hole('preferences_url')}\n",
            "html": f"<p>Dear {name},</p><p>{text}</p><a href='{leave}'>Leave</a>",
        },
    )
    placement.rendition = Rendition.objects.create(
        sha256=content.sha256,
        form="newsletter",
        language="en",
        content=content.to_json(),
        made_at=placement.started_at,
    )
    placement.save(update_fields=["rendition"])


def clear_queue():
    execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")


def again(number):
    """Put every row back into the queue, on fresh pages, and call for the hand-over."""
    execute(
        "UPDATE publisher_delivery SET state = 0, attempts = 0, answer = '', settled_at = NULL",
        "UPDATE publisher_placement SET state = 'sending', accepted = 0, finished_at = NULL",
        "VACUUM FULL publisher_delivery",
        "ANALYZE publisher_delivery",
        "CHECKPOINT",
    )
    from publisher.flows import defer
    from publisher.models import Placement

    defer.hand_over(Placement.objects.get().pk)


def settled():
    from publisher.models import Placement

    placement = Placement.objects.get()
    return placement.accepted if placement.state == "finished" else 0


def execute(*statements):
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def worker(server):
    """Work the queue until it is empty in a process of its own, as an operator would."""
    before = database_cpu(server)
    command = [sys.executable, "-m", "publisher", "worker", "--once"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said
    run = re.search(r"hand-over .*seconds=([\d.]+)", said)
    return Figures(
        seconds=float(run[1]) if run else 0.0,
        own_cpu=used.ru_utime + used.ru_stime,
        database_cpu=database_cpu(server) - before,
        memory=used.ru_maxrss * 1024,
    )


def database_cpu(server):
    """Give the processor seconds that PostgreSQL has used, its ended processes included."""
    pid = int((server.data / "postmaster.pid").read_text().splitlines()[0])
    main_process = psutil.Process(pid)
    times = [main_process.cpu_times(), *(one.cpu_times() for one in main_process.children())]
    ended = main_process.cpu_times()
    return sum(one.user + one.system for one in times) + ended.children_user + ended.children_system


def smtp_source(port, count, size):
    command = [
        PROGRAMS["smtp-source"], "-d", "-s", str(CONNECTIONS), "-m", str(count), "-l", str(size),
        "-f", "news@iso.example.org", "-t", "reader@example.org", f"127.0.0.1:{port}",
    ]  # fmt: skip
    began = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return Figures(seconds=time.perf_counter() - began, own_cpu=used.ru_utime + used.ru_stime)


@contextmanager
def smtp_sink():
    """Run postfix's sink on a free port."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    account = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([PROGRAMS["smtp-sink"], *account, f"127.0.0.1:{port}", "1000"])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
