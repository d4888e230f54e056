"""The clock wakes at the next due moment; one clock among many; it survives its database."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection

from publisher.flows.approve import approve
from publisher.flows.bell import LOCK, ring
from publisher.kit import clock
from publisher.models import Placement
from publisher.worker.clock import tick
from tests.flows.stored import NOW, entry, joint_plan, store

PATIENCE_SECONDS = 60.0


def approved(*entries, now=NOW):
    store(joint_plan(*entries), now=now)
    for organisation in ("iso", "iec"):
        approve(entry=None, organisation=organisation, person="Anna Keller", now=now)


@pytest.mark.django_db
def test_a_tick_starts_what_is_due_and_says_when_to_look_again():
    """The clock sleeps until then, and not a fixed time."""
    approved(entry(when="2027-03-20 09:00"), entry("later", when="2027-03-21 09:00"))

    assert tick(NOW) == NOW.replace(day=20)
    assert tick(NOW.replace(day=20)) == NOW.replace(day=21)
    assert tick(NOW.replace(day=21)) is None
    assert set(Placement.objects.values_list("state", flat=True)) == {"sending"}


@pytest.mark.django_db
def test_a_system_clock_that_jumps_back_repeats_nothing():
    """And one that jumps ahead publishes what it has passed, while that is not late."""
    approved(entry(when="2027-03-20 09:00"))

    tick(NOW.replace(day=20) + timedelta(hours=20))
    started = list(Placement.objects.values_list("started_at", flat=True))
    tick(NOW)

    assert list(Placement.objects.values_list("started_at", flat=True)) == started


@contextmanager
def clock_process():
    """A clock of its own, on this test's database."""
    code = (
        "import django; django.setup(); import logging; "
        "logging.basicConfig(level='INFO', format='%(message)s'); "
        "logging.getLogger('apscheduler').setLevel('WARNING'); "
        "from publisher.worker.clock import run; run()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | {"DATABASE_URL": _url(), "DJANGO_SETTINGS_MODULE": "publisher.framework"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def _url():
    given = connection.get_connection_params()
    parts = {key: given[key] for key in ("dbname", "user", "host", "port") if given.get(key)}
    return f"postgresql://?{urlencode(parts)}"


def holder():
    """Give the server process of the connection that has the clock's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s "
            "AND granted AND database = (SELECT oid FROM pg_database WHERE datname = "
            "current_database())",
            [LOCK],
        )
        row = cursor.fetchone()
    return row and row[0]


def until(true):
    end = time.monotonic() + PATIENCE_SECONDS
    while not (found := true()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)
    return found


def started():
    return Placement.objects.filter(started_at__isnull=False).count()


@pytest.fixture(autouse=True)
def _no_tasks(request):
    """A test that commits leaves its tasks in the queue's own tables."""
    yield
    if request.node.get_closest_marker("django_db").kwargs.get("transaction"):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_clock_wakes_when_the_calendar_changes_and_ends_when_told():
    """It sleeps for hours; a notification wakes it, a signal ends it at once."""
    with clock_process() as process:
        until(holder)
        approved(entry(when="launch"), now=clock.now())
        _launch()

        until(lambda: started() == 2)
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=5) == 0


def _launch():
    from publisher.flows.launch import launch

    launch(now=clock.now())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_another_clock_takes_over_from_one_that_is_killed():
    """The lock goes with its connection."""
    with clock_process() as first:
        was = until(holder)
        with clock_process() as second:
            first.kill()

            now = until(lambda: holder() not in {None, was} and holder())

            assert now != was
            assert second.poll() is None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_clock_says_once_that_the_database_went_and_once_that_it_is_back():
    """Its connections are cut, as by a restart; it comes back by itself and goes on."""
    with clock_process() as process:
        was = until(holder)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [was])
        until(lambda: holder() not in {None, was})
        approved(entry(when="launch"), now=clock.now())
        _launch()
        ring()
        until(lambda: started() == 2)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=5) == 0

        said = process.stderr.read().split("\n")

    assert said.count("database gone") == said.count("database back") == 1
    assert said.count("clock elected") == 2
