"""Several programs as one: started together, restarted when they fall, ended together."""

from __future__ import annotations

import ctypes
import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 20.0  #: how long a program may take to finish what it has in hand
LONGEST_PAUSE_SECONDS = 30.0
PR_SET_PDEATHSIG = 1  #: prctl(2): the signal a child gets when its parent dies


@dataclass
class Member:
    """One program of the tree."""

    name: str
    command: Sequence[str]
    falls: int = 0  #: in a row, without having run for a minute
    started: float = 0.0
    restart_at: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)


class Tree:
    """Programs that live and end together.

    Args:
        commands: by name, the program and its arguments.
    """

    def __init__(self, commands: Mapping[str, Sequence[str]]) -> None:
        self.members = [Member(name, command) for name, command in commands.items()]
        self._end = threading.Event()

    def run(self) -> None:
        """Keep them all running until `end` is called or a signal asks for it."""
        try:
            for member in self.members:
                self._start(member)
            while not self._end.wait(0.2):
                for member in self.members:
                    self._tend(member)
        finally:
            self._stop()

    def end(self, *_: object) -> None:
        """Let `run` return, after every program has ended; may be a signal's handler."""
        self._end.set()

    def _start(self, member: Member) -> None:
        # In a session of their own, so that a Ctrl-C reaches us and we end them in order.
        member.process = subprocess.Popen(
            member.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )
        member.started = time.monotonic()

    def _tend(self, member: Member) -> None:
        now = time.monotonic()
        if member.process is not None and member.process.poll() is not None:
            lived = now - member.started
            member.falls = 1 if lived > 60 else member.falls + 1
            member.restart_at = now + min(2.0 ** (member.falls - 1), LONGEST_PAUSE_SECONDS)
            log.warning("fell", extra={"program": member.name, "status": member.process.returncode})
            member.process = None
        if member.process is None and now >= member.restart_at:
            self._start(member)

    def _stop(self) -> None:
        running = [one.process for one in self.members if one.process is not None]
        for process in running:
            with suppress(ProcessLookupError):
                process.terminate()
        until = time.monotonic() + PATIENCE_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
