"""A real worker in a process of its own, to be killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.db import connection

from publisher.settings import settings

PATIENCE_SECONDS = 60


def start(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """Start `publisher worker`, on the test's own database unless another is named."""
    given = {**os.environ, "PUBLISHER_DATA": str(settings().data_folder), **environment}
    if "DATABASE_URL" not in environment:
        given["DATABASE_URL"] = database()
    command = [sys.executable, "-m", "publisher", "worker", *arguments]
    return subprocess.Popen(command, env=given, stderr=subprocess.DEVNULL)


def database() -> str:
    """Give the URL of the test's own database."""
    name = connection.settings_dict["NAME"]
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@contextmanager
def worker(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker for as long as the block runs."""
    process = start(*arguments, **environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for something to be so, and fail after a minute."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)
