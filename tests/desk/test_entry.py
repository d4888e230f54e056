"""Writing an entry at the desk: saved whole, checked as files are, and nothing lost."""

from __future__ import annotations

import pytest

from publisher.flows.edit import mark
from publisher.models import (
    Entry,
    Version,
)
from publisher.web.desk.entry.typed import typed_of
from tests.desk.people import desk_of, person
from tests.flows.stored import entry, joint_plan, store

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/entry/statement/"
TWO = entry(
    when="2027-03-20 09:00",
    speaks_for=["iso", "iec"],
    title={"en": "What we agreed", "fr": "Notre accord"},
    landscape={"ics": ["35"], "states": ["drafting"]},
    words=[
        {"language": "en", "words": "Working **together**."},
        {"language": "fr", "words": "Travailler *ensemble*."},
    ],
)


@pytest.fixture
def desk():
    """An editor of ISO, and an entry of ISO and IEC."""
    store(joint_plan(TWO))
    return desk_of(person("ana", "editor", "iso"))


def form(**changed):
    """What a browser sends of the entry's form, with some fields changed."""
    row = Entry.objects.get(slug="statement")
    said = {name: list(values) for name, values in typed_of(row.spec).values.items()}
    return {**said, "seen": mark(row), "do": "save"} | {
        name.replace("__", "."): value for name, value in changed.items()
    }


def test_the_form_shows_all_and_saving_it_unchanged_changes_nothing(desk):
    """Even what it has no field for comes back word for word."""
    before = Entry.objects.get().spec
    page = desk.get(ADDRESS).content.decode()

    assert "Working **together**." in page
    assert "landscape:" in page
    assert desk.post(f"{ADDRESS}save", form()).status_code == 302
    assert Entry.objects.get().spec == before
    assert not Version.objects.exists()
