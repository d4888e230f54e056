"""kill -9 and SIGTERM in the middle of a send: what the sink got is held against the ledger."""

from __future__ import annotations

import random
import signal
from collections import Counter
from pathlib import Path

import pytest

from publisher.flows.hold import pause, resume
from publisher.kit import clock
from publisher.models import Delivery, DeliveryState, Placement, PlacementState
from tests.faults import hands
from tests.faults.sending import figures, newsletter
from tests.faults.sink import Running, sink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

READERS = 5000
KILLS = 10
CONNECTIONS = 4


def finished(placement: Placement) -> bool:
    placement.refresh_from_db()
    return placement.state == PlacementState.FINISHED


def taken(server: Running, more_than: int) -> None:
    hands.until(lambda: len(server.taken()) > more_than, "mails at the sink")


def test_ten_kills_lose_nothing_and_repeat_at_most_a_mail_for_each_connection(tmp_path: Path):
    """5,000 mails, a worker killed ten times at random moments, and a last one that finishes."""
    at_random = random.Random(20260312)
    with sink(tmp_path, seconds=0.002) as server:
        placement = newsletter(server.port, readers=READERS, connections=CONNECTIONS)
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


def test_sigterm_finishes_the_window_in_hand_and_repeats_nothing(tmp_path: Path):
    """A rolling restart: the worker ends by itself, and the next one takes over."""
    with sink(tmp_path, seconds=0.002) as server:
        placement = newsletter(server.port, readers=3000, connections=CONNECTIONS)
        with hands.worker() as process:
            taken(server, 200)
            process.terminate()
            assert process.wait(hands.PATIENCE_SECONDS) == 0
        found = figures(placement)
        assert found.get("accepted", 0) == len(server.taken())
        assert set(found) == {"accepted", "queued"}
        with hands.worker():
            hands.until(lambda: finished(placement), "the placement to finish")

    assert figures(placement) == {"accepted": 3000}
    assert len(server.taken()) == len(set(server.taken())) == 3000


def test_a_pause_is_felt_in_the_middle_and_a_resumed_send_goes_on(tmp_path: Path):
    """Within a window nothing more leaves, and every row is settled or back in the queue."""
    with sink(tmp_path, seconds=0.002) as server:
        placement = newsletter(server.port, readers=3000, connections=CONNECTIONS)
        with hands.worker():
            taken(server, 200)
            pause(placement.key, now=clock.now())
            flying = Delivery.objects.filter(state=DeliveryState.IN_FLIGHT)
            hands.until(lambda: not flying.exists(), "the window to end")
            found = figures(placement)
            assert found["accepted"] == len(server.taken()) < 3000
            assert found["queued"] == 3000 - found["accepted"]

            resume(placement.key, now=clock.now())
            hands.until(lambda: finished(placement), "the placement to finish")

    assert figures(placement) == {"accepted": 3000}
    assert len(server.taken()) == len(set(server.taken())) == 3000


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
