"""Loaded before Django: a real PostgreSQL and a data folder for the whole test run.

The run's first process starts the server; workers of pytest-xdist find it in the environment and
make a database each.
"""

import atexit
import fcntl
import os
import shutil
import sys
import tempfile
from pathlib import Path

from publisher.kit.postgres import EmbeddedPostgres


def _begin() -> None:
    folder = Path(tempfile.mkdtemp(prefix="publisher-tests-"))
    server = EmbeddedPostgres(folder / "postgres", durable=False)
    os.environ["DATABASE_URL"] = server.start()
    os.environ["PUBLISHER_DATA"] = str(folder / "data")
    os.environ["PUBLISHER_TESTS"] = str(folder)

    def end() -> None:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)


def migrated() -> str:
    """Give the name of a database with our tables, which the first process that asks makes."""
    from django.core.management import call_command
    from django.db import connection

    name, folder = "migrated", Path(os.environ["PUBLISHER_TESTS"])
    with (folder / "migrating.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / name).exists():
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {name}")
            connection.close()
            own, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
            call_command("migrate", verbosity=0, interactive=False)
            connection.close()
            connection.settings_dict["NAME"] = own
            (folder / name).touch()
    return name


# What one process compiled, the next need not: the tests start Python a hundred times.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
if "PUBLISHER_TESTS" not in os.environ:
    for name in [name for name in os.environ if name.startswith("PUBLISHER_")]:
        del os.environ[name]
    _begin()

# Each worker of pytest-xdist has files of its own, as it has a database of its own.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["PUBLISHER_DATA"] = str(Path(os.environ["PUBLISHER_TESTS"]) / f"data-{worker}")
