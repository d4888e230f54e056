"""A restored back-up sends nothing again of what may have gone out since."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

import psycopg
import pytest
from asgiref.sync import async_to_sync
from django.db import connection

from publisher.flows import defer, epoch, restored
from publisher.flows.approve import approve
from publisher.flows.hand_over import hand_over
from publisher.flows.hold import resume
from publisher.flows.journals import journals
from publisher.flows.ledger import LOCK_CLASS
from publisher.flows.publish import publish_due
from publisher.flows.troubles import troubles
from publisher.kit import clock
from publisher.kit.witness import Beat, Handed, Witness
from publisher.models import AuditRow, Delivery, Epoch, Placement, PlacementState
from tests.faults import hands
from tests.faults.sending import figures, newsletter
from tests.faults.sink import sink
from tests.flows.stored import NOW, entry, joint_plan, states, store

pytestmark = pytest.mark.django_db(transaction=True)
SOON = entry(when="2027-03-20 09:00")
AT = "2027-03-20T09:00"
DUE = NOW.replace(day=20)


@dataclass
class Disk:
    """This machine's memory, in a folder of the test's."""

    witness: Witness

    def ahead(self) -> None:
        """Remember more beats than the database has, as after it was set back."""
        self.witness.see(Beat(epoch=life().name, number=life().beat + 1))


@pytest.fixture
def disk(tmp_path, monkeypatch) -> Disk:
    monkeypatch.setenv("PUBLISHER_DATA", str(tmp_path))
    from publisher.settings import settings

    settings.cache_clear()
    yield Disk(Witness(journals() / "witness"))
    monkeypatch.undo()
    settings.cache_clear()


def life() -> Epoch:
    return Epoch.objects.latest("id")


def test_a_database_that_goes_on_is_left_alone(disk):
    """Each look is a beat more, in the database and on the disk; a new machine is welcome."""
    assert epoch.guard(now=NOW) == 0
    epoch.beat(now=NOW)
    assert disk.witness.beat() == Beat(epoch=life().name, number=2)

    assert epoch.guard(now=NOW + timedelta(days=9)) == 0

    assert Epoch.objects.count() == 1
    (journals() / "witness" / "epoch.json").write_text("{torn")
    assert epoch.guard(now=NOW) == 0
    assert disk.witness.beat() == Beat(epoch=life().name, number=4)


def test_what_was_due_before_the_restore_waits_for_a_person(disk):
    """It is missed, not started, and says why where people look."""
    epoch.guard(now=NOW)
    store(joint_plan(SOON))
    for organisation in ("iso", "iec"):
        approve(entry=None, organisation=organisation, person="Anna Keller", now=NOW)
    disk.ahead()

    assert epoch.guard(now=DUE) == 2

    assert publish_due(now=DUE) == []
    assert set(states().values()) == {"missed"}
    assert [one.problem for one in troubles(now=DUE)] == [restored.SENTENCE]
    assert AuditRow.objects.filter(act="database.restored").count() == 1
    assert epoch.guard(now=DUE) == 0  # told once


def test_what_went_out_early_and_is_planned_again_waits_too(disk):
    """What a person sent before its moment, this machine's disk remembers."""
    epoch.guard(now=NOW)
    store(joint_plan(SOON))
    early = Placement.objects.get(outlet__slug="iso-news")
    epoch.handed_over(early.key, 3, now=NOW)
    disk.ahead()

    epoch.guard(now=NOW)

    assert states() == {f"iso-news en {AT}": "missed", f"iec-news en {AT}": "planned"}
    early.refresh_from_db()
    assert "3 answers at 2027-03-12 08:00 UTC" in early.problem


def test_a_log_says_what_was_accepted_and_only_the_rest_is_sent(disk, tmp_path):
    """Neither twice nor never: the sink's own record settles the rows of before the restore."""
    epoch.guard(now=clock.now())
    with sink(tmp_path / "sink") as server:
        placement = newsletter(server.port, readers=9)
        disk.ahead()
        assert epoch.guard(now=clock.now()) == 1
        async_to_sync(hand_over)(placement.pk)
        assert server.taken() == []

        gone = list(Delivery.objects.order_by("id").values_list("recipient", flat=True))[:4]
        log = "\n".join(f"message-id=<{placement.key}.{one}@iso.example>" for one in gone)
        log += "\nmessage-id=<0123456789abcdef0123.5@else.example>"
        counted = restored.count_accepted(log.encode(), now=clock.now())
        assert (counted.placements, counted.accepted, counted.strangers) == (1, 4, 1)
        again = restored.count_accepted(log.encode(), now=clock.now())
        assert again.accepted == 0

        resume(placement.key, now=clock.now())
        async_to_sync(hand_over)(placement.pk)

    assert figures(placement) == {"accepted": 9}
    assert placement.state == PlacementState.FINISHED
    told = {int(re.search(r"\.(\d+)@", one)[1]) for one in server.taken()}
    assert len(server.taken()) == 5
    assert told.isdisjoint(gone)


def test_a_run_that_lives_on_looks_back_before_it_claims_more(disk, tmp_path):
    """The connection breaks and comes back: to the same database, and then to a restored one."""
    epoch.guard(now=clock.now())
    witness = disk.witness.beat()
    with sink(tmp_path / "sink") as server:
        placement = newsletter(server.port, readers=2000)
        windows = 0

        def between_windows() -> bool:
            nonlocal windows
            windows += 1
            if windows in {2, 6}:
                if windows == 6:  # the disk remembers more than the database has
                    disk.witness.see(replace(witness, number=witness.number + 99))
                _cut_ledger(placement.pk)
            return False

        async_to_sync(hand_over)(placement.pk, stopping=between_windows)

        found = figures(placement)
        assert placement.state == PlacementState.PAUSED
        assert placement.problem.startswith(restored.SENTENCE)
        assert 100 < len(server.taken()) == found["accepted"] < 2000
        assert found["queued"] == 2000 - found["accepted"]


def _cut_ledger(placement: int) -> None:
    """End the connection of the run that has a placement in hand."""
    with psycopg.connect(hands.database(), autocommit=True) as own:
        found = own.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks "
            "WHERE locktype = 'advisory' AND classid = %s AND objid = %s",
            [LOCK_CLASS, placement],
        )
        assert found.fetchall() == [(True,)]


def test_letters_that_waited_in_the_back_up_are_not_sent_again(disk):
    """They went out moments after it was made; what hands over is still done."""
    epoch.guard(now=NOW)
    defer.ask_to_confirm(1, NOW)
    defer.hand_over(1)
    disk.ahead()

    epoch.guard(now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo'")
        assert cursor.fetchall() == [("hand_over",)]
    assert AuditRow.objects.get(act="database.restored").details == {"letters": 1}


@pytest.mark.parametrize(
    ("server", "timeline", "minutes", "restored"),
    [
        ("elsewhere/1", None, 0, True),  # copied into another database
        (None, 0, 11, True),  # set back, and on along another timeline
        (None, 0, 1, False),  # a standby took over
        (None, None, 600, False),  # a long night
    ],
)
def test_another_server_or_timeline_is_a_restore(disk, server, timeline, minutes, restored):
    """A standby that is promoted at once has all there was, if it is synchronous."""
    epoch.guard(now=NOW)
    said = life()
    said.server = said.server if server is None else server
    said.timeline = said.timeline if timeline is None else timeline
    said.save()

    epoch.guard(now=NOW + timedelta(minutes=minutes))

    assert (Epoch.objects.count() == 2) is restored


def test_a_machine_that_was_away_during_a_restore_does_not_hold_up_again(disk):
    """Its disk knows the older life; one that this database never had is told apart."""
    epoch.guard(now=NOW)
    old = Beat(epoch=life().name, number=900)
    epoch.guard(now=NOW, by_hand=True)

    (journals() / "witness" / "epoch.json").unlink()
    disk.witness.see(old)
    epoch.guard(now=NOW)
    assert Epoch.objects.count() == 2

    disk.witness.see(Beat(epoch="0" * 32, number=1))
    epoch.guard(now=NOW)
    assert Epoch.objects.count() == 3


def test_a_torn_line_of_the_disks_memory_is_passed_over(disk):
    """A machine may lose its power in the middle of it."""
    disk.witness.hand_over(Handed(at=NOW, placement="a" * 20, answers=7))
    path = journals() / "witness" / "handed-over.tsv"
    path.write_text(path.read_text() + "2027-03-12T0")

    assert [one.answers for one in disk.witness.handed_over()] == [7]
