"""The clock: wakes at the next due moment and starts what is due.

It holds one connection, on which it listens for changes of the calendar and keeps an advisory
lock: whoever has the lock is the clock, and the others wait for it. When the connection goes, the
lock goes with it, and everybody tries again. Two clocks at once would do no harm: what is due is
started in transactions that skip what another has in hand.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from types import FrameType

import psycopg
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from django.db import DatabaseError, close_old_connections, connection
from psycopg.conninfo import make_conninfo

from publisher.flows import epoch
from publisher.flows.allowances import forget_full
from publisher.flows.bell import CHANNEL, LOCK
from publisher.flows.expand import expand
from publisher.flows.kept_answers import forget_old
from publisher.flows.months import make_room
from publisher.flows.publish import next_due, prepare_approved, publish_due
from publisher.kit import clock

log = logging.getLogger(__name__)

HOUSEKEEPING = timedelta(seconds=30)
HORIZON = timedelta(days=1)  #: how often occurrences further ahead are written
BREATH = timedelta(seconds=1)  #: before another look at what somebody else has in hand
CHECK_SECONDS = 5.0  #: how often an idle connection is tried


def run() -> None:
    """Be the clock, or wait to be it, until SIGTERM or SIGINT."""
    try:
        with _ended_by_signals():
            _Clock().run()
    except _End:
        log.info("clock ends")


def tick(now: datetime, *, enough: Callable[[], bool] = lambda: False) -> datetime | None:
    """Start what is due; give the moment to look again, or None if nothing is planned."""
    started = publish_due(now=now, enough=enough)
    if not enough():
        prepare_approved(now)
    if started:
        log.info("started", extra={"placements": len(started)})
    return next_due()


class _End(KeyboardInterrupt):
    """A signal asked for the end; psycopg knows by its family to end what it waits for."""


class _Clock:
    def __init__(self) -> None:
        self._ended = threading.Event()
        self._gone = False  #: whether the database was last seen gone

    def run(self) -> None:
        try:
            while True:
                self._connect()
                self._ended.wait(BREATH.total_seconds())
        finally:
            self._ended.set()

    def _connect(self) -> None:
        """Listen and, once elected, be the clock for as long as the connection lives."""
        try:
            with closing(psycopg.connect(_address(), autocommit=True)) as held:
                self._back()
                self._wait_for_election(held)
                self._reign(held)
        except (psycopg.OperationalError, psycopg.InterfaceError):
            self._lost()

    def _wait_for_election(self, held: psycopg.Connection) -> None:
        # Asked again and again: a statement that waited for days would keep the server from
        # cleaning up.
        while not _elected(held):
            self._ended.wait(BREATH.total_seconds())
        log.info("clock elected")

    def _reign(self, held: psycopg.Connection) -> None:
        held.execute(f"LISTEN {CHANNEL}")
        reign = _Reign(self._ended)
        with _connected():
            if count := epoch.guard(now=clock.now()):
                log.warning("database restored", extra={"held_back": count})
        try:
            reign.begin()
            while True:
                # The generator ends after a while without a notification.
                for _ in held.notifies(timeout=CHECK_SECONDS):
                    reign.look()
                held.execute("SELECT 1")
        finally:
            reign.end()

    def _lost(self) -> None:
        if not self._gone:
            log.warning("database gone")
        self._gone = True

    def _back(self) -> None:
        if self._gone:
            log.info("database back")
        self._gone = False


class _Reign:
    """What the elected clock does; in the scheduler's one thread, so one thing at a time."""

    def __init__(self, ended: threading.Event) -> None:
        self._over = threading.Event()
        self._ended = ended
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            # However late a job is, it is done, once; a second look waits for the first.
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 3},
        )

    def begin(self) -> None:
        # The system's clock may jump, and a notification may be lost: look now and then.
        for job, every in (
            (self.look, HOUSEKEEPING),
            (self._beat, HOUSEKEEPING),
            (self._expand, HORIZON),
        ):
            self._scheduler.add_job(job, "interval", seconds=every.total_seconds())
        self.look()
        # A new release may bring forms that were not there.
        self._scheduler.add_job(self._expand, "date", run_date=clock.now() + BREATH)
        self._scheduler.start()

    def end(self) -> None:
        self._over.set()
        self._scheduler.shutdown(wait=False)

    def look(self, at: datetime | None = None) -> None:
        """Look at a moment, or now, at what is due; this takes the place of the next look."""
        self._scheduler.add_job(
            self._tick, "date", run_date=at or clock.now(), id="due", replace_existing=True
        )

    def _tick(self) -> None:
        with _reported(), _connected():
            due = tick(clock.now(), enough=self._enough)
            if due and not self._enough():
                self.look(max(due, clock.now() + BREATH))

    def _expand(self) -> None:
        with _reported(), _connected():
            now = clock.now()
            expand(now=now)
            make_room(now=now)
            forget_old(now=now)
            forget_full(now=now)

    def _beat(self) -> None:
        with _reported(), _connected():
            epoch.beat(now=clock.now())

    def _enough(self) -> bool:
        return self._over.is_set() or self._ended.is_set()


def _elected(held: psycopg.Connection) -> bool:
    row = held.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
    return bool(row and row[0])


@contextmanager
def _reported() -> Iterator[None]:
    """Keep the clock going whatever happens: the next look tries again."""
    try:
        yield
    except DatabaseError:
        # The listening connection sees it, too, and says so once.
        log.debug("look failed", exc_info=True)
    except Exception:
        log.exception("look failed")


@contextmanager
def _connected() -> Iterator[None]:
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    def end(_number: int, _frame: FrameType | None) -> None:
        raise _End

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _address() -> str:
    """Give Django's own database, so that there is one place that says which it is."""
    parameters = connection.get_connection_params()
    for unfit in ("context", "cursor_factory", "prepare_threshold"):
        parameters.pop(unfit, None)
    return make_conninfo(**parameters, application_name="publisher clock")
