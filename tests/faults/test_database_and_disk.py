"""PostgreSQL restarted in the middle of a send, and a disk that is full."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from asgiref.sync import async_to_sync

from publisher.flows.hand_over import hand_over
from publisher.kit.postgres import EmbeddedPostgres
from tests.faults import hands
from tests.faults.sending import figures, newsletter
from tests.faults.sink import ROOT, sink

READERS = 2000


@pytest.fixture
def own_server() -> Iterator[EmbeddedPostgres]:
    """A server that can be restarted without disturbing other tests."""
    # Not in tmp_path: each pytest that starts shuts its root to the server's account again.
    with tempfile.TemporaryDirectory(prefix="publisher-tests-") as folder:
        server = EmbeddedPostgres(Path(folder))
        server.start()
        yield server
        server.stop()


@pytest.mark.slow
def test_a_database_that_crashed_costs_no_mail_and_no_repeat(own_server, tmp_path: Path):
    """Answers wait in the journal and in memory until it is back; then the run goes on."""
    named = {"DATABASE_URL": own_server.url("publisher"), "PUBLISHER_DATA": str(tmp_path / "data")}
    with sink(tmp_path / "sink", seconds=0.002) as server:
        prepare = [sys.executable, "-m", "tests.faults.prepare", str(server.port), str(READERS)]
        subprocess.run(prepare, env={**os.environ, **named}, cwd=ROOT, check=True)
        with hands.worker(**named):
            hands.until(lambda: len(server.taken()) > 400, "mails at the sink")
            own_server._control("restart", "-m", "immediate")
            hands.until(lambda: _finished(named["DATABASE_URL"]), "the placement to finish")

    assert len(server.taken()) == len(set(server.taken())) == READERS
    with psycopg.connect(named["DATABASE_URL"]) as connection:
        rows = "SELECT state, count(*) FROM publisher_delivery GROUP BY state"
        assert connection.execute(rows).fetchall() == [(2, READERS)]
        placement = "SELECT accepted, candidates FROM publisher_placement"
        assert connection.execute(placement).fetchall() == [(READERS, READERS)]


def _finished(url: str) -> bool:
    try:
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT state FROM publisher_placement").fetchone()
    except psycopg.OperationalError:
        return False
    return found == ("finished",)


FULL = """
import resource, sys
from publisher.startup import start
start()
from asgiref.sync import async_to_sync
from publisher.flows.hand_over import hand_over
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
async_to_sync(hand_over)(int(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("room", [10, 40_000])
def test_a_full_disk_stops_the_sending_and_loses_no_answer(tmp_path: Path, room):
    """Room for every answer is made before a mail is sent; the placement says what to do."""
    with sink(tmp_path) as server:
        placement = newsletter(server.port, readers=1200)
        environment = {**os.environ, "DATABASE_URL": hands.database()}
        command = [sys.executable, "-c", FULL, str(placement.pk), str(room)]
        subprocess.run(command, env=environment, cwd=ROOT, check=True)

        found = figures(placement)
        assert found.get("accepted", 0) == len(server.taken())
        assert found["queued"] == 1200 - len(server.taken())
        assert "Make room on the disk" in placement.problem

        async_to_sync(hand_over)(placement.pk)

    assert figures(placement) == {"accepted": 1200}
    assert len(server.taken()) == len(set(server.taken()))
