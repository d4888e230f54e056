"""`publisher accounts`: credentials by name, never on a command line."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from publisher.cli import accounts
from publisher.kit.vault import Vault
from publisher.settings import Settings


@pytest.fixture
def app(tmp_path, monkeypatch) -> typer.Typer:
    monkeypatch.setattr(accounts, "settings", lambda: Settings(data=tmp_path))
    made = typer.Typer()
    accounts.register(made)
    return made


def run(app: typer.Typer, *arguments: str, typed: str = ""):
    return CliRunner().invoke(app, ["accounts", *arguments], input=typed)


@pytest.mark.django_db
def test_a_credential_comes_from_standard_input(app, tmp_path):
    """It is kept under its name, and what is printed shows its fields only."""
    done = run(app, "set", "iso-sendgrid", "--json", typed='{"api_key": "SG.secret"}')

    assert json.loads(done.stdout) == {"account": "iso-sendgrid", "fields": ["api_key"]}
    assert Vault.of(Settings(data=tmp_path)).get("iso-sendgrid") == {"api_key": "SG.secret"}
    assert "SG.secret" not in done.output


def test_names_are_listed_and_nothing_else(app):
    """What is sealed stays sealed."""
    run(app, "set", "b", typed='{"api_key": "SG.secret"}')
    run(app, "set", "a", typed='{"api_key": "SG.secret"}')

    done = run(app, "list", "--json")

    assert json.loads(done.stdout) == ["a", "b"]


@pytest.mark.django_db
def test_a_removed_account_is_gone(app):
    """And removing one that is not there is a sentence and status 2."""
    run(app, "set", "a", typed='{"api_key": "x"}')

    assert run(app, "remove", "a").exit_code == 0
    assert run(app, "remove", "a").exit_code == 2


@pytest.mark.parametrize("typed", ["", "SG.secret", "[]", "{}", '{"api_key": 1}', '"x"'])
def test_what_is_no_credential_is_refused(app, typed):
    """With how to write one, and without repeating what was typed."""
    done = run(app, "set", "a", typed=typed)

    assert done.exit_code == 2
    assert "SG.secret" not in done.output
    assert json.loads(run(app, "list", "--json").stdout) == []


def test_a_name_that_is_no_name_is_refused(app):
    """A path, or a key pasted in the wrong place."""
    assert run(app, "set", "../x", typed='{"api_key": "x"}').exit_code == 2
