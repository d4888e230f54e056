"""An outlet's pace."""

import pytest

from publisher.dispatch.pace import Pace, cut


@pytest.mark.parametrize("per_minute", [1, 7, 60, 600, 60_000])
def test_over_time_no_more_than_the_pace_goes_out(per_minute):
    """Whatever the windows, ten minutes see ten minutes' worth and one burst."""
    pace = Pace(per_minute)
    level, now, count = pace.burst, 0.0, 0
    while now < 600:
        level -= pace.window
        wait = pace.wait(level)
        now += wait
        level = min(pace.burst, level + wait * pace.per_second)
        count += pace.window
    assert count <= per_minute * 10 + 2 * pace.window
    assert count >= per_minute * 10 * 0.9


@pytest.mark.parametrize(
    ("answers", "seconds", "window"),
    [(0, 0.0, 100), (10, 10.0, 20), (900, 3.0, 300), (50_000, 10.0, 500)],
)
def test_a_window_is_about_a_seconds_work(answers, seconds, window):
    """So that a pause is felt soon, and a fast server is not held up."""
    assert cut(500, answers=answers, seconds=seconds) == window
