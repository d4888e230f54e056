"""How long to wait, and when to give up."""

from datetime import timedelta

import pytest

from publisher.dispatch.retry import LADDER, outage_wait, wait_before


def test_it_tries_for_four_to_five_days():
    """RFC 5321 §4.5.4.1 asks for that before a mail is given up."""
    waits = [wait_before(attempt, key="k") for attempt in range(1, len(LADDER) + 1)]

    assert timedelta(days=4) <= sum(waits, timedelta()) <= timedelta(days=5)
    assert wait_before(len(LADDER) + 1, key="k") is None


def test_a_crowd_does_not_come_back_at_once_and_a_wait_can_be_foretold():
    """Spread by the delivery's key: the same each time it is asked."""
    waits = {wait_before(1, key=str(number)) for number in range(100)}

    assert len(waits) > 90
    assert max(waits) <= LADDER[0] * 1.1
    assert wait_before(1, key="a") == wait_before(1, key="a")


def test_a_service_that_says_how_long_is_believed():
    """Never sooner than it asked, never sooner than the ladder."""
    assert wait_before(1, key="k", after=timedelta(hours=3)) == timedelta(hours=3)
    assert wait_before(1, key="k", after=timedelta(seconds=1)) >= LADDER[0]


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 10), (1, 10), (2, 30), (3, 60), (4, 300), (99, 300)]
)
def test_a_service_that_is_down_is_left_alone_longer_and_longer(failures, seconds):
    """Up to five minutes, for as long as it takes."""
    assert outage_wait(failures) == timedelta(seconds=seconds)
