"""A domain of recipients has its pace: what is too much for it waits, and nothing else does."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from publisher.dispatch.domains import BEAT_SECONDS, DomainPace
from publisher.flows.allowances import forget_full
from publisher.flows.hand_over import hand_over
from publisher.flows.ledger import Ledger
from publisher.kit import clock
from publisher.models import Delivery, DomainAllowance, Placement
from tests.faults.sending import figures, newsletter
from tests.faults.sink import Running, sink

pytestmark = pytest.mark.django_db(transaction=True)
PACE = DomainPace(domain="busy.example.org", per_minute=60)  # a burst of ten


def test_a_busy_domain_waits_and_the_others_do_not(tmp_path: Path):
    """Ten at once, and then by its pace; each gets its mail once, and nothing looks in vain."""
    with sink(tmp_path) as server:
        placement = newsletter(server.port, readers=60)
        _at_a_busy_domain(placement, 40, of=60)
        _paced(placement, {"busy.example.org": 60})
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        before = clock.now()
        async_to_sync(hand_over)(placement.pk)

        assert figures(placement) == {"accepted": 30, "queued": 30}
        assert _at_busy(server) == 10
        line = _line(placement)
        assert set(line.values_list("attempts", flat=True)) == {0}
        moments = sorted(line.values_list("due_at", flat=True))
        assert timedelta(seconds=BEAT_SECONDS) <= moments[0] - before
        assert timedelta(seconds=30) <= moments[-1] - before <= timedelta(seconds=50)
        assert _next_task() == moments[0]

        async_to_sync(hand_over)(placement.pk)
        assert len(server.taken()) == 30  # before their moment, none is even claimed

        # Their moment comes for all of them at once, as after a pause: the pace is kept.
        line.update(due_at=before)
        DomainAllowance.objects.update(at=F("at") - timedelta(seconds=7))
        async_to_sync(hand_over)(placement.pk)
        assert 17 <= _at_busy(server) <= 19
        assert line.filter(due_at__gt=before).count() == 40 - _at_busy(server)

        _paced(placement, {})
        line.update(due_at=before)
        async_to_sync(hand_over)(placement.pk)

    assert figures(placement) == {"accepted": 60}
    assert len(server.taken()) == len(set(server.taken())) == 60


def test_a_small_placement_does_not_stand_behind_the_line_of_a_large_one():
    """A line is a placement's own; what there is to take, all share."""
    large = newsletter(1, readers=1)
    with closing(Ledger(large.pk, "here")) as one, closing(Ledger(large.pk, "there")) as two:
        assert one.take_for({PACE: 7}) == {"busy.example.org": 7}
        assert two.take_for({PACE: 7}) == {"busy.example.org": 3}
        assert one.take_for({PACE: 7}) == {"busy.example.org": 0}
        DomainAllowance.objects.update(at=F("at") + timedelta(hours=1))  # a clock set back
        assert one.take_for({PACE: 1}) == {"busy.example.org": 0}
        DomainAllowance.objects.update(at=F("at") - timedelta(hours=2))
        assert two.take_for({PACE: 99}) == {"busy.example.org": 10}  # a rest is not saved up
        assert two.line_ends(now=clock.now()) == {}

    assert forget_full(now=clock.now()) == 0
    assert forget_full(now=clock.now() + timedelta(hours=2)) == 1


def _at_a_busy_domain(placement: Placement, count: int, *, of: int) -> None:
    """Let some recipients be there, in the ledger's order before, between and behind the others."""
    numbers = list(Delivery.objects.filter(placement=placement).values_list("pk", flat=True))
    assert len(numbers) == of
    address = Concat(Value("r"), Cast("id", CharField()), Value("@Busy.example.org"))
    Delivery.objects.filter(pk__in=numbers[10 : 10 + count]).update(address=address)


def _paced(placement: Placement, domains: dict[str, int]) -> None:
    spec = placement.outlet.spec
    spec["pace"] = {"connections": 2, "domains": domains}
    placement.outlet.save()


def _line(placement: Placement):
    return Delivery.objects.filter(placement=placement, state=0, address__icontains="@busy")


def _at_busy(server: Running) -> int:
    return sum("@Busy" in command for command in server.commands() if command.startswith("RCPT"))


def _next_task():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at FROM procrastinate_jobs "
            "WHERE task_name = 'hand_over' AND status = 'todo' AND scheduled_at IS NOT NULL"
        )
        return cursor.fetchone()[0]
