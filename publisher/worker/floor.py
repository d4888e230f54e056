"""Whose turn it is: what this process hands over, what it joins in, and what gives way.

A process has so many places. A placement that had its turn gives its place up when others wait,
and comes again behind them; so a small urgent circular passes a newsletter to a million. A
process with places to spare joins in what another process hands over, if it is large.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from asgiref.sync import sync_to_async
from django.db import Error

from publisher.flows.turns import Others, others

log = logging.getLogger(__name__)

Join = Callable[[int], Awaitable[None]]  #: hands over a placement, as others do
PLACES = 8  #: placements handed over at once; waiting for services, not for the processor
TURN_SECONDS = 10.0  #: after which a placement gives way to what waits
REST_SECONDS = 15.0  #: before a placement that was joined in is joined in again
LOOK_SECONDS = 1.0


class Floor:
    """The places of one process."""

    def __init__(self) -> None:
        self._places = PLACES
        self._since: dict[int, float] = {}  #: when each placement in hand got its place
        self._asked: set[int] = set()  #: those in hand that were asked for once more
        self._left: dict[int, float] = {}  #: when each one joined in was left
        self._waiting = False  #: whether something waits for a place

    def enter(self, placement: int) -> bool:
        """Take a place; False: it has one, and whoever leaves that is told."""
        if placement in self._since:
            self._asked.add(placement)
            return False
        self._since[placement] = time.monotonic()
        return True

    def leave(self, placement: int) -> bool:
        """Give the place up; True: it was asked for meanwhile, and is to be taken up once more."""
        asked = placement in self._asked
        self._asked.discard(placement)
        del self._since[placement]
        return asked

    def gives_way(self, placement: int) -> bool:
        """Say whether a placement had its turn, and others wait for a place."""
        turn = time.monotonic() - self._since.get(placement, float("inf"))
        return self._waiting and len(self._since) >= self._places and turn > TURN_SECONDS

    @asynccontextmanager
    async def open(self, places: int, join: Join) -> AsyncIterator[None]:
        """See, while the block runs, that turns are kept and no place is idle.

        Args:
            places: how many placements may be in hand at once.
            join: called with the id of a placement that another process has in hand.
        """
        self._places = places
        joined: set[asyncio.Task[None]] = set()
        watch = asyncio.create_task(self._watch(joined, join))
        try:
            yield
        finally:
            watch.cancel()
            # Whatever ended the block, a hand-over ends in its own time.
            await asyncio.gather(watch, *joined, return_exceptions=True)

    async def _watch(self, joined: set[asyncio.Task[None]], join: Join) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with suppress(Error):  # a database that is away is seen by those who need it
                found = await sync_to_async(others)(besides=[*self._since, *self._resting()])
                self._waiting = found.waiting
                for placement in self._to_join(found):
                    task = asyncio.create_task(self._join(placement, join))
                    joined.add(task)
                    task.add_done_callback(joined.discard)

    def _to_join(self, found: Others) -> tuple[int, ...]:
        spare = 0 if found.waiting else self._places - len(self._since)
        return found.large[: max(0, spare)]

    async def _join(self, placement: int, join: Join) -> None:
        self._left[placement] = float("inf")
        log.info("joins in", extra={"placement": placement})
        try:
            await join(placement)
        except Exception:
            log.exception("joining in failed")
        finally:
            self._left[placement] = time.monotonic()

    def _resting(self) -> list[int]:
        """Give what was joined in a moment ago: it had nothing for us, or it failed."""
        now = time.monotonic()
        self._left = {one: at for one, at in self._left.items() if now - at < REST_SECONDS}
        return list(self._left)
