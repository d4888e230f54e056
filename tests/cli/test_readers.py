"""Readers at the terminal."""

import json

import pytest
import typer
from typer.testing import CliRunner

from publisher.cli.readers import register
from publisher.models import AuditRow, Reader
from publisher.models.errors import Refused
from tests.rows import Rows, rows

LINES = "address,name,consents\nana@example.org,Ana,iso/newsletter\nbad,,\n"
EVIDENCE = ("--source", "paper", "--wording", "I agree.")


@pytest.fixture
def made(db) -> Rows:
    return rows()


@pytest.fixture
def run():
    """Run a command in this process; give its status, and what it printed on both streams."""
    app = typer.Typer()
    register(app)

    def run(*arguments: object, **said) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, ["readers", *map(str, arguments)], **said)
        if isinstance(result.exception, Exception):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return run


def test_an_import_says_what_became_of_each_line(run, made, tmp_path):
    """Figures on standard output, for people or machines; what was left out on standard error."""
    file = tmp_path / "members.csv"
    file.write_text(LINES)

    status, out, err = run("import", file, *EVIDENCE, "--json")

    assert status == 0
    assert json.loads(out)["new"] == 1
    assert "1 lines were left out" in err.replace("\n", " ")
    assert (tmp_path / "members.csv.rejects.csv").stat().st_mode & 0o077 == 0


def test_a_file_that_is_not_there_is_a_sentence(run, made, tmp_path):
    """And exit status 2."""
    status, _, err = run("import", tmp_path / "nothing.csv", *EVIDENCE)

    assert status == 2
    assert "there is no such file" in err.replace("\n", " ")


def test_a_file_that_cannot_be_used_is_refused(run, made, tmp_path):
    """The command's own error says which file, and what to do."""
    file = tmp_path / "members.csv"
    file.write_bytes(b"PK\x03\x04\x00\x00")

    with pytest.raises(Refused, match="not a text file"):
        run("import", file, *EVIDENCE)


def test_what_is_held_is_given_out(run, made, tmp_path):
    """One reader as JSON; all of them as a table, for their owner's eyes."""
    made.reader(wish="iso/newsletter", name="Ana")
    output = tmp_path / "all.csv"

    assert json.loads(run("export", "--address", "ana@example.org")[1])["name"] == "Ana"
    assert run("export")[1].splitlines()[1] == "ana@example.org,Ana,en,iso/newsletter"
    run("export", "--output", output)
    assert output.stat().st_mode & 0o077 == 0
    assert "ana@example.org" in output.read_text()
    assert run("export", "--address", "eve@example.org")[0] == 2


def test_nobody_is_erased_without_a_yes(run, made):
    """Without a terminal there is nobody to ask, so --yes must be said."""
    made.reader()

    assert run("forget", "ana@example.org")[0] == 2
    assert Reader.objects.exists()

    assert json.loads(run("forget", "ana@example.org", "--yes", "--json")[1])["known"] is True
    assert not Reader.objects.exists()


def test_an_address_is_let_in_again_with_a_reason(run, made):
    """Which is kept; and not when nothing keeps it off."""
    made.reader()
    run("forget", "ana@example.org", "--yes")

    assert run("unsuppress", "ana@example.org")[0] == 2
    told = run("unsuppress", "ANA@example.org", "--reason", "asked by telephone", "--json")
    assert json.loads(told[1]) == {"lifted": True}
    assert AuditRow.objects.get(act="reader.unsuppress").details["reason"] == "asked by telephone"
    with pytest.raises(Refused, match="Nothing keeps mails"):
        run("unsuppress", "ana@example.org", "--reason", "again")
