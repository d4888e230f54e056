"""Where the accept journals are."""

from pathlib import Path

from django.db import connection

from publisher.settings import settings


def journals() -> Path:
    """Give the folder of this database's journals.

    Each database has its own: a journal replayed into another one would settle nothing there and
    be gone, and what it knew would be sent again.
    """
    return settings().data_folder / "journal" / str(connection.settings_dict["NAME"])
