"""The desk's first page says what needs somebody."""

from datetime import timedelta

import pytest

from publisher.flows.troubles import troubles
from publisher.models import PlacementState
from tests.desk.people import desk_of, person
from tests.rows import WHEN, rows

pytestmark = pytest.mark.django_db
LATER = WHEN + timedelta(hours=1)


def kinds(**asked):
    return [(one.kind, one.entry, one.deliveries) for one in troubles(now=LATER, **asked)]


def test_the_most_pressing_trouble_comes_first():
    """What nobody knows before what was missed, that before what is held up and refused."""
    made = rows()
    made.placement(entry="refused", refused=3)
    made.placement(entry="held", state=PlacementState.PLANNED, problem="The account is missing.")
    made.placement(entry="missed", state=PlacementState.MISSED)
    made.placement(entry="unknown", uncertain=2)
    made.placement(entry="well")

    assert kinds() == [
        ("uncertain", "unknown", 2),
        ("missed", "missed", 0),
        ("held", "held", 0),
        ("refused", "refused", 3),
    ]


def test_another_organisations_troubles_are_its_own():
    """An officer of IEC is not told what ISO has to mend."""
    made = rows()
    made.placement("iso-newsletter", uncertain=1)
    made.placement("iec-newsletter", entry="theirs", uncertain=1)

    assert kinds(organisations=frozenset({"iec"})) == [("uncertain", "theirs", 1)]


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_the_page_says_what_can_be_done(language):
    """In each language, with the words of the one who refused."""
    made = rows()
    made.placement(state=PlacementState.PLANNED, problem="The account is missing.")

    page = desk_of(person("ana", "editor")).get(f"/desk/?lang={language}")

    assert page.status_code == 200
    assert "The account is missing." in page.content.decode()
