"""The demonstration, run once as a user runs it, in a data folder of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
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
        timeout=150,
    )
    said = json.loads(done.stdout) if done.stdout else {}
    return Run(status=done.returncode, said=said, progress=done.stderr, data=data)


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The first run on a fresh data folder, with a space in its name."""
    return demonstrate(tmp_path_factory.mktemp("demo") / "data of the demo")


@pytest.fixture(scope="session")
def second_run(first_run: Run) -> Run:
    """The same again, on the same folder."""
    return demonstrate(first_run.data)
