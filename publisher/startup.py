"""What each door does first: find or start the database, and set Django up."""

from __future__ import annotations

import atexit
import os
import sys
from typing import NoReturn

from publisher.kit.logs import configure
from publisher.kit.postgres import EmbeddedPostgres
from publisher.settings import settings

#: takes the place of a database for commands that need none; nothing listens there
NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"
#: set when `DATABASE_URL` is that of the embedded server, which this process or a parent keeps
OURS = "PUBLISHER_DATABASE_IS_OURS"
ALONE, WITH_PEOPLE = "publisher.framework", "publisher.web.framework"  #: what Django is told


def start(*, database: bool = True, people: bool = False) -> None:
    """Make `DATABASE_URL` true and Django ready; stop what was started when the process ends.

    Args:
        database: False where the command needs none: then nothing is started.
        people: True where people sign in, or are looked after: what that needs is loaded.

    Raises:
        PostgresFailed: the embedded server did not start.
    """
    import django

    configure(settings().log_level)
    if database:
        _find_database()
    os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL") or NO_DATABASE
    os.environ["DJANGO_SETTINGS_MODULE"] = WITH_PEOPLE if people else ALONE
    django.setup()


def become(*command: str) -> NoReturn:
    """Replace this process by `publisher` with another command: what was loaded is let go of.

    The embedded server is left to the new process, which joins it at once.
    """
    if os.environ.pop(OURS, None):
        del os.environ["DATABASE_URL"]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "publisher", *command])  # noqa: S606  # ourselves


def migrate() -> None:
    """Bring the database's tables up to date; cheap when they are."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    with connection.cursor() as cursor:
        # One process changes the tables, the others wait for it.
        cursor.execute("SELECT pg_advisory_lock(hashtext('publisher.migrate'))")
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('publisher.migrate'))")


def _find_database() -> None:
    """Make `DATABASE_URL` true, with an embedded server where none is given."""
    if os.environ.get("DATABASE_URL"):
        return
    server = EmbeddedPostgres(settings().data_folder / "postgres")
    os.environ["DATABASE_URL"] = server.start()
    os.environ[OURS] = "1"
    atexit.register(server.stop)
