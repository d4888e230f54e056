"""Several works, each in a process of its own: forked together, again when they fall, and ended.

What was loaded before is shared by all of them, for as long as nobody writes to it (fork(2)).
"""

from __future__ import annotations

import ctypes
import gc
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkProcess

log = logging.getLogger(__name__)

Work = Callable[[], object]

PATIENCE_SECONDS = 20.0  #: how long a work may take to finish what it has in hand
LONGEST_PAUSE_SECONDS = 30.0
PR_SET_PDEATHSIG = 1  #: prctl(2): the signal a child gets when its parent dies
PR_SET_NAME = 15  #: prctl(2): what `ps` and `top` call a process, at most 15 octets
M_ARENA_MAX = -8  #: mallopt(3): how many heaps the threads of a process share
ARENAS = 2  #: glibc has eight for each processor, and gives little of them back

_FORK = multiprocessing.get_context("fork")


@dataclass
class Member:
    """One work of the tree."""

    name: str
    work: Work
    falls: int = 0  #: in a row, without having run for a minute
    started: float = 0.0
    restart_at: float = 0.0
    process: ForkProcess | None = field(default=None, repr=False)


class Tree:
    """Works that live and end together.

    Args:
        works: by name, what a process of its own does, until SIGTERM.
    """

    def __init__(self, works: Mapping[str, Work]) -> None:
        self.members = [Member(name, work) for name, work in works.items()]
        self._end = threading.Event()

    def run(self) -> None:
        """Keep them all running until `end` is called or a signal asks for it.

        Connections and threads are not to be open: they cannot be shared.
        """
        _settle()
        try:
            for member in self.members:
                self._start(member)
            while not self._end.wait(0.2):
                for member in self.members:
                    self._tend(member)
        finally:
            self._stop()

    def end(self, *_: object) -> None:
        """Let `run` return, after every work has ended; may be a signal's handler."""
        self._end.set()

    def _start(self, member: Member) -> None:
        member.process = _FORK.Process(target=_live, args=(member,), name=member.name)
        member.process.start()
        member.started = time.monotonic()

    def _tend(self, member: Member) -> None:
        now = time.monotonic()
        if member.process is not None and (status := member.process.exitcode) is not None:
            lived = now - member.started
            member.falls = 1 if lived > 60 else member.falls + 1
            member.restart_at = now + min(2.0 ** (member.falls - 1), LONGEST_PAUSE_SECONDS)
            log.warning("fell", extra={"program": member.name, "status": status})
            member.process = None
        if member.process is None and now >= member.restart_at:
            self._start(member)

    def _stop(self) -> None:
        running = [one.process for one in self.members if one.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + PATIENCE_SECONDS
        for process in running:
            process.join(max(0.1, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()


def _settle() -> None:
    """Leave what is loaded as it is: the collector would write to each object it looks at."""
    gc.collect()
    gc.freeze()
    _ask("mallopt", M_ARENA_MAX, ARENAS)
    _ask("malloc_trim", 0)


def _live(member: Member) -> None:
    # In a session of its own, so that a Ctrl-C reaches the parent, which ends all in order.
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _leave)
    if sys.platform == "linux":
        _ask("prctl", PR_SET_PDEATHSIG, signal.SIGTERM)
        _ask("prctl", PR_SET_NAME, f"publisher {member.name}"[:15].encode())
    member.work()


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def _ask(function: str, *arguments: object) -> None:
    """Call a function of the C library; one that another library has not is left out."""
    with suppress(AttributeError):
        getattr(ctypes.CDLL(None), function)(*arguments)
