"""How often something may be done, counted in this process."""

from __future__ import annotations

import ipaddress
import time
from collections import deque
from math import ceil
from threading import Lock

#: how many names are remembered; beyond that the oldest are forgotten, so that memory is bounded
_REMEMBERED = 50_000


def visitor(address: str) -> str:
    """Name a visitor by its address, for counting: who has one address of IPv6 has 2^64 of them.

    Source: RFC 6177 §2: a site is given a /64 at the least.
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((int(known), 64), strict=False).network_address)
    return address


class Limit:
    """So many times in so many seconds, for each name by itself.

    One process serves the pages, so counting in its memory is enough; a restart starts anew.
    """

    def __init__(self, *, times: int, seconds: float) -> None:
        self._times = times
        self._seconds = seconds
        self._done: dict[str, deque[float]] = {}
        self._lock = Lock()

    def allows(self, name: str) -> bool:
        """Count one more, unless it would be too many."""
        now = time.monotonic()
        with self._lock:
            done = self._done.pop(name, None) or deque()
            while done and now - done[0] > self._seconds:
                done.popleft()
            allowed = len(done) < self._times
            if allowed:
                done.append(now)
            self._done[name] = done  # put back last: the first are those asked about longest ago
            if len(self._done) > _REMEMBERED:
                del self._done[next(iter(self._done))]
        return allowed

    def left(self, name: str) -> int:
        """Say how many more times it may be done at once."""
        with self._lock:
            return self._times - self._lately(name)

    def wait(self, name: str) -> int:
        """Say in how many seconds the first that is counted now is counted no more."""
        with self._lock:
            if not self._lately(name):
                return 0
            return max(1, ceil(self._seconds - (time.monotonic() - self._done[name][0])))

    def _lately(self, name: str) -> int:
        now, done = time.monotonic(), self._done.get(name, ())
        return sum(now - moment <= self._seconds for moment in done)

    def forget(self) -> None:
        """Start anew."""
        with self._lock:
            self._done.clear()
