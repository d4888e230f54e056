"""kill -9 and SIGTERM in the middle of a send: what the sink got is held against the ledger."""

from __future__ import annotations

import random
import signal
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from publisher.flows import defer
from publisher.flows.audit import TERMINAL
from publisher.flows.hold import cancel, pause, pause_all, resume
from publisher.kit import clock
from publisher.models import Placement, PlacementState, Window
from tests.faults import hands
from tests.faults.sending import figures, newsletter
from tests.faults.sink import Running, sink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

READERS = 4000
KILLS = 4  #: `benchmarks/soak.py` has more
CONNECTIONS = 4


def finished(placement: Placement) -> bool:
    placement.refresh_from_db()
    return placement.state == PlacementState.FINISHED


def taken(server: Running, more_than: int) -> None:
    hands.until(lambda: len(server.taken()) > more_than, "mails at the sink")


def test_what_ends_a_worker_loses_nothing_and_repeats_at_most_a_mail_for_each_connection(
    tmp_path: Path,
):
    """One told to end, which finishes its window; some killed; and a last one that finishes."""
    at_random = random.Random(20260312)
    with sink(tmp_path, seconds=0.002) as server:
        placement = newsletter(server.port, readers=READERS, connections=CONNECTIONS)
        with hands.worker() as process:
            taken(server, 200)
            process.terminate()
            assert process.wait(hands.PATIENCE_SECONDS) == 0
        found = figures(placement)
        assert set(found) == {"accepted", "queued"}
        assert found["accepted"] == len(server.taken()) == len(set(server.taken()))
        for _ in range(KILLS):
            with hands.worker() as process:
                taken(server, len(server.taken()) + at_random.randrange(400))
                process.send_signal(signal.SIGKILL)
        assert not finished(placement)
        with hands.worker():
            hands.until(lambda: finished(placement), "the placement to finish")

    assert figures(placement) == {"accepted": READERS}
    times = Counter(server.taken())
    assert len(times) == READERS  # nothing lost, and nothing under another key
    assert sum(count - 1 for count in times.values()) <= KILLS * CONNECTIONS


def test_two_workers_share_a_placement_and_feel_a_person_within_two_seconds(tmp_path: Path):
    """The kill switch, a pause, and an end for good: what the server gets after them says it."""
    with sink(tmp_path, seconds=0.01) as server:
        placement = newsletter(server.port, readers=6000, connections=CONNECTIONS)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        with hands.worker(), hands.worker():
            hands.until(lambda: _workers() == 2, "both workers to begin")
            defer.hand_over(placement.pk)
            both = 2 * CONNECTIONS
            hands.until(lambda: len(server.sessions()) == both, "both to have connections")
            acts: list[Callable[[datetime], object]] = [
                lambda now: pause_all(["iso"], now=now, doer=TERMINAL),
                lambda now: pause(placement.key, now=now),
                lambda now: cancel(placement.key, now=now),
            ]
            for act in acts:
                _felt(act, placement, server)
                if act is not acts[-1]:
                    resume(placement.key, now=clock.now())
                    taken(server, len(server.taken()) + 20)

    found = figures(placement)
    assert placement.state == PlacementState.CANCELLED
    assert found["excluded"] == 6000 - found["accepted"]
    assert found["accepted"] == len(server.taken()) == len(set(server.taken()))


def _felt(act: Callable[[datetime], object], placement: Placement, server: Running) -> None:
    """Do it, wait until nothing is in anybody's hands, and look at what the server has."""
    moment = clock.now()
    act(moment)
    hands.until(lambda: not Window.objects.exists(), "the windows to end")
    assert figures(placement)["accepted"] == len(server.taken()) < 6000
    assert max(server.moments()) - moment.timestamp() < 2


def _workers() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return cursor.fetchone()[0]


def test_a_sink_that_answers_and_dies_is_gone_on_with_when_it_is_back(tmp_path: Path):
    """One mail for each connection may be uncertain; every other arrives once."""
    with sink(tmp_path / "a", die_at=100) as dying:
        placement = newsletter(dying.port, readers=300, connections=CONNECTIONS)
        with hands.worker():
            hands.until(lambda: dying.process.poll() is not None, "the sink to die")
            with sink(tmp_path / "b", port=dying.port) as server:
                hands.until(lambda: finished(placement), "the placement to finish")
                later = server.taken()

    found = figures(placement)
    assert found["accepted"] + found.get("uncertain", 0) == 300
    assert found.get("uncertain", 0) <= CONNECTIONS
    times = Counter([*dying.taken(), *later])
    assert max(times.values()) == 1
    assert found["accepted"] <= len(times)
