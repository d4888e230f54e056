"""An outlet's pace."""

import pytest

from publisher.dispatch.pace import Bucket, cut
from publisher.models.specs import PaceSpec


def test_an_outlet_without_a_pace_has_no_bucket():
    """Then nothing is waited for."""
    assert Bucket.full(PaceSpec(), at=0.0) is None


@pytest.mark.parametrize("per_minute", [1, 7, 60, 600, 60_000])
def test_over_time_no_more_than_the_pace_goes_out(per_minute):
    """Whatever the windows, ten minutes see ten minutes' worth and one burst."""
    bucket = Bucket.full(PaceSpec(per_minute=per_minute), at=0.0)
    now, count = 0.0, 0
    while now < 600:
        bucket, wait = bucket.take(bucket.window, now=now)
        now += wait
        count += bucket.window
    assert count <= per_minute * 10 + 2 * bucket.window
    assert count >= per_minute * 10 * 0.9


def test_a_rest_is_not_saved_up():
    """After an hour's silence an outlet does not send an hour's worth at once."""
    bucket = Bucket.full(PaceSpec(per_minute=60), at=0.0)
    bucket, wait = bucket.take(1, now=3600.0)
    assert wait == 0
    _, wait = bucket.take(1, now=3600.0)
    assert wait == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("answers", "seconds", "window"),
    [(0, 0.0, 100), (10, 10.0, 20), (900, 3.0, 300), (50_000, 10.0, 500)],
)
def test_a_window_is_about_a_seconds_work(answers, seconds, window):
    """So that a pause is felt soon, and a fast server is not held up."""
    assert cut(500, answers=answers, seconds=seconds) == window
