"""A data folder of a benchmark's own, or a server too, gone when it is over."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from publisher.kit.postgres import EmbeddedPostgres


def own_folder() -> str:
    """Make the folder and have the settings name it, whatever they named before; give it.

    It is removed after whatever starts later, such as its database, has stopped.
    """
    folder = tempfile.mkdtemp(prefix="publisher-benchmark-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["PUBLISHER_DATA"] = folder
    return folder


@contextmanager
def own_database() -> Iterator[tuple[Path, EmbeddedPostgres]]:
    """Run a durable server in such a folder, and have the settings name it, too; give both."""
    folder = Path(own_folder())
    server = EmbeddedPostgres(folder / "postgres")
    os.environ["DATABASE_URL"] = server.start()
    try:
        yield folder, server
    finally:
        server.stop()
