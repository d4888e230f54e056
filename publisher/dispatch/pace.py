"""How fast: a bucket of permissions that fills as time passes."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.models.specs import PaceSpec

FIRST_WINDOW = 100
SMALLEST_WINDOW = 20  #: so that a few slow answers do not leave connections without work
WINDOW_SECONDS = 1.0
BURST_SECONDS = 1.0  #: how much of its pace an outlet may use at once


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """What an outlet may still hand over, as of a moment; times in seconds of any steady clock."""

    per_minute: int
    level: float
    at: float

    @classmethod
    def full(cls, pace: PaceSpec, *, at: float) -> Bucket | None:
        """Give a full bucket, or None for an outlet without a pace."""
        if pace.per_minute is None:
            return None
        return cls(per_minute=pace.per_minute, level=_size(pace.per_minute), at=at)

    @property
    def window(self) -> int:
        """How many may be handed over at once."""
        return max(1, int(_size(self.per_minute)))

    def take(self, count: int, *, now: float) -> tuple[Bucket, float]:
        """Take `count` permissions; give the bucket after it, and the seconds to wait first."""
        rate = self.per_minute / 60
        level = min(_size(self.per_minute), self.level + (now - self.at) * rate)
        wait = max(0.0, (count - level) / rate)
        return Bucket(per_minute=self.per_minute, level=level - count, at=now), wait


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


def _size(per_minute: int) -> float:
    return max(1.0, per_minute / 60 * BURST_SECONDS)
