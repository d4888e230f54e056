"""What a dead process left is taken up: nothing lost, nothing counted twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from publisher.flows.journals import journals
from publisher.flows.ledger import Ledger
from publisher.flows.recover import recover
from publisher.flows.run import VERDICTS
from publisher.flows.uncertain import STRANDED, Decision, decide, uncertain
from publisher.kit import clock
from publisher.kit.journal import Entry, Journal
from publisher.models import Delivery, DeliveryState, Placement, PlacementState
from publisher.models.adapter import Verdict
from publisher.models.errors import Refused
from tests.faults.sending import figures, held, newsletter

pytestmark = pytest.mark.django_db


@pytest.fixture
def placement() -> Placement:
    return newsletter(1, readers=5)


def folder() -> Path:
    return journals()


def claimed(journal: Journal) -> list[int]:
    """Put every row into a journal's window, as a run does; give their numbers."""
    return held(journal.name)


def dead_run(*verdicts: Verdict) -> str:
    """Leave the journal of a run that ended after these answers to its first rows."""
    journal = Journal.open_new(folder())
    journal.reserve(10)
    for delivery, verdict in zip(claimed(journal), verdicts, strict=False):
        code = VERDICTS.index(verdict) + 1
        journal.write(Entry(delivery=delivery, verdict=code, answer="250 taken"))
    journal.close(keep=True)
    return journal.name


def waiting() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo'")
        return [name for (name,) in cursor.fetchall()]


def test_what_the_journal_knows_is_settled_from_it_and_the_rest_is_queued(placement):
    """A repeat to a mail server carries the same Message-ID; at most one a connection."""
    dead_run(Verdict.ACCEPTED, Verdict.REFUSED, Verdict.LATER, Verdict.UNCERTAIN)

    assert recover(now=clock.now()) == 5

    assert figures(placement) == {
        "accepted": 1, "refused": 1, "retry": 1, "uncertain": 1, "queued": 1,
    }  # fmt: skip
    assert Delivery.objects.get(state=DeliveryState.QUEUED).attempts == 0
    assert Delivery.objects.get(state=DeliveryState.ACCEPTED).answer == "250 taken"
    assert not list(folder().glob("*.journal"))
    assert "hand_over" in waiting()


def test_recovering_twice_counts_nothing_twice(placement):
    """A crash in the middle of a recovery does no harm."""
    dead_run(Verdict.ACCEPTED)
    recover(now=clock.now())
    before = figures(placement)

    assert recover(now=clock.now()) == 0
    assert figures(placement) == before


def test_a_living_runs_rows_are_left_alone(placement):
    """Its lock says that it lives."""
    journal = Journal.open_new(folder())
    claimed(journal)

    assert recover(now=clock.now()) == 0
    assert figures(placement) == {"in flight": 5}
    journal.close()


def test_a_journal_that_is_gone_leaves_its_rows_without_answers(placement):
    """They are taken up as if nothing had been answered."""
    (folder() / f"{dead_run()}.journal").unlink()

    assert recover(now=clock.now()) == 5
    assert figures(placement) == {"queued": 5}


def test_rows_of_another_machines_journals_are_left_alone(placement):
    """Its own journal, on its own disk, knows what became of them."""
    held("elsewhere-1-2")

    assert recover(now=clock.now()) == 0
    assert figures(placement) == {"in flight": 5}


def test_a_service_that_would_not_recognise_a_repeat_is_never_repeated_to(placement):
    """Of what had no answer nobody knows; it is shown to a person."""
    placement.outlet.spec |= {"adapter": "sendgrid"}
    placement.outlet.save()
    dead_run(Verdict.ACCEPTED)

    recover(now=clock.now())

    assert figures(placement) == {"accepted": 1, "uncertain": 4}
    placement.refresh_from_db()
    assert placement.state == PlacementState.FINISHED


def test_a_torn_journal_is_read_as_far_as_it_goes(placement):
    """A disk may cut a file anywhere; what cannot be read has no answer."""
    path = folder() / f"{dead_run(Verdict.ACCEPTED, Verdict.ACCEPTED)}.journal"
    path.write_bytes(path.read_bytes()[:70])

    recover(now=clock.now())

    assert figures(placement) == {"queued": 5}


def test_a_placement_whose_ledger_was_never_written_is_begun(placement):
    """The task that should have done it may have been lost with its worker."""
    Placement.objects.update(addressed_at=None)

    recover(now=clock.now())

    assert "begin" in waiting()


def test_a_placement_with_every_outcome_is_finished(placement):
    """Whatever happened to the run that should have said so."""
    Delivery.objects.update(state=DeliveryState.REFUSED)
    Placement.objects.update(refused=5)

    recover(now=clock.now())

    placement.refresh_from_db()
    assert placement.state == PlacementState.FINISHED


def test_what_a_lost_machine_had_in_hand_is_for_a_person_to_decide(placement):
    """Its journal will not come back; the person says that it is to be sent again."""
    held("elsewhere-1-2")
    assert [(row.count, row.answer) for row in uncertain()] == [(5, STRANDED)]

    assert decide("statement", Decision.RESEND, now=clock.now()) == 5

    assert figures(placement) == {"queued": 5}
    assert uncertain() == []


def test_what_another_machine_has_in_hand_is_nobody_elses_business(placement):
    """While its run lives it holds a lock, and nothing of it is called lost."""
    held("elsewhere-1-2")
    alive = Ledger(placement.pk, "elsewhere-1-2")
    assert alive.claim(1, now=clock.now()) == []

    assert uncertain() == []
    with pytest.raises(Refused):
        decide("statement", Decision.RESEND, now=clock.now())
    alive.close()
