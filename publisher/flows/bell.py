"""Waking the clock: something that is due may have changed."""

from django.db import connection

#: what the clock listens to
CHANNEL = "publisher_clock"
#: any number, the same for all clocks and for nothing else: whoever holds it is the clock
LOCK = 5075_1003


def ring() -> None:
    """Tell the clock to look again, once the current transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
