"""Tokens are made and taken back at the desk and at the terminal, and shown once."""

from __future__ import annotations

import json
import re

import pytest
import typer
from django.test import Client
from typer.testing import CliRunner

from publisher.cli import tokens
from publisher.models import AuditRow, RoleName, Token
from tests.api.programs import API
from tests.desk.people import desk_of, person
from tests.rows import rows

pytestmark = pytest.mark.django_db
app = typer.Typer()
tokens.register(app)
SECRET = re.compile(r"publisher_[a-z2-7]{6}_[\w-]{43}")


def test_a_person_makes_a_token_at_the_desk_uses_it_and_takes_it_back():
    """It is shown the once; the list then says how it begins, what it may and when it ends."""
    rows()
    desk = desk_of(person("ana", RoleName.EDITOR))
    said = {"name": "Our website", "act": ["view"], "organisation": ["iso"], "days": "30"}

    [secret] = SECRET.findall(desk.post("/desk/account/tokens/make/", said).text)
    shown = desk.get("/desk/account/tokens/").text
    program = {"authorization": f"Bearer {secret}"}

    assert "Our website" in shown
    assert Token.objects.get().prefix in shown
    assert secret not in shown
    assert Client().get(f"{API}/me", headers=program).json()["acts"] == {"iso": ["view"]}
    gone = desk.post(f"/desk/account/tokens/{Token.objects.get().pk}/revoke/")
    assert gone["Location"] == "/desk/account/tokens/"
    assert Client().get(f"{API}/me", headers=program).status_code == 401
    made, taken = AuditRow.objects.filter(act__startswith="token.").order_by("id")
    assert (made.act, taken.act, made.via) == ("token.make", "token.revoke", "desk")


def test_what_cannot_be_made_is_said_beside_what_was_typed():
    """And somebody else's token is not there."""
    rows()
    ana, ben = (desk_of(person(name, RoleName.EDITOR)) for name in ("ana", "ben"))

    refused = ana.post("/desk/account/tokens/make/", {"name": "P", "act": "view", "days": "3"})
    ana.post("/desk/account/tokens/make/", {"name": "P", "act": "view", "days": "7"})

    assert (refused.status_code, "within a year" in refused.text) == (422, True)
    assert 'value="P"' in refused.text
    token = Token.objects.get()
    assert ben.post(f"/desk/account/tokens/{token.pk}/revoke/").status_code == 404


def test_the_terminal_makes_tokens_too():
    """For whoever has no browser: printed once, listed by how it begins, taken back by that."""
    rows()
    person("ana", RoleName.EDITOR)

    def run(*words: str) -> list[dict[str, object]] | dict[str, object]:
        done = CliRunner().invoke(app, ["tokens", *words, "--json"], catch_exceptions=False)
        return json.loads(done.stdout)

    made = run("make", "ana", "--name", "Our website", "--may", "view", "--days", "30")

    assert SECRET.fullmatch(made["token"])
    assert [(one["prefix"], one["person"]) for one in run("list")] == [(made["prefix"], "ana")]
    assert "token" not in run("list")[0]
    assert run("revoke", made["prefix"]) == {"revoked": made["prefix"]}
    assert run("list") == []
