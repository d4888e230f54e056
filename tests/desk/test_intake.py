"""The desk's intake: whoever edits for an organisation answers what was offered to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from publisher.kit import clock
from publisher.models import AuditRow, Intake, IntakeState
from tests.desk.people import desk_of, person
from tests.rows import rows

pytestmark = pytest.mark.django_db
OFFER = {
    "state": IntakeState.OPEN,
    "language": "en",
    "body": "Example Consortium",
    "about": "We write <b>specifications</b>.",
    "work": "Public-key certificates",
    "offer": "Our test suite.",
    "name": "Bo",
    "address": "bo@example.org",
    "year": 2027,
}


@pytest.fixture
def offered():
    """Give one that is late, and nobody's yet."""
    rows()
    now = clock.now()
    return Intake.objects.create(
        **OFFER,
        reference="INTAKE 2027-1",
        number=1,
        asked_at=now - timedelta(days=20),
        confirmed_at=now - timedelta(days=20),
        due_at=now - timedelta(days=6),
    )


def test_a_late_offer_is_assigned_answered_and_closed(offered):
    """It stands on the first page until somebody answers; each act is written down."""
    ana = desk_of(person("ana", "editor", "iso"))
    here = f"/desk/intake/{offered.pk}/"
    assert "INTAKE 2027-1" in ana.get("/desk/").content.decode()
    assert "Late" in ana.get("/desk/intake/").content.decode()
    page = ana.get(here).content.decode()
    assert "&lt;b&gt;" in page
    assert "bo@example.org" in page

    said = {"organisation": "iso", "committee": "ISO/TC 1\x01\n"}
    assert ana.post(f"{here}assign/", said)["Location"] == here
    assert ana.post(f"{here}answer/", {"text": " "}).status_code == 422
    ana.post(f"{here}answer/", {"text": "Write to Cy of ISO/TC 1."})
    assert "INTAKE 2027-1" not in ana.get("/desk/").content.decode()
    ana.post(f"{here}close/", {"reason": "They met."})

    offered.refresh_from_db()
    assert (offered.state, offered.committee) == (IntakeState.CLOSED, "ISO/TC 1")
    acts = set(AuditRow.objects.values_list("act", flat=True))
    assert {"intake.assign", "intake.answer", "intake.close"} <= acts
    assert "They met." in ana.get(here).content.decode()
    assert ana.post(f"{here}answer/", {"text": "More."}).status_code == 422


def test_nobody_reads_it_who_may_not_answer_it(offered):
    """Not a viewer; nor an editor of another organisation, once it is somebody's."""
    viewer = desk_of(person("vi", "viewer", "iso"))
    other = desk_of(person("olu", "editor", "iec"))
    here = f"/desk/intake/{offered.pk}/"
    assert viewer.get("/desk/intake/").status_code == viewer.get(here).status_code == 403
    assert "INTAKE" not in viewer.get("/desk/").content.decode()
    assert other.get(here).status_code == 200

    gone = other.post(f"{here}assign/", {"organisation": "iso"})
    assert gone["Location"] == "/desk/intake/"
    assert other.get(here).status_code == 403
    assert "INTAKE" not in other.get("/desk/intake/").content.decode()
    Intake.objects.update(state=IntakeState.ASKED)
    assert desk_of(person("ana", "editor", "iso")).get(here).status_code == 404
