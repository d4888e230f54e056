"""How fast: an allowance that grows as time passes, and is used up by what is handed over."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_WINDOW = 100
SMALLEST_WINDOW = 20  #: so that a few slow answers do not leave connections without work
WINDOW_SECONDS = 1.0
BURST_SECONDS = 1.0  #: how much of its pace an outlet may use at once


@dataclass(frozen=True)
class Pace:
    """So many a minute, of which no more than a burst is saved up."""

    per_minute: int

    @property
    def per_second(self) -> float:
        """How fast an allowance grows."""
        return self.per_minute / 60

    @property
    def burst(self) -> float:
        """How much of it may be saved up."""
        return max(1.0, self.per_second * BURST_SECONDS)

    @property
    def window(self) -> int:
        """How many may be handed over at once."""
        return max(1, int(self.burst))

    def wait(self, level: float) -> float:
        """Give the seconds until what was taken is there; `level` is below zero by what is not."""
        return max(0.0, -level / self.per_second)


def cut(window: int, *, answers: int, seconds: float) -> int:
    """Cut a window to about a second's work.

    Args:
        window: the largest there may be.
        answers: how many there have been so far.
        seconds: in how much time; before the first answer a small window finds out.
    """
    if not answers or seconds <= 0:
        return min(window, FIRST_WINDOW)
    return min(window, max(SMALLEST_WINDOW, int(answers / seconds * WINDOW_SECONDS)))
