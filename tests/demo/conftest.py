"""The demonstration, run once as a user runs it, in a data folder of its own."""

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Run:
    """What one run of the demonstration printed, and where it put things."""

    status: int
    said: dict[str, Any]
    progress: str
    data: Path


def demonstrate(data: Path) -> Run:
    """Run `publisher demo --once --json` from another folder."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"} and "PUBLISHER_" not in name
    }
    environment |= {"PUBLISHER_DATA": str(data), "PUBLISHER_PLAN": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "publisher", "demo", "--once", "--json"],
        cwd=data.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
    )
    said = json.loads(done.stdout) if done.stdout else {}
    return Run(status=done.returncode, said=said, progress=done.stderr, data=data)


@pytest.fixture(scope="session")
def runs() -> list[Run]:
    """A first run on a fresh data folder, with a space in its name, and a second on the same.

    Once for all processes of a test run: whoever comes first runs them, the others wait.
    """
    folder = Path(os.environ["PUBLISHER_TESTS"]) / "demo"
    folder.mkdir(exist_ok=True)
    data, kept = folder / "data of the demo", folder / "runs.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            made = [demonstrate(data), demonstrate(data)]
            kept.write_text(json.dumps([asdict(run) | {"data": str(run.data)} for run in made]))
        return [Run(**run | {"data": data}) for run in json.loads(kept.read_text())]


@pytest.fixture(scope="session")
def first_run(runs: list[Run]) -> Run:
    """The first."""
    return runs[0]


@pytest.fixture(scope="session")
def second_run(runs: list[Run]) -> Run:
    """The second."""
    return runs[1]
