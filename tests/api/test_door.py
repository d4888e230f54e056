"""No program reaches an operation without leave: each is asked for as everybody who might try."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.http import Http404
from django.test import Client, RequestFactory

from publisher.models import MAY, RoleName, Token
from publisher.web.api.areas import AREAS
from publisher.web.api.door import OPERATIONS, Operation
from publisher.web.api.schema import document
from publisher.web.desk.door import Guard
from tests.api.programs import API, named_things, program_of
from tests.desk.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
#: how an operation may answer who may have it done: what is sent here is mostly nonsense
ALLOWED = {200, 201, 202, 204, 404, 406, 409, 415, 422, 428}


@pytest.fixture
def named() -> Callable[[str, str], str]:
    """What addresses name; the things are ISO's."""
    return named_things()


def address(one: Operation, named: Callable[[str, str], str]) -> str:
    """Fill an address with what there is."""
    return API + re.sub(
        r"{([^}]+)}", lambda found: named(one.path, found[1].rpartition(":")[2]), one.path
    )


def owners(one: Operation, where: str) -> object:
    """Give whose the thing is, as the guard finds out; `Http404`: there is none."""
    from django.urls import resolve

    try:
        return one.guard.owners_of(RequestFactory().get(where), **resolve(where).kwargs)
    except Http404:
        return Http404


def expected(one: Operation, where: str, role: str, at: str) -> set[int]:
    """Give how an operation may answer a program of somebody with a role at an organisation."""
    able = MAY[role] if role else frozenset()
    if one.guard.act is None:
        return ALLOWED
    whose = owners(one, where) if one.guard.owners_of else None
    if whose is Http404:
        return {404}
    if one.guard.act not in able or (whose is not None and at not in whose):
        return {403}
    return ALLOWED


def asked(program: Client, one: Operation, where: str):
    """Ask for an operation, with a body that says nothing."""
    send = getattr(program, one.method.lower())
    return send(where) if one.method == "GET" else send(where, {}, content_type="application/json")


def test_every_operation_has_a_guard_and_stands_in_the_description():
    """One that was written past the door would be open to all."""
    said = {
        one["operationId"]: (method.upper(), path)
        for path, many in document()["paths"].items()
        for method, one in many.items()
    }
    plain = {
        one.name: (one.method, API + re.sub(r"{[^}:]+:", "{", one.path))
        for one in OPERATIONS.values()
    }

    assert said == plain
    assert all(isinstance(one.guard, Guard) for one in OPERATIONS.values())
    assert {tag["name"] for tag in document()["tags"]} == {area.name for area in AREAS}


def test_nobody_without_a_token_is_told_anything(named):
    """Whatever is there or not, the answer is the same, as a problem."""
    told = {}
    for one in OPERATIONS.values():
        answer = asked(Client(), one, address(one, named))
        told[one.name] = (answer.status_code, answer["Content-Type"])

    assert set(told.values()) == {(401, "application/problem+json")}


@pytest.mark.parametrize(
    ("role", "at"), [("", "iso"), *((role, at) for at in ("iso", "iec") for role in RoleName)]
)
def test_each_operation_answers_as_its_guard_says(named, role, at):
    """Programs of each role, of the organisation whose things they are and of another one."""
    program = program_of(person("somebody", role, at))
    wrong = {}
    for one in OPERATIONS.values():
        where = address(one, named)
        if one.name == "revoke_this_token" or (at == "iec" and one.guard.owners_of is None):
            continue  # nobody's in particular: asked about as a member of the other one
        may = expected(one, where, role, at)
        if may == ALLOWED and role != RoleName.ADMINISTRATOR:
            continue  # what is answered is the same for all who may, and costs seconds
        status = asked(program, one, where).status_code
        if status not in may:
            wrong[one.name] = (status, may)

    assert wrong == {}


def test_a_token_may_only_the_acts_it_was_made_for(named):
    """Though its person may everything."""
    who = person("somebody", RoleName.ADMINISTRATOR)
    program = program_of(who, ["view"])
    wrong = {}
    for one in OPERATIONS.values():
        if one.guard.act not in {None, "view"}:
            status = asked(program, one, address(one, named)).status_code
            if status not in {403, 404}:
                wrong[one.name] = status

    assert wrong == {}
    assert Token.objects.get().acts == ["view"]


def test_what_is_no_operation_is_told_as_a_problem(named):
    """An address that is none, a method that is none, a body that is none."""
    program = program_of(person("somebody", RoleName.EDITOR))
    entry = {"content_type": "application/json"}
    answers = {
        "not-there": program.get(f"{API}/nothing"),
        "wrong-method": program.patch(f"{API}/entries"),
        "wrong-type": program.post(f"{API}/calendar/entries", "a", content_type="text/plain"),
        "unreadable": program.post(f"{API}/calendar/entries", "{", **entry),
        "not-acceptable": program.get(f"{API}/entries", headers={"accept": "image/png"}),
        "say-what-you-saw": program.put(f"{API}/entries/new", {"says": {}}, **entry),
        "invalid": program.post(f"{API}/calendar/entries", '{"title": "a\\u0000"}', **entry),
    }

    assert {one: told.json()["type"].rpartition("#")[2] for one, told in answers.items()} == {
        one: one for one in answers
    }
    assert {told["Content-Type"] for told in answers.values()} == {"application/problem+json"}
    assert answers["wrong-method"]["Allow"] == "GET"
