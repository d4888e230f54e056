"""What each door does first: find or start the database, and set Django up."""

from __future__ import annotations

import atexit
import os

import django

from publisher.kit.postgres import EmbeddedPostgres
from publisher.settings import settings


def start() -> None:
    """Make `DATABASE_URL` true and Django ready; stop what was started when the process ends.

    Raises:
        PostgresFailed: the embedded server did not start.
    """
    if "DATABASE_URL" not in os.environ:
        server = EmbeddedPostgres(settings().data_folder / "postgres")
        os.environ["DATABASE_URL"] = server.start()
        atexit.register(server.stop)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publisher.framework")
    django.setup()


def migrate() -> None:
    """Bring the database's tables up to date."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
