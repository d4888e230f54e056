"""What programs read: every operation that reads answers, in the shape that it promises."""

from __future__ import annotations

import pytest

from publisher.models import RoleName
from tests.api.programs import API, program_of
from tests.desk.people import person
from tests.flows.stored import entry, joint_plan, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    """A program of ISO's administrator; the plan has one entry, of ISO and IEC."""
    store(joint_plan(entry("hello", speaks_for=["iso", "iec"])))
    return program_of(person("ana", RoleName.ADMINISTRATOR))


def test_a_list_is_read_page_by_page(program):
    """The next page is named in the answer and in the header `Link`."""
    whole = program.get(f"{API}/placements").json()
    first = program.get(f"{API}/placements?limit=1&state=planned")
    second = program.get(first["Link"].partition(">")[0].removeprefix("<http://127.0.0.1:8000"))

    assert [*first.json()["items"], *second.json()["items"]] == whole["items"]
    assert (len(whole["items"]), whole["next"], second.json()["next"]) == (2, None, None)
    assert 'rel="next"' in first["Link"]


def test_what_is_asked_in_vain_is_not_overlooked(program):
    """A parameter that is none is a mistake of who wrote the program."""
    answer = program.get(f"{API}/placements?stat=planned")

    assert answer.status_code == 422
    assert answer.json()["problems"] == [
        {"field": "query.stat", "sentence": "is no parameter here"}
    ]
