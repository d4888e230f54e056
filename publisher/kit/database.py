"""A PostgreSQL URL in Django's words."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict


def django_database(url: str) -> dict[str, Any]:
    """Turn `postgresql://…` into an entry of Django's DATABASES."""
    given = {key: str(value) for key, value in conninfo_to_dict(url).items()}
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
