"""A worker's runs give their connections on; a run elsewhere has one of its own."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from publisher.flows import spare
from publisher.flows.ledger import LOCK_CLASS, Ledger
from publisher.kit import clock
from tests.faults import hands
from tests.faults.sending import newsletter

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_connection_is_given_on_without_its_locks_and_made_anew_when_it_broke():
    """Nobody takes a run that ended for one that lives, and a server may restart in between."""
    placement = newsletter(1, readers=3)
    with spare.kept():
        first = _claimed(placement.pk)
        assert _sessions() == []
        assert _claimed(placement.pk) == first
        with psycopg.connect(hands.database(), autocommit=True) as own:
            own.execute("SELECT pg_terminate_backend(%s)", [first])
        assert _claimed(placement.pk) != first
    assert _claimed(placement.pk) != _claimed(placement.pk)


def _claimed(placement: int) -> int:
    """Claim a row through a ledger; give the number of its session."""
    ledger = Ledger(placement, "here")
    ledger.claim(1, now=clock.now())
    [session] = _sessions()
    ledger.close()
    return session


def _sessions() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s", [LOCK_CLASS]
        )
        return [pid for (pid,) in cursor.fetchall()]
