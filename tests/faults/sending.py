"""A newsletter with many readers, ready to be handed to a mail server."""

from __future__ import annotations

from collections import Counter

from django.db import connection

from publisher.flows.address import begin
from publisher.kit import clock
from publisher.models import Delivery, Outlet, Placement, PlacementState, Window
from tests.rows import Rows, rows


def newsletter(port: int, *, readers: int, **settings: object) -> Placement:
    """Write the plan, the readers and the ledger; nothing has been handed over yet."""
    made = rows()
    through(made.outlets["iso-newsletter"], port, **settings)
    agreed(made, readers)
    placement = made.placement(state=PlacementState.SENDING)
    begin(placement.occurrence_id, now=clock.now())
    return placement


def through(outlet: Outlet, port: int, *, connections: int = 4, **settings: object) -> None:
    """Let an outlet hand over to a server on this machine."""
    said = {"host": "127.0.0.1", "port": port, "security": "none", "timeout_seconds": 5}
    spec = {"adapter": "smtp", "settings": said | settings, "pace": {"connections": connections}}
    outlet.spec |= spec
    outlet.save()


def agreed(made: Rows, count: int) -> None:
    """Make readers who agreed to ISO's newsletter."""
    with connection.cursor() as cursor:
        cursor.execute(_READERS, [count])
        cursor.execute(_CONSENTS, [made.organisations["iso"].pk, made.channels["newsletter"].pk])
        cursor.execute("ANALYZE publisher_reader, publisher_consent")  # as the import does


def figures(placement: Placement) -> dict[str, int]:
    """Give how many rows are in each state, and check the placement's own figures against it."""
    placement.refresh_from_db()
    rows = Delivery.objects.filter(placement=placement)
    found = Counter(row.label for row in rows.shown())
    own = ("accepted", "refused", "excluded", "uncertain")
    assert {name: getattr(placement, name) for name in own} == {
        name: found.get(name, 0) for name in own
    }
    assert placement.candidates == rows.count()
    return dict(found)


def held(journal: str) -> list[int]:
    """Put every row into a window of a journal, as a claim does; give their numbers."""
    rows = list(Delivery.objects.order_by("id").values_list("id", "placement"))
    for placement in {placement for _, placement in rows}:
        mine = [number for number, its in rows if its == placement]
        Window.objects.create(placement_id=placement, claimed_by=journal, deliveries=mine)
    return [number for number, _ in rows]


_READERS = """
INSERT INTO publisher_reader (address, name, language, attributes, muted, created_at)
SELECT 'reader' || n || '@example.org', 'Reader ' || n, 'en', '{}', '[]', now()
FROM generate_series(1, %s) AS n
"""
_CONSENTS = """
INSERT INTO publisher_consent
    (reader_id, organisation_id, channel_id, given_at, confirmed_at, source, wording, withdrawn_by)
SELECT id, %s, %s, now(), now(), 'a test', 'I agree.', '' FROM publisher_reader
"""
