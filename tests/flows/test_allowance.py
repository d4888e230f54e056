"""An outlet's pace is one, however many machines hand over through it."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest
from django.db.models import F

from publisher.dispatch.pace import Pace
from publisher.flows.ledger import Ledger
from publisher.models import Allowance
from tests.faults.sending import newsletter

pytestmark = pytest.mark.django_db(transaction=True)
PACE = Pace(60)  # one a second


@pytest.fixture
def machines():
    placement = newsletter(1, readers=1)
    with (
        closing(Ledger(placement.pk, "here")) as one,
        closing(Ledger(placement.pk, "there")) as two,
    ):
        yield one, two


def test_who_comes_later_waits_longer(machines):
    """Of two machines that take at once, the second waits for the first one's share, too."""
    here, there = machines

    waits = [PACE.wait(one.take(1, PACE)) for one in (here, there, here, there)]

    assert waits == pytest.approx([0, 1, 2, 3], abs=0.5)


def test_a_rest_is_not_saved_up(machines):
    """After an hour's silence an outlet does not send an hour's worth at once."""
    here, there = machines
    here.take(1, PACE)
    Allowance.objects.update(at=F("at") - timedelta(hours=1))

    assert there.take(1, PACE) == pytest.approx(0, abs=0.1)
    assert PACE.wait(here.take(1, PACE)) == pytest.approx(1, abs=0.5)


def test_a_database_whose_clock_was_set_back_holds_nothing_up(machines):
    """What was allowed stays allowed."""
    here, there = machines
    here.take(1, PACE)
    Allowance.objects.update(at=F("at") + timedelta(hours=1))

    assert PACE.wait(there.take(1, PACE)) == pytest.approx(1, abs=0.1)
