"""The plan's commands at the terminal."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
import typer
from typer.testing import CliRunner

from publisher.cli.plan import register
from publisher.models.errors import PlanError, Refused
from tests.plans import AUDIENCE, ENTRY, change, smallest_plan


@pytest.fixture
def folder(tmp_path):
    return smallest_plan(tmp_path / "plan")


@pytest.fixture
def run() -> Callable[..., tuple[int, str]]:
    """Run a command in this process; give its exit status and what it printed."""
    app = typer.Typer()
    register(app)

    def run(*arguments: object) -> tuple[int, str]:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if isinstance(result.exception, Exception):
            raise result.exception
        return result.exit_code, result.stdout

    return run


@pytest.mark.django_db
def test_plan_apply_plan_tells_a_story(run, folder):
    """First what would be done, then what was done, then nothing."""
    assert "10 to create" not in run("plan", folder)[1]
    planned = json.loads(run("plan", folder, "--json")[1])
    applied = json.loads(run("apply", folder, "--json")[1])
    after = json.loads(run("plan", folder, "--json")[1])

    assert planned == applied
    assert {one["action"] for one in planned["changes"]} == {"create"}
    assert after == {"empty": True, "changes": [], "conflicts": [], "kept": [], "notices": []}
    assert run("plan", folder) == (0, "Nothing to do: the database says what the files say.\n")
    assert run("export", folder) == (0, "Nothing to write: the files say what the database says.\n")


@pytest.mark.django_db
def test_a_change_is_shown_with_its_field(run, folder):
    """Old and new beside each other."""
    run("apply", folder)
    change(folder, {ENTRY: ("title: Hello", "title: Good day")})

    status, shown = run("plan", folder)

    assert status == 0
    assert "title.en" in shown
    assert "Hello → Good day" in " ".join(shown.split())
    assert "1 to change" in shown


@pytest.mark.django_db
def test_apply_takes_the_side_that_was_chosen(run, folder):
    """`--take` may be said for each object; a side there is not is refused."""
    run("apply", folder)

    assert run("apply", folder, "--take", "file:hello", "--take", "desk:website")[0] == 0
    assert run("apply", folder, "--take", "neither:hello")[0] == 2


def test_check_names_every_problem_and_exits_with_two(run, folder):
    """For people as lines, for machines as JSON."""
    change(folder, {AUDIENCE: ("kind: primary", "knid: primary")})

    status, shown = run("check", folder)
    found = json.loads(run("check", folder, "--json")[1])

    assert status == 2
    assert "did you mean “kind”?" in " ".join(shown.split())
    assert found["problems"][0]["line"] == 3


def test_check_of_a_good_plan_exits_with_zero(run, folder):
    """And says how much it looked at."""
    assert run("check", folder) == (0, "The plan holds together; 1 cell rendered.\n")


@pytest.mark.django_db
def test_a_bad_plan_is_not_applied(run, folder):
    """`main` turns the error into its sentences and exit status 2."""
    change(folder, {AUDIENCE: ("kind: primary", "knid: primary")})

    with pytest.raises(PlanError):
        run("apply", folder)


def test_init_says_what_to_do_next(run, tmp_path):
    """A newcomer is never left alone."""
    status, shown = run("init", tmp_path / "mine", "--empty")

    assert status == 0
    assert "publisher apply" in shown
    assert run("check", tmp_path / "mine")[0] == 0


@pytest.mark.slow
def test_the_command_itself_exits_with_two_and_a_sentence(tmp_path):
    """Without a traceback, and without a database."""
    environment = {**os.environ, "PUBLISHER_DATA": str(tmp_path / "data")}
    del environment["DATABASE_URL"]
    command = [sys.executable, "-m", "publisher", "check", str(tmp_path)]

    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)

    assert done.returncode == 2
    assert "there is no plan" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data" / "postgres").exists()


def test_a_plan_that_is_brought_is_shown_with_its_questions(run, tmp_path):
    """Each question once with its places; of several tables one is chosen; JSON says it all."""
    table = "<table><tr><th>Audience<th>Message<th>Channel<tr><td>{}<td>Hi<td>Blog, fax</table>"
    plan = tmp_path / "plan.html"
    plan.write_text(table.format("Staff") + table.format("Press"))

    with pytest.raises(Refused, match=r"2 tables that may be the plan: .* say --table 1"):
        run("init", "--from", plan, tmp_path / "mine")
    status, shown = run("init", "--from", plan, tmp_path / "mine", "--table", "all")
    again = json.loads(run("init", "--from", plan, tmp_path / "one", "--table", 2, "--json")[1])

    assert status == 0
    assert "Recognised 2 rows:\n  staff: blog, fax\n  press: blog, fax\n" in shown
    assert "  audiences/staff.yaml:2, audiences/press.yaml:2: is it primary or secondary?" in shown
    assert [row["audience"] for row in again["rows"]] == ["press"]
    assert again["source"] == ["table 2"]
    assert again["taken"] == {"audience": "Audience", "message": "Message", "channel": "Channel"}
    assert again["questions"][0] == {
        "path": "audiences/press.yaml",
        "field": ["kind"],
        "line": 2,
        "sentence": "is it primary or secondary? The plan does not say. Written as primary.",
    }
    checked = json.loads(run("check", tmp_path / "one", "--json")[1])
    assert checked["problems"] == []
    assert len(checked["notices"]) == len(again["questions"])
    assert run("init", tmp_path / "two", "--table", "1")[0] == 2


def test_what_cannot_be_brought_ends_with_one_sentence(tmp_path):
    """Status 2, on one line, and no folder is made."""
    (tmp_path / "plan.docx").write_bytes(b"\x93\x1f" * 500)
    command = ["-m", "publisher", "init", "--from", "plan.docx", "mine"]

    done = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "plan.docx is damaged, or not the kind of file its name says\n"
    assert not (tmp_path / "mine").exists()
