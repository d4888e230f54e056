"""Hand a placement over: windows of its ledger to an adapter, outcomes back into the ledger.

The claim of the next window and the recording of the last go on, in a thread of their own, while
a window is handed over. An answer is in the journal the instant it comes, and in the database a
moment later. No transaction is open across the network.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from asgiref.sync import sync_to_async

from publisher.adapters.registry import adapter
from publisher.dispatch.retry import outage_wait
from publisher.flows import defer, epoch
from publisher.flows.consign import consignment
from publisher.flows.journals import journals
from publisher.flows.ledger import Ledger, next_due
from publisher.flows.run import Run, disk_sentence
from publisher.flows.waiting import NAMES
from publisher.kit import clock
from publisher.kit.journal import FOR_ENDPOINTS, FOR_READERS, DiskFull, Journal
from publisher.models import Placement, PlacementState
from publisher.models.adapter import Adapter, Consignment
from publisher.models.errors import DeliveryError, NeedsConnecting, PublisherError, TryLater

log = logging.getLogger(__name__)

#: how long an account that does not let us in is left alone; each try may count against it
NOT_CONNECTED = timedelta(minutes=5)


async def hand_over(
    placement_id: int, *, failures: int = 0, stopping: Callable[[], bool] = lambda: False
) -> None:
    """Hand over what is open and due of a placement, and see to it that the rest follows.

    Args:
        placement_id: its id; one that is not sending is left alone.
        failures: how often in a row its service could not be reached.
        stopping: asked between windows; true ends the run, which goes on when it is deferred.

    Raises:
        LedgerGone: the database did not come back; the journal holds what it does not know.
    """
    found = await sync_to_async(_found)(placement_id)
    if found is None:
        return
    problem: PublisherError | None
    try:
        goods, service = await sync_to_async(_ready)(found)
        problem = await _run(placement_id, goods, service, stopping)
    except PublisherError as error:
        problem = error
    await sync_to_async(_follow_up)(placement_id, problem, failures)


def show_fault(placement_id: int, fault: Exception) -> None:
    """Say on the placement that it met a fault of ours; the log has the rest."""
    sentence = f"A fault in Publisher holds it up ({type(fault).__name__}); it is tried again."
    Placement.objects.filter(pk=placement_id, state=PlacementState.SENDING).update(problem=sentence)


async def _run(
    placement: int, goods: Consignment, service: Adapter, stopping: Callable[[], bool]
) -> DeliveryError | None:
    """Run until nothing more is due, or it is to stop; give what held it up."""
    journal = _journal(goods)
    run = Run(
        Ledger(placement, journal.name), journal, service, goods, stopping=stopping, now=clock.now
    )
    started = time.monotonic()
    try:
        problem = await run.go()
    finally:
        await run.close()
    seconds = round(time.monotonic() - started, 3)
    await sync_to_async(epoch.handed_over)(goods.key, run.count, now=clock.now())
    log.info("hand-over", extra={"placement": goods.key, "answers": run.count, "seconds": seconds})
    return problem


def _journal(goods: Consignment) -> Journal:
    to_readers = "subject" in goods.content.parts
    try:
        return Journal.open_new(journals(), slot=FOR_READERS if to_readers else FOR_ENDPOINTS)
    except DiskFull as error:
        raise TryLater(disk_sentence(error)) from error


def _found(placement_id: int) -> Placement | None:
    return (
        Placement.objects.select_related("rendition", *NAMES)
        .filter(pk=placement_id, state=PlacementState.SENDING, addressed_at__isnull=False)
        .first()
    )


def _ready(placement: Placement) -> tuple[Consignment, Adapter]:
    return consignment(placement), adapter(placement.outlet.said.adapter)


def _follow_up(placement_id: int, problem: PublisherError | None, failures: int) -> None:
    """Show what holds it up, and have the rest handed over when it can be."""
    still = Placement.objects.filter(pk=placement_id, state=PlacementState.SENDING)
    still.exclude(problem=str(problem or "")).update(problem=str(problem or ""))
    if not still.exists():
        return
    now = clock.now()
    if problem is not None:
        at = now + _wait(problem, failures + 1)
        defer.hand_over(placement_id, at=at, failures=failures + 1)
    elif due := next_due(placement_id):
        defer.hand_over(placement_id, at=due if due > now else None, again=True)


def _wait(problem: PublisherError, failures: int) -> timedelta:
    if isinstance(problem, NeedsConnecting):
        return NOT_CONNECTED
    return outage_wait(failures, after=problem.after if isinstance(problem, TryLater) else None)
