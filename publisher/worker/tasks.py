"""What is deferred: Procrastinate's tasks, one for each flow that works on its own.

A task names rows and nothing else, so that the queue holds no address and no words. Each may run
twice without harm: the ledger says what is still to be done.
"""

from __future__ import annotations

import asyncio
import threading

from asgiref.sync import sync_to_async
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from publisher.flows import address, epoch, recover, refresh_sites, tell, uncertain
from publisher.flows.hand_over import hand_over as hand_placement_over
from publisher.flows.hand_over import show_fault
from publisher.kit import clock
from publisher.worker.floor import Floor

#: set when this process is to end: what is in hand is finished, and nothing more is begun
stopping = threading.Event()
floor = Floor()
_in_hand: set[asyncio.Task[None]] = set()  #: the hand-overs of this process
AGAIN = RetryStrategy(max_attempts=6, wait=5, exponential_wait=2)  #: then housekeeping sees to it
STALLED_SECONDS = 30  #: without a heartbeat, after which a worker's jobs are somebody else's


@app.task(name="begin", retry=AGAIN)
async def begin(occurrence_id: int) -> None:
    """Write the ledger of an occurrence that has started."""
    # In the one thread that all such work shares: its connection is closed when the work ends.
    await sync_to_async(address.begin)(occurrence_id, now=clock.now())
    await sync_to_async(tell.wake)()


@app.task(name="hand_over", retry=AGAIN)
async def hand_over(placement_id: int, failures: int = 0) -> None:
    """Hand over what is open of a placement."""
    asked = True
    while asked and floor.enter(placement_id):
        try:
            await _hand_over(placement_id, failures)
        finally:
            asked = floor.leave(placement_id)
    await sync_to_async(tell.wake)()


async def _hand_over(placement_id: int, failures: int) -> None:
    left = asyncio.Event()
    work = hand_placement_over(
        placement_id,
        failures=failures,
        stopping=lambda: stopping.is_set() or left.is_set() or floor.gives_way(placement_id),
    )
    try:
        await _finished(asyncio.create_task(work), left)
    except Exception as fault:
        await sync_to_async(show_fault)(placement_id, fault)
        raise


async def _finished(work: asyncio.Task[None], left: asyncio.Event) -> None:
    """Wait for a hand-over, though the queue leaves it: then its window in hand is its last.

    The queue cancels what it runs when its own connection is lost. To cut a window short for that
    would make uncertain what a server is about to answer.
    """
    _in_hand.add(work)
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        left.set()
        await work
    finally:
        _in_hand.discard(work)


def cut_short() -> None:
    """End every hand-over of this process now; what no service has answered is uncertain."""
    for work in _in_hand:
        work.cancel()


@app.task(name="ask", retry=AGAIN)
async def ask(placement_id: int) -> None:
    """Ask a service about what is uncertain."""
    await uncertain.ask(placement_id)


@app.periodic(cron="7 * * * *")
@app.task(name="sites", queueing_lock="sites")
async def sites(timestamp: int) -> None:  # cron's moment
    """Make the sites again: what is around their pages may have changed."""
    await refresh_sites.refresh_sites()


@app.periodic(cron="* * * * *")
@app.task(name="housekeeping", queueing_lock="housekeeping", pass_context=True)
async def housekeeping(context: JobContext, timestamp: int) -> None:  # cron's moment
    """Take up what dead processes left, and what waited for a cause to go away."""
    await sync_to_async(epoch.beat)(now=clock.now())
    await sync_to_async(recover.recover)(now=clock.now())
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await jobs.retry_job(job)
    await jobs.delete_old_jobs(nb_hours=24 * 30)
