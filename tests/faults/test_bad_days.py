"""Servers and clocks that misbehave: what the sink got is held against the ledger."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.db import connections

from publisher.flows.address import begin
from publisher.flows.hand_over import hand_over
from publisher.kit import clock
from publisher.models import Delivery, DeliveryState, Placement, PlacementState
from publisher.worker import hands
from publisher.worker.clock import tick
from tests.faults.plan import Plan
from tests.faults.sending import figures, newsletter
from tests.faults.sink import sink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
HOUR = timedelta(hours=1)
READERS = 1500


def test_a_bad_day_at_the_mail_server_loses_and_repeats_nothing(tmp_path: Path):
    """421 to every hundredth, half the connections dropped, two mails taken and never answered."""
    day = {"every": {"421 4.3.2 go away": 100}, "drop_sessions": 2, "drop_after": 40}
    with sink(tmp_path, **day, hang_at=[50, 701]) as server:
        placement = newsletter(server.port, readers=READERS, timeout_seconds=1)
        async_to_sync(hand_over)(placement.pk)

    assert figures(placement) == {"accepted": READERS - 2, "uncertain": 2}
    assert placement.state == PlacementState.FINISHED
    assert len(server.taken()) == len(set(server.taken())) == READERS
    assert len(server.sessions()) > READERS // 100
    unanswered = Delivery.objects.filter(state=DeliveryState.UNCERTAIN)
    assert {_id(placement, row) for row in unanswered} <= {_plain(one) for one in server.taken()}


def test_a_clock_that_jumps_an_hour_ahead_and_back_repeats_nothing(tmp_path: Path, monkeypatch):
    """Ahead, what it passes goes out early; back, nothing goes again; then the rest in its time."""
    now = clock.now()
    with sink(tmp_path / "a", replies={"RCPT": {"reader2@": "450 4.2.1 busy"}}) as server:
        plan = Plan(server.port, readers=3)
        past, soon, later = (
            plan.add(1, at=now + wait).get() for wait in (-HOUR / 60, HOUR / 2, 3 * HOUR)
        )
        _at(now, monkeypatch)
        assert _each(past, soon, later) == [2, None, None]
        _at(now + HOUR, monkeypatch)
        assert _each(past, soon, later) == [2, 2, None]
        before = _ledger()
        _at(now, monkeypatch)
        assert _each(past, soon, later) == [2, 2, None]
        assert _ledger() == before
        assert len(server.taken()) == 4
    with sink(tmp_path / "b", port=server.port) as other:
        _at(now + 3 * HOUR, monkeypatch)
        assert _each(past, soon, later) == [3, 3, 3]

    times = Counter([*server.taken(), *other.taken()])
    assert len(times) == 9
    assert set(times.values()) == {1}


def test_many_due_in_the_same_second_go_out_once_though_two_clocks_start_them(tmp_path: Path):
    """Each reader of each placement gets one mail, and no placement is left."""
    with sink(tmp_path) as server:
        plan = Plan(server.port, readers=2)
        now = clock.now()
        rows = plan.add(40, at=now)
        with ThreadPoolExecutor(2) as clocks:
            list(clocks.map(_tick, [now, now]))
        hands.drain()

    assert set(rows.values_list("state", "accepted")) == {("finished", 2)}
    assert len(server.taken()) == len(set(server.taken())) == 80


def _at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this machine's clock say another time, and do what it then calls for."""
    monkeypatch.setattr(clock, "now", lambda: moment)
    tick(moment)
    sending = Placement.objects.filter(state=PlacementState.SENDING)
    for placement in sending.filter(addressed_at=None):
        begin(placement.occurrence_id, now=moment)
    for placement in sending:
        async_to_sync(hand_over)(placement.pk)


def _each(*placements: Placement) -> list[int | None]:
    """Give how many were accepted of each; None: it has not started."""
    said = []
    for placement in placements:
        figures(placement)
        said.append(placement.accepted if placement.started_at else None)
    return said


def _ledger() -> list[tuple[object, ...]]:
    return list(Delivery.objects.order_by("id").values_list("id", "state", "attempts", "due_at"))


def _tick(now: datetime) -> None:
    try:
        tick(now)
    finally:
        connections.close_all()


def _id(placement: Placement, row: Delivery) -> str:
    return f"{placement.key}.{row.recipient}"


def _plain(message_id: str) -> str:
    return message_id.partition("@")[0]
