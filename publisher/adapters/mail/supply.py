"""The parcels of all windows, dealt out to several connections."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Sequence

from publisher.models.adapter import Parcel

#: how often a parcel is handed to another connection before it has to wait its turn
MOST_RETURNS = 3


class Supply:
    """Takes the next window when the last one is dealt out."""

    def __init__(self, windows: AsyncIterator[Sequence[Parcel]]) -> None:
        self._windows = windows
        self._ready: deque[Parcel] = deque()
        self._returns: Counter[int] = Counter()
        self._turn = asyncio.Lock()
        self._over = False

    def __len__(self) -> int:
        return len(self._ready)

    def at_hand(self) -> Parcel | None:
        """Give a parcel without waiting, if there is one."""
        return self._ready.popleft() if self._ready else None

    async def take(self) -> Parcel | None:
        """Give a parcel, waiting for the next window; None when there are no more."""
        async with self._turn:
            while not self._ready and not self._over:
                window = await anext(self._windows, None)
                self._over = window is None
                self._ready.extend(window or ())
            return self.at_hand()

    def put_back(self, parcel: Parcel) -> None:
        """Take back what was not sent at all."""
        self._ready.appendleft(parcel)

    def give_back(self, parcel: Parcel) -> bool:
        """Let another connection have it, which was not taken; False if it came back too often."""
        self._returns[parcel.delivery] += 1
        if self._returns[parcel.delivery] > MOST_RETURNS:
            return False
        self.put_back(parcel)
        return True
