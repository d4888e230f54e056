"""What was done is written down, whichever door it was done through."""

import pytest

from publisher.flows import hold
from publisher.flows.audit import Doer
from publisher.flows.forget import forget
from publisher.flows.import_readers import import_readers
from publisher.flows.launch import launch
from publisher.models import AuditRow, Person, PlacementState, Via
from tests.rows import WHEN, rows

pytestmark = pytest.mark.django_db


def written() -> list[tuple[str, str, str, str]]:
    """Give what was written down, the oldest first."""
    found = AuditRow.objects.order_by("id")
    return list(found.values_list("act", "thing", "organisation", "via"))


def test_what_is_held_up_is_written_down_for_its_organisation():
    """By name at the desk, and as the terminal's where nobody signed in."""
    placement = rows().placement(state=PlacementState.SENDING)
    ana = Person.objects.create(username="ana")

    hold.pause(placement.key, now=WHEN, doer=Doer(person=ana, via=Via.DESK))
    hold.resume(placement.key, now=WHEN)
    hold.cancel(placement.key, now=WHEN)

    assert written() == [
        ("placement.pause", placement.key, "iso", "desk"),
        ("placement.resume", placement.key, "iso", "terminal"),
        ("placement.cancel", placement.key, "iso", "terminal"),
    ]
    assert AuditRow.objects.get(person=ana).details == {"entry": "statement"}


def test_readers_come_and_go_without_an_address_in_the_trail(tmp_path):
    """The launch, too, and only the first time."""
    rows()
    file = tmp_path / "readers.csv"
    file.write_text("address\nana@example.org\n")

    import_readers(file, now=WHEN)
    forget("ana@example.org", now=WHEN)
    launch(now=WHEN)
    launch(now=WHEN)

    assert [act for act, *_ in written()] == ["readers.import", "reader.forget", "plan.launch"]
    assert "example.org" not in str(list(AuditRow.objects.values()))
