"""What each door does first: find or start the database, and set Django up."""

from __future__ import annotations

import atexit
import os

import django

from publisher.kit.logs import configure
from publisher.kit.postgres import EmbeddedPostgres
from publisher.settings import settings

#: takes the place of a database for commands that need none; nothing listens there
NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"


def start(*, database: bool = True) -> None:
    """Make `DATABASE_URL` true and Django ready; stop what was started when the process ends.

    Args:
        database: False where the command needs none: then nothing is started.

    Raises:
        PostgresFailed: the embedded server did not start.
    """
    configure(settings().log_level)
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = _embedded() if database else NO_DATABASE
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publisher.framework")
    django.setup()


def _embedded() -> str:
    server = EmbeddedPostgres(settings().data_folder / "postgres")
    atexit.register(server.stop)
    return server.start()


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
