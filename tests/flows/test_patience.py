"""How a hand-over ends: in its own time, after its window, or at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync

from publisher.models import Placement
from publisher.worker import hands, tasks
from tests.faults.sending import figures, newsletter
from tests.faults.sink import Running, sink

pytestmark = pytest.mark.django_db(transaction=True)


def handed_over(placement: Placement, server: Running, meanwhile: Callable[..., object]) -> None:
    """Hand over as the queue does, and do something as soon as the server took a mail."""

    async def both() -> None:
        task = asyncio.create_task(tasks.hand_over(placement.pk))
        for _ in range(2000):
            if server.taken():
                break
            await asyncio.sleep(0.01)
        meanwhile(task)
        await asyncio.wait([task])

    async_to_sync(both)()


def test_a_queue_that_is_empty_waits_for_its_last_hand_over(tmp_path: Path, monkeypatch):
    """However long it takes: nobody told it to end."""
    monkeypatch.setattr(hands, "PATIENCE_SECONDS", 0.05)
    with sink(tmp_path, seconds=0.02) as server:
        placement = newsletter(server.port, readers=50, connections=1)
        hands.drain()

    assert figures(placement) == {"accepted": 50}


def test_a_hand_over_that_the_queue_leaves_ends_after_its_window(tmp_path: Path):
    """A queue that lost its connection makes no mail uncertain."""
    with sink(tmp_path, seconds=0.001) as server:
        placement = newsletter(server.port, readers=3000)
        handed_over(placement, server, asyncio.Task.cancel)
        found = figures(placement)

    assert set(found) == {"accepted", "queued"}
    assert found["accepted"] == len(server.taken())


def test_a_hand_over_that_is_cut_short_says_what_it_does_not_know(tmp_path: Path):
    """A mail that the server took and is silent about is uncertain; the rest waits."""
    tasks.stopping.clear()
    with sink(tmp_path, hang_at=[1]) as server:
        placement = newsletter(server.port, readers=1, timeout_seconds=60)
        handed_over(placement, server, lambda _: tasks.cut_short())

    assert figures(placement) == {"uncertain": 1}
