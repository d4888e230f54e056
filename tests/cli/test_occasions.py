"""Webinars and workshops at the terminal."""

import json

import pytest
import typer
from typer.testing import CliRunner

from publisher.cli.occasions import register
from publisher.flows.registrations import take
from publisher.kit import clock
from publisher.models import Reader, Registration
from publisher.models.errors import Refused
from tests.occasions import NOW, STARTS, keep, webinar_plan, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch):
    """Run a command in this process, once three have registered for two seats."""
    keep(webinar_plan())
    for name in "abc":
        take(Reader.objects.create(address=f"{name}@example.org", created_at=NOW), wish(), now=NOW)
    app = typer.Typer()
    register(app)

    def run(*arguments: object, at=STARTS) -> object:
        monkeypatch.setattr(clock, "now", lambda: at)
        result = CliRunner().invoke(app, ["occasions", *map(str, arguments), "--json"])
        if isinstance(result.exception, Exception):
            raise result.exception
        return json.loads(result.stdout)

    return run


def test_the_list_counts_each_dates_seats(run):
    """Those who have one, and those who wait."""
    (one,) = run("list")

    assert (one["slug"], one["registered"], one["capacity"], one["waiting"]) == (
        "look-first",
        2,
        2,
        1,
    )
    assert [row["state"] for row in run("registrations", "look-first")] == [
        "registered", "registered", "waiting",
    ]  # fmt: skip


def test_a_seat_given_back_by_telephone_goes_to_who_waits(run):
    """An officer does what the reader could have done."""
    assert run("cancel", "look-first", "A@example.org", at=NOW) == {"cancelled": 1}
    assert Registration.objects.get(reader__address="c@example.org").state == "registered"
    with pytest.raises(Refused, match="Nobody with that address"):
        run("cancel", "look-first", "a@example.org", at=NOW)


def test_who_came_is_read_from_a_list(run, tmp_path):
    """As meeting services give it: separators and names of columns differ."""
    file = tmp_path / "came.csv"
    file.write_text("Name;Email\nB;b@example.org\nX;x@example.org\n")

    assert run("attendance", "look-first", file) == {"attended": 1, "absent": 1, "unknown": 1}
    assert run("attendance", "look-first", file) == {"attended": 1, "absent": 1, "unknown": 1}
    with pytest.raises(Refused, match="nobody can have come"):
        run("attendance", "look-first", file, at=NOW)
    with pytest.raises(Refused, match="which date"):
        run("attendance", "look-first", file, "--date", "2027-01-01")
    file.write_text("Name\nB\n")
    with pytest.raises(Refused, match="no column is called"):
        run("attendance", "look-first", file)
    with pytest.raises(Refused, match="has an occasion"):
        run("attendance", "reminder", file)
