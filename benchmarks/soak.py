"""Random kills in the middle of sends, one in each trial, against what the server really took.

    .venv/bin/python -m benchmarks.soak [--trials 50] [--readers 3000] [--seed 1] [--slow-answers]

Two workers and a clock share one placement; PostgreSQL is embedded and durable. The mail server
says 421 to every hundredth mail and hangs up on every second session after forty. In each trial
one of them is killed, or the database, or told to end, at a random moment; then the send is let
finish. Nothing may be lost, nothing repeated but what was on the killed worker's connections, and
the ledger's figures must be the server's. Ends with status 1 if anything of this is not so.

A mail is repeated when the server has taken it, and the worker dies before the answer is there.
So the figures depend on the server: this one takes 2 ms over each recipient, as one does that
looks it up, and answers as soon as it has a mail. With `--slow-answers` it takes the 2 ms between
having a mail and saying so, and nearly every connection of a killed worker repeats one.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg

from publisher.kit.postgres import EmbeddedPostgres
from tests.faults.sink import ROOT, sink

CONNECTIONS = 4
GENTLY = "a worker, by SIGTERM"
VICTIMS = ("a worker", "a worker", "both workers", "the clock", "PostgreSQL", GENTLY)
SECONDS = 0.002
BAD_DAY = {
    "every": {"421 4.3.2 go away": 100},
    "drop_sessions": 2,
    "drop_after": 40,
}
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Trial:
    """What became of one."""

    victim: str
    lost: int
    repeated: int
    uncertain: int
    agrees: bool  #: the ledger's figures are the server's
    seconds: float

    @property
    def allowed(self) -> int:
        """How many mails may be on the connections of what was killed."""
        return CONNECTIONS * {"a worker": 1, "both workers": 2}.get(self.victim, 0)

    @property
    def good(self) -> bool:
        """Say whether it kept what the product promises."""
        return not self.lost and self.repeated <= self.allowed and self.agrees


def main() -> None:
    """Run the trials and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=50)
    parser.add_argument("--readers", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow-answers", action="store_true")
    asked = parser.parse_args()
    at_random = random.Random(asked.seed)
    day = BAD_DAY | {"seconds" if asked.slow_answers else "recipient_seconds": SECONDS}
    with tempfile.TemporaryDirectory(prefix="publisher-soak-") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        server.start()
        try:
            _make_tables(Path(folder), server)
            trials = [
                _trial(Path(folder) / str(number), server, asked.readers, at_random, day)
                for number in range(asked.trials)
            ]
        finally:
            server.stop()
    _report(trials)
    sys.exit(not all(trial.good for trial in trials))


def _make_tables(folder: Path, server: EmbeddedPostgres) -> None:
    """Make a database with our tables once, for each trial to copy."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE soak")
    named = {"DATABASE_URL": server.url("soak"), "PUBLISHER_DATA": str(folder / "tables")}
    command = [sys.executable, "-m", "publisher", "status"]
    subprocess.run(command, env=os.environ | named, check=True, stdout=subprocess.DEVNULL)


class Stage:
    """The processes of one trial, on a database and in a folder of their own."""

    def __init__(self, folder: Path, server: EmbeddedPostgres, readers: int) -> None:
        self.readers, self.server = readers, server
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "soak_{folder.name}" TEMPLATE soak')
        self.url = server.url(f"soak_{folder.name}")
        named = {"DATABASE_URL": self.url, "PUBLISHER_DATA": str(folder / "data")}
        self.environment = {**os.environ, **named}
        self.processes = ExitStack()

    def prepare(self, port: int) -> None:
        """Write the plan, the readers and the ledger; begin to send."""
        command = [sys.executable, "-m", "tests.faults.prepare", str(port), str(self.readers)]
        subprocess.run(command, env=self.environment, cwd=ROOT, check=True)
        self.workers = [self.start("worker"), self.start("worker")]
        self.clock = self.start("clock")

    def start(self, command: str) -> subprocess.Popen[bytes]:
        """Start a command of the product, until the end of the trial."""
        process = subprocess.Popen(
            [sys.executable, "-m", "publisher", command],
            env=self.environment,
            stderr=subprocess.DEVNULL,
        )
        self.processes.callback(_end, process)
        return process

    def kill(self, victim: str) -> None:
        """Kill it, and start another in its place."""
        if victim == "PostgreSQL":
            self.server._control("restart", "-m", "immediate")
        elif victim == "the clock":
            self.clock.kill()
            self.start("clock")
        else:
            sign = signal.SIGTERM if victim == GENTLY else signal.SIGKILL
            for process in self.workers if victim == "both workers" else self.workers[:1]:
                process.send_signal(sign)
                process.wait()
                self.start("worker")


def _trial(
    folder: Path,
    server: EmbeddedPostgres,
    readers: int,
    at_random: random.Random,
    day: Mapping[str, object],
) -> Trial:
    victim = at_random.choice(VICTIMS)
    moment = at_random.randrange(readers // 10, readers * 3 // 4)
    began = time.monotonic()
    stage = Stage(folder, server, readers)
    with sink(folder / "sink", **day) as mails, stage.processes:
        stage.prepare(mails.port)
        _until(lambda: len(mails.taken()) >= moment, f"{moment} mails at the server")
        stage.kill(victim)
        _until(lambda: _finished(stage.url), "the placement to finish")
        taken = Counter(mails.taken())
    accepted, uncertain = _figures(stage.url)
    trial = Trial(
        victim=victim,
        lost=readers - len(taken),
        repeated=sum(taken.values()) - len(taken),
        uncertain=uncertain,
        agrees=accepted + uncertain >= len(taken) >= accepted,
        seconds=time.monotonic() - began,
    )
    print(f"{folder.name:>3} {'good' if trial.good else 'BAD '} {trial}", file=sys.stderr)
    return trial


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _until(true, what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > end:
            sys.exit(f"waited in vain: {what}")
        time.sleep(0.02)


def _finished(url: str) -> bool:
    try:
        with psycopg.connect(url) as connection:
            return connection.execute("SELECT state FROM publisher_placement").fetchall() == [
                ("finished",)
            ]
    except psycopg.OperationalError:
        return False


def _figures(url: str) -> tuple[int, int]:
    """Give how many rows are accepted, and uncertain; the placement's figures must be the same."""
    with psycopg.connect(url) as connection:
        rows = dict(
            connection.execute(
                "SELECT state, count(*) FROM publisher_delivery GROUP BY 1"
            ).fetchall()
        )
        own = connection.execute("SELECT accepted, uncertain FROM publisher_placement").fetchone()
    assert own == (rows.get(2, 0), rows.get(5, 0)), "the placement's figures are not its rows'"
    return own


def _report(trials: list[Trial]) -> None:
    print("| killed | trials | lost | repeated, at most | allowed | median | figures agree |")
    print("|---|---|---|---|---|---|---|")
    for victim in dict.fromkeys(VICTIMS):
        found = [trial for trial in trials if trial.victim == victim]
        if found:
            repeats = [trial.repeated for trial in found]
            agree = sum(trial.agrees for trial in found)
            print(
                f"| {victim} | {len(found)} | {sum(trial.lost for trial in found)} "
                f"| {max(repeats)} | {found[0].allowed} | {statistics.median(repeats):g} "
                f"| {agree} of {len(found)} |"
            )
    median = statistics.median(trial.repeated for trial in trials)
    print(f"\nIn all {len(trials)} trials: repeated in the median trial {median:g}.")


if __name__ == "__main__":
    main()
