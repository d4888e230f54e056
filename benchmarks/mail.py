"""Mails per second through the whole path, against postfix's own source into the same sink.

    .venv/bin/python -m benchmarks.mail [--readers 20000] [--rounds 3] [--octets 10240] [--others]
    .venv/bin/python -m benchmarks.mail --full

The whole path: a real worker process takes the placement's task from the queue, claims windows,
makes a personalised multipart mail for each reader, hands it to postfix's `smtp-sink` on
loopback over ten connections, writes each answer into the journal and the ledger, and finishes
the placement; PostgreSQL is embedded and durable, on the same processors. `smtp-source` puts as
many mails of the same size into the same sink with as many sessions, reusing connections. Rounds
alternate, so that whatever else the machine does weighs on both; the table gives medians.

`--others` adds `smtplib` with `EmailMessage`, and django-post-office from a virtual environment of
its own, which pip fills; they get fewer mails, because theirs cost the same however many there are.
`--full` runs all tables of `docs/performance.md`: about forty minutes on two idle processors.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from benchmarks.figures import Figures, report
from benchmarks.folder import own_database
from benchmarks.postfix import CONNECTIONS, PROGRAMS, smtp_sink, smtp_source

ROOT = Path(__file__).parent.parent
SIZE = 10_240  #: octets of a mail, headers included, where nothing else is said
FEWER = 20  #: by how much the others get fewer mails
#: readers, rounds, octets, and what else, of the runs that `--full` makes
FULL = (
    (100_000, 5, 10_240, "--others"),
    (100_000, 5, 40_960, "--others"),
    (10_000, 3, 10_240, "--alone"),
    (100_000, 3, 10_240, "--alone"),
    (1_000_000, 1, 10_240, "--alone"),
)


def main() -> None:
    """Run the rounds and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--readers", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--octets", type=int, default=SIZE)
    parser.add_argument("--others", action="store_true", help="compare with other programs too")
    parser.add_argument("--alone", action="store_true", help="compare with nothing")
    parser.add_argument("--full", action="store_true", help="make all the tables")
    asked = parser.parse_args()
    if not all(PROGRAMS.values()):
        sys.exit("This needs smtp-source and smtp-sink, which Debian's package postfix brings.")
    if asked.full:
        full()
        return
    with own_database() as (folder, server), smtp_sink() as port:
        own, theirs, size = rounds(asked, port, server)
        rows = {"Publisher, ledger and journal on": own, "`smtp-source`": theirs}
        if asked.others:
            rows |= others(port, asked, size, server, folder)
        report(size, CONNECTIONS, {name: found for name, found in rows.items() if found})


def full():
    for readers, count, octets, what in FULL:
        given = ["--readers", readers, "--rounds", count, "--octets", octets, what]
        command = [sys.executable, "-m", "benchmarks.mail", *map(str, given)]
        subprocess.run(command, cwd=ROOT, check=True)
        print(flush=True)


def rounds(asked, port, server):
    size = prepare(port, asked.readers, asked.octets)
    worker(server)  # warms the caches
    idle = worker(server)
    own, theirs = [], []
    for number in range(asked.rounds):
        if not asked.alone:
            theirs.append(smtp_source(port, asked.readers, size))
        again(number)
        figures = worker(server)
        assert settled() == asked.readers, "the ledger does not say that every mail was accepted"
        figures.mails = asked.readers
        figures.own_cpu -= idle.own_cpu
        figures.database_cpu -= idle.database_cpu
        own.append(figures)
    return own, theirs, size


def others(port, asked, size, server, folder):
    """Run the others as many times."""
    count = max(200, asked.readers // FEWER)
    python = folder / "others" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", folder / "others"], check=True)
    install = [python, "-m", "pip", "install", "-q", "django-post-office", "psycopg[binary]"]
    subprocess.run(install, check=True)
    execute("CREATE DATABASE others")
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path="/others").geturl()
    script = str(Path(__file__).with_name("mail_others.py"))
    found = {"`smtplib` and `EmailMessage`": [], "django-post-office": []}
    for _ in range(asked.rounds):
        given = [str(port), str(count), str(size)]
        loop = [sys.executable, script, "smtplib", *given]
        office = [str(python), script, "send", *given, url]
        execute_in(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        other([str(python), script, "queue", *given, url], count, server)
        for name, command in zip(found, (loop, office), strict=True):
            found[name].append(other(command, count, server))
    return found


def other(command, count, server):
    """Run a program that prints the seconds it took; its start is no part of it, but of its CPU."""
    before = database_cpu(server)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "the other program failed"
    database = database_cpu(server) - before
    return Figures(
        seconds=float(said.splitlines()[-1]),
        mails=count,
        own_cpu=used.ru_utime + used.ru_stime,
        database_cpu=database if "postgres" in command[-1] else 0.0,
    )


def execute_in(url, *statements):
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def prepare(port, readers, octets=SIZE):
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
    while size < octets:
        length += max(1, (octets - size) // 3) if size else 0
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

    text = ("Standards let things made apart work together. " * 2000)[:length]
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
        "UPDATE publisher_placement SET state = 'sending', reached = -1, accepted = 0",
        "UPDATE publisher_placement SET finished_at = NULL",
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
    seconds = 0.0
    for one in main_process.children():
        with suppress(psutil.NoSuchProcess):  # it ends: its time is its parent's from now on
            times = one.cpu_times()
            seconds += times.user + times.system
    own = main_process.cpu_times()
    return seconds + own.user + own.system + own.children_user + own.children_system


if __name__ == "__main__":
    main()
