"""The one place that reads the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """Give this moment, aware, in UTC."""
    return datetime.now(UTC)
