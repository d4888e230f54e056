"""One run of a hand-over: what is in whose hands, from the ledger to the service and back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import ParamSpec, TypeVar

from publisher.dispatch.domains import Domains
from publisher.dispatch.pace import Pace, cut
from publisher.flows.consign import parcel
from publisher.flows.ledger import Claimed, Ledger
from publisher.flows.line_up import LineUp
from publisher.flows.settle import Answer, answer_to
from publisher.kit.journal import DiskFull, Entry, Journal
from publisher.models import DeliveryState, PlacementState
from publisher.models.adapter import Adapter, Consignment, Outcome, Parcel, Verdict
from publisher.models.errors import (
    DeliveryError,
    NeedsConnecting,
    OutcomeUnknown,
    TryLater,
    WillNeverWork,
)

P = ParamSpec("P")
T = TypeVar("T")

VERDICTS = (Verdict.ACCEPTED, Verdict.REFUSED, Verdict.LATER, Verdict.UNCERTAIN)
BATCH = 1000  #: answers after which they are recorded at once
BATCH_SECONDS = 0.2  #: after which they are recorded in any case


class Run:
    """What is claimed is either answered and recorded, or back in the queue, when it is closed."""

    def __init__(
        self,
        ledger: Ledger,
        journal: Journal,
        service: Adapter,
        goods: Consignment,
        *,
        stopping: Callable[[], bool],
        now: Callable[[], datetime],
    ) -> None:
        self._ledger, self._journal = ledger, journal
        self._service, self._goods = service, goods
        self._stopping, self._now = stopping, now
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._in_hand: dict[int, tuple[Claimed, Parcel]] = {}
        self._ahead: asyncio.Task[list[Claimed]] | None = None
        self._promised = 0  #: claimed, and not in the journal yet
        self._answers: list[tuple[Answer, int | None]] = []  #: with their slots in the journal
        self._recording: list[tuple[Answer, int | None]] = []  #: on their way into the ledger
        self._unsure: list[tuple[Claimed, Parcel]] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._disk: DiskFull | None = None
        self._started = time.monotonic()
        # A pace spares a service, and capture is none.
        real, said = service.capabilities.reaches_the_world, goods.outlet.pace
        self._pace = Pace(said.per_minute) if real and said.per_minute else None
        self._line_up = LineUp(ledger, Domains(said.domains)) if real and said.domains else None
        self._lined_up = 0
        self._over = False  #: whether the last claim found less than was asked for
        self.count = 0  #: answers so far

    async def go(self) -> DeliveryError | None:
        """Hand over until nothing more is due; give what held it up."""
        recorder = asyncio.create_task(self._record())
        try:
            problem: DeliveryError | None = await self._windows_to_service()
            while isinstance(problem, WillNeverWork) and self.count:
                self.count, before = 0, self.count
                problem = await self._windows_to_service()
                self.count += before
        finally:
            await self._hand_back_ahead()
            self._closing = True
            self._wake.set()
            await recorder
        await self._in_thread(self._ledger.hand_back_lost)
        await self._ask()
        return problem or (TryLater(disk_sentence(self._disk)) if self._disk else None)

    async def close(self) -> None:
        """End it; the journal stays if it knows what the database does not."""
        with suppress(Exception):
            await self._in_thread(self._ledger.close)
        self._thread.shutdown()
        self._journal.close(keep=bool(self._recording or self._answers or self._in_hand))

    def report(self, outcome: Outcome) -> None:
        """Write an answer down; the adapter calls this the instant it has one."""
        held = self._in_hand.pop(outcome.delivery, None)
        if held is None:
            return  # answered before
        entry = Entry(
            delivery=outcome.delivery,
            verdict=VERDICTS.index(outcome.verdict) + 1,
            answer=outcome.answer,
            url=outcome.url,
        )
        slot = self._journal.write(entry)
        self._promised -= 1
        if outcome.verdict is Verdict.UNCERTAIN:
            self._unsure.append(held)
        self._add(self._answer(outcome, held[0].attempts), slot)

    async def _windows_to_service(self) -> DeliveryError | None:
        windows = self._windows()
        try:
            await self._service.hand_over(self._goods, windows, self.report)
            self._rest(Verdict.LATER, "the service was handed this and said nothing")
        except (TryLater, NeedsConnecting) as error:
            self._hand_back_rest()
            return error
        except OutcomeUnknown as error:
            self._rest(Verdict.UNCERTAIN, str(error))
            return error
        except WillNeverWork as error:
            self._rest(Verdict.REFUSED, str(error))
            return error
        except BaseException:
            self._rest_after_crash()
            raise
        finally:
            await windows.aclose()
        return None

    async def _windows(self) -> AsyncGenerator[Sequence[Parcel], None]:
        """Give window after window, each claimed while the one before it is handed over.

        A window that is not full is the last: what comes back to the queue has a task of its own.
        """
        while self._ahead or not self._over:
            claimed = await (self._ahead or self._claim_ahead())
            self._ahead = None
            if not claimed or not self._may_go_on():
                self._hand_back(claimed)
                return
            if not self._over:
                self._claim_ahead()
            if self._line_up and not (claimed := await self._may_go_now(self._line_up, claimed)):
                continue
            await self._wait_for_pace(len(claimed))
            if not self._may_go_on():
                self._hand_back(claimed)
                return
            if window := self._window(claimed):
                yield window

    def _may_go_on(self) -> bool:
        return self._ledger.state == PlacementState.SENDING and not self._stopping()

    def _window(self, claimed: Sequence[Claimed]) -> list[Parcel]:
        window = []
        for row in claimed:
            if row.left:
                left = Answer(
                    delivery=row.delivery, state=DeliveryState.EXCLUDED, answer="Left meanwhile."
                )
                self._promised -= 1
                self._add(left, None)
                continue
            made = parcel(
                self._goods,
                delivery=row.delivery,
                recipient=row.recipient,
                address=row.address,
                name=row.name,
                committees=row.committees,
                interests=row.interests,
            )
            self._in_hand[row.delivery] = (row, made)
            window.append(made)
        return window

    def _claim_ahead(self) -> asyncio.Task[list[Claimed]]:
        self._ahead = asyncio.create_task(self._claim())
        return self._ahead

    async def _claim(self) -> list[Claimed]:
        count = self._window_size()
        try:
            # Room for every answer is made before anything is claimed.
            self._journal.reserve(self._promised + count)
        except DiskFull as error:
            self._disk = error
            return []
        rows = await self._in_thread(self._ledger.claim, count, now=self._now())
        self._promised += len(rows)
        self._over = len(rows) < count
        return rows

    def _window_size(self) -> int:
        can = self._service.capabilities
        count = can.window
        if can.cuts_windows:
            elapsed = time.monotonic() - self._started
            count = cut(count, answers=self.count + self._lined_up, seconds=elapsed)
        return min(count, self._pace.window) if self._pace else count

    async def _may_go_now(self, line_up: LineUp, claimed: Sequence[Claimed]) -> list[Claimed]:
        """Give what its domain's pace lets go; the rest is back in the queue, with a moment."""
        going, waiting = await self._in_thread(line_up.sort, claimed, now=self._now())
        self._promised -= len(waiting)
        self._lined_up += len(waiting)
        self._answers += [(answer, None) for answer in waiting]
        return going

    async def _wait_for_pace(self, count: int) -> None:
        if self._pace is None:
            return
        level = await self._in_thread(self._ledger.take, count, self._pace)
        wait = self._pace.wait(level)
        while wait > 0 and self._may_go_on():
            await asyncio.sleep(min(wait, 1.0))
            wait -= 1.0

    def _answer(self, outcome: Outcome, attempts: int) -> Answer:
        return answer_to(outcome, attempts=attempts, placement=self._goods.key, now=self._now())

    def _add(self, answer: Answer, slot: int | None) -> None:
        self._answers.append((answer, slot))
        self.count += 1
        if len(self._answers) >= BATCH:
            self._wake.set()

    def _rest(self, verdict: Verdict, answer: str) -> None:
        for delivery in list(self._in_hand):
            self.report(Outcome(delivery=delivery, verdict=verdict, answer=answer))

    def _rest_after_crash(self) -> None:
        if self._service.capabilities.after_crash == "repeat":
            self._hand_back_rest()
        else:
            self._rest(Verdict.UNCERTAIN, "the hand-over was cut short")

    def _hand_back_rest(self) -> None:
        rows = [row for row, _ in self._in_hand.values()]
        self._in_hand.clear()
        self._hand_back(rows)

    def _hand_back(self, rows: Sequence[Claimed]) -> None:
        self._promised -= len(rows)
        for row in rows:
            self._answers.append((Answer(delivery=row.delivery, state=DeliveryState.QUEUED), None))

    async def _hand_back_ahead(self) -> None:
        if self._ahead is not None:
            ahead, self._ahead = self._ahead, None
            self._hand_back(await ahead)

    async def _record(self) -> None:
        """Write answers into the ledger until the run is closing and none is left."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), BATCH_SECONDS)
            last = self._closing
            self._wake.clear()
            if self._answers:
                self._recording, self._answers = self._answers, []
                answers = [answer for answer, _ in self._recording]
                await self._in_thread(self._ledger.settle, answers)
                self._journal.forget([slot for _, slot in self._recording if slot is not None])
                self._recording = []
            if last:
                break

    async def _ask(self) -> None:
        """Ask the service's own record about what is uncertain; a person can, where it cannot."""
        asked = []
        with suppress(DeliveryError):
            for row, made in self._unsure:
                outcome = await self._service.ask(self._goods, made)
                if outcome is not None:
                    asked.append(self._answer(outcome, row.attempts))
        if asked:
            await self._in_thread(self._ledger.settle, asked, was=DeliveryState.UNCERTAIN)

    async def _in_thread(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(*given, **named))


def disk_sentence(error: DiskFull) -> str:
    """Say what a person can do about a full disk."""
    return f"Answers cannot be written down, so nothing is sent: {error}. Make room on the disk."
