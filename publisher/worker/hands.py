"""The hands: a process that works the queue, until it is told to stop or until it is empty."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

import psycopg
from asgiref.sync import sync_to_async
from django.db import connections
from procrastinate import App
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from publisher.flows import epoch, spare
from publisher.flows.recover import recover
from publisher.flows.turns import waiting
from publisher.kit import clock
from publisher.worker import tasks
from publisher.worker.floor import PLACES

new_event_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
with suppress(ImportError):  # it is not for every system
    from uvloop import new_event_loop

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0  #: a deferred task also wakes the worker at once, by NOTIFY
HEARTBEAT_SECONDS = 5.0
SIGNALS = (signal.SIGTERM, signal.SIGINT)
PATIENCE_SECONDS = 15.0  #: how long a window may take to end when the process is told to
#: how long the ledger's thread keeps the interpreter while the sockets' thread waits for it; with
#: Python's own five milliseconds all connections stand still each time a window is claimed
TURN_SECONDS = 0.0005
#: objects made before the collector looks for circles among them; mails make hardly any
MANY_OBJECTS = 50_000


def run(*, concurrency: int = PLACES) -> None:
    """Work the queue until SIGTERM or SIGINT; the window in hand is finished first."""
    tasks.stopping.clear()
    with spare.kept(), _runner() as runner:
        runner.run(_serve(concurrency))


def drain() -> None:
    """Work the queue until nothing in it is due; for commands that run without a worker.

    Raises:
        KeyboardInterrupt: it was told to end before that.
    """
    tasks.stopping.clear()
    with spare.kept(), _runner() as runner:
        runner.run(_drain())
    if tasks.stopping.is_set():
        raise KeyboardInterrupt


def _runner() -> asyncio.Runner:
    sys.setswitchinterval(TURN_SECONDS)
    gc.freeze()  # what is loaded stays
    gc.set_threshold(MANY_OBJECTS)
    return asyncio.Runner(loop_factory=new_event_loop)


async def _serve(concurrency: int) -> None:
    await sync_to_async(_take_up)()
    away = False
    while not tasks.stopping.is_set():
        try:
            async with _queue(periodic=True) as worker_app:
                if away:
                    log.warning("queue back")
                    await sync_to_async(_take_up)()
                away = False
                await _work(worker_app, concurrency)
        except (ConnectorException, psycopg.OperationalError):
            # A restarted database ends the worker, not the process; what was in hand went on.
            if not away:
                log.warning("queue away")
            away = True
        if not tasks.stopping.is_set():
            await asyncio.sleep(1)


async def _work(worker_app: App, concurrency: int) -> None:
    work = worker_app.run_worker_async(
        concurrency=concurrency,
        fetch_job_polling_interval=POLL_SECONDS,
        shutdown_graceful_timeout=PATIENCE_SECONDS,
        install_signal_handlers=False,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=tasks.STALLED_SECONDS,
    )
    async with tasks.floor.open(concurrency, tasks.hand_over):
        await _until_told(work)


async def _drain() -> None:
    await sync_to_async(_take_up)()
    try:
        async with _queue(periodic=False) as worker_app:
            while not tasks.stopping.is_set() and await sync_to_async(waiting)():
                # No time to end is set: it begins to end as soon as nothing is left to fetch.
                work = worker_app.run_worker_async(
                    concurrency=PLACES,
                    wait=False,
                    listen_notify=False,
                    install_signal_handlers=False,
                )
                await _until_told(work)
    finally:
        await sync_to_async(connections.close_all)()


def _take_up() -> None:
    """See whether the database is the one it was, and settle what dead processes left."""
    now = clock.now()
    if held := epoch.guard(now=now):
        log.warning("database restored", extra={"held_back": held})
    recover(now=now)


async def _until_told(work: Coroutine[None, None, None]) -> None:
    """Work until there is nothing to do, or until SIGTERM or SIGINT: then end what is in hand."""
    task = asyncio.create_task(work)

    def stop() -> None:
        tasks.stopping.set()
        task.cancel()  # the queue's worker takes this as: begin nothing more
        loop.call_later(PATIENCE_SECONDS, tasks.cut_short)

    loop = asyncio.get_running_loop()
    with suppress(ValueError, RuntimeError):  # only the main thread may ask for signals
        for sign in SIGNALS:
            loop.add_signal_handler(sign, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not tasks.stopping.is_set():
            raise
    finally:
        with suppress(ValueError, RuntimeError):
            for sign in SIGNALS:
                loop.remove_signal_handler(sign)


@asynccontextmanager
async def _queue(*, periodic: bool) -> AsyncIterator[App]:
    """Open an app with a connection pool of its own, which shares our tasks.

    The tasks stay bound to Django's app: what they defer joins Django's transaction.
    """
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    worker_app = DjangoApp(connector=connector.get_worker_connector())
    app.perform_import_paths()  # type: ignore[no-untyped-call]  # the library's own
    worker_app.tasks = app.tasks
    if periodic:
        worker_app.periodic_registry = app.periodic_registry
    async with worker_app.open_async():
        yield worker_app
