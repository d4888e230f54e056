"""What runs have in hand: claimed by a window, and settled once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta

import pytest
from django.db import connection

from publisher.flows.ledger import Claimed, Ledger, next_due
from publisher.flows.settle import Answer, settle
from publisher.kit import clock
from publisher.models import Delivery, DeliveryState, Placement, Window
from tests.faults.sending import figures, held, newsletter


@pytest.fixture
def runs() -> Iterator[tuple[Ledger, Ledger]]:
    """Two runs of one placement with six readers."""
    placement = newsletter(1, readers=6)
    with ExitStack() as stack:
        one, two = (Ledger(placement.pk, f"here-1-{number}") for number in (1, 2))
        yield stack.enter_context(closing(one)), stack.enter_context(closing(two))


def claim(run: Ledger, count: int = 2) -> list[Claimed]:
    return run.claim(count, now=clock.now())


def numbers(rows: list[Claimed]) -> list[int]:
    return [int(row.address.removeprefix("reader").partition("@")[0]) for row in rows]


def answers(rows: list[Claimed], state: DeliveryState, **said) -> list[Answer]:
    return [Answer(delivery=row.delivery, state=state, **said) for row in rows]


@pytest.mark.django_db(transaction=True)
def test_no_row_is_in_two_windows(runs):
    """Each run claims what follows the other's."""
    one, two = runs
    found = [numbers(claim(run)) for run in (one, two, one, two)]

    assert found == [[1, 2], [3, 4], [5, 6], []]
    assert Window.objects.count() == 3
    assert figures(Placement.objects.get()) == {"in flight": 6}


@pytest.mark.django_db(transaction=True)
def test_what_is_handed_back_is_claimed_again_and_nothing_twice(runs):
    """By anybody, while others have what lies beyond it in hand."""
    one, two = runs
    back = claim(one)
    claim(two)
    one.settle(answers(back, DeliveryState.QUEUED))

    assert [numbers(claim(two, 3)), numbers(claim(one, 3))] == [[1, 2, 5], [6]]
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0}


@pytest.mark.django_db(transaction=True)
def test_what_waited_for_its_moment_comes_first(runs):
    """And not before it; the placement knows when that is."""
    one, _ = runs
    busy = claim(one)
    later = clock.now() + timedelta(hours=1)
    one.settle(answers(busy, DeliveryState.RETRY, due_at=later))
    one.settle(answers(claim(one), DeliveryState.ACCEPTED))
    placement = Placement.objects.get()

    assert next_due(placement.pk) < clock.now()
    assert numbers(one.claim(3, now=later)) == [1, 2, 5]
    claim(one)
    assert next_due(placement.pk) == later


@pytest.mark.django_db(transaction=True)
def test_answers_recorded_twice_count_once(runs):
    """As where the database went away after it had committed."""
    one, two = runs
    accepted, busy = claim(one), claim(one)
    said = answers(accepted, DeliveryState.ACCEPTED)
    said += answers(busy, DeliveryState.RETRY, due_at=clock.now())

    assert [one.settle(said), one.settle(said), two.settle(said)] == [4, 4, 4]
    assert figures(Placement.objects.get()) == {"accepted": 2, "retry": 2, "queued": 2}
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0, 1}
    assert not Window.objects.exists()


@pytest.mark.django_db
def test_an_outcome_touches_no_index():
    """It is written beside the row it follows, in the room its page keeps."""
    placement = newsletter(1, readers=2000)
    before = updates()
    said = [Answer(delivery=one, state=DeliveryState.ACCEPTED) for one in held("here-1-1")]
    for first in range(0, 2000, 500):
        settle(placement.pk, said[first : first + 500], journal="here-1-1")
    written, beside = (after - earlier for after, earlier in zip(updates(), before, strict=True))
    assert written == 2000
    assert beside > 1900


def updates():
    """Give how many rows of deliveries were updated, and how many of those beside themselves.

    The figures of transactions before this one may still be among them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(n_tup_upd), sum(n_tup_hot_upd) FROM pg_stat_xact_user_tables"
            " WHERE relname LIKE 'publisher_delivery_2%'"
        )
        return cursor.fetchone()
