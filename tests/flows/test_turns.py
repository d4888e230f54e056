"""Many placements and many processes: turns are kept, and no process stands idle."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections

from publisher.flows import defer
from publisher.models import Placement
from publisher.worker import floor as floors
from publisher.worker import tasks
from publisher.worker.floor import Floor
from tests.faults.sending import figures, newsletter
from tests.faults.sink import sink

pytestmark = pytest.mark.django_db(transaction=True)


def queue() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, priority FROM procrastinate_jobs WHERE status = 'todo' "
            "ORDER BY priority DESC, id"
        )
        return cursor.fetchall()


async def never(_placement: int) -> None:
    pytest.fail("nothing was to be joined in")


@pytest.mark.slow
def test_a_large_placement_gives_way_to_what_waits_and_comes_again_behind_it(
    tmp_path: Path, monkeypatch
):
    """With one place, a short task is begun in the middle of a long hand-over."""
    monkeypatch.setattr(floors, "TURN_SECONDS", 0.2)
    monkeypatch.setattr(floors, "LOOK_SECONDS", 0.1)
    floor = Floor()
    monkeypatch.setattr(tasks, "floor", floor)

    async def one_turn(placement: Placement) -> None:
        async with floor.open(1, never):
            await tasks.hand_over(placement.pk)
        await sync_to_async(connections.close_all)()

    with sink(tmp_path, seconds=0.01) as server:
        placement = newsletter(server.port, readers=3000)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        defer.ask(placement.pk)
        asyncio.run(one_turn(placement))

    found = figures(placement)
    assert 0 < found["accepted"] < 3000
    assert found["accepted"] + found["queued"] == 3000
    assert queue() == [("ask", defer.SHORT), ("hand_over", defer.HAD_ITS_TURN)]


def test_what_is_asked_for_while_it_is_in_hand_is_taken_up_once_more():
    """A task that comes at that moment is not lost, and is no second run."""
    floor = Floor()

    assert floor.enter(7)
    assert not floor.enter(7)
    assert floor.leave(7)
    assert floor.enter(7)
    assert not floor.leave(7)
