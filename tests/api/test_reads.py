"""What programs read: every operation that reads answers, in the shape that it promises."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from publisher.models import RoleName
from publisher.web.api.door import OPERATIONS
from publisher.web.api.reference import shapes, slug
from publisher.web.api.schema import document
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


def test_the_reference_page_explains_every_operation_and_shape(client):
    """To everybody, in the reader's language, from the published description alone."""
    page = client.get(f"{API}/", headers={"accept-language": "fr"})

    assert page.status_code == 200
    assert 'lang="fr"' in page.text
    for name in (*OPERATIONS, *(f"shape-{slug(one)}" for one in dict(shapes(document())))):
        assert f'id="{name}"' in page.text, name
    for link in re.findall(r'href="#([^"]+)"', page.text):
        assert f'id="{link}"' in page.text, link
    assert "<script" not in page.text
    assert client.get(f"{API}/openapi.json").json() == document()


def test_the_programs_door_is_loaded_when_somebody_comes_to_it():
    """Pages for readers and officers do without its hundreds of shapes."""
    code = (
        "import django, sys; django.setup(); from django.urls import resolve, reverse; "
        "reverse('desk-today'); resolve('/archive/'); "
        "print([one for one in sys.modules if one.startswith(('ninja', 'publisher.web.api.'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"


def test_only_the_head_is_given_to_who_asks_for_it(program):
    """As HTTP has it, wherever there is something to read."""
    answer = program.head(f"{API}/entries/hello")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"]
