"""A PostgreSQL URL in Django's words."""

from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from publisher.settings import WrongSetting


def django_database(url: str) -> dict[str, Any]:
    """Turn `postgresql://…` into an entry of Django's DATABASES.

    Raises:
        WrongSetting: it is no such URL; as it may hold a password, the sentence does not show it.
    """
    try:
        given = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except ProgrammingError:
        raise WrongSetting(
            "DATABASE_URL cannot be read; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, "
            "with only libpq's own words behind a “?”"
        ) from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.pop("dbname", "publisher"),
        "USER": given.pop("user", ""),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": given.pop("port", ""),
        "OPTIONS": given,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
