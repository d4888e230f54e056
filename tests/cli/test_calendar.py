"""The matrix and the agenda at the terminal."""

import json

import pytest
import typer
from typer.testing import CliRunner

from publisher.cli import approval, calendar, publishing
from publisher.models import Placement
from publisher.models.errors import Refused
from tests.flows.stored import choice, entry, joint_plan, store

pytestmark = pytest.mark.django_db
FAR = "2100-03-20"


@pytest.fixture
def publisher(monkeypatch):
    """Run a command as a terminal of 100 columns would."""
    app = typer.Typer()
    for module in (calendar, approval, publishing):
        module.register(app)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*words):
        result = CliRunner().invoke(app, words)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def test_the_matrix_shows_who_chose_what_and_what_reaches_nobody(publisher):
    """Nothing is skipped: an offer nobody took, and a form that is not there yet, are said so."""
    store(joint_plan())
    drawn = publisher("matrix").stdout
    assert "news IEC, ISO" in drawn
    assert "1 row; each reaches somebody." in drawn

    store(joint_plan(choices=[choice("iso-news", use=False)]))
    assert "reaches nobody: no outlet is chosen" in publisher("matrix").stdout

    store(joint_plan(form="hologram"))
    drawn = publisher("matrix").stdout
    assert "news IEC, ISO (no form yet)" in drawn
    assert "Forms that are not there yet: hologram." in drawn
    assert max(map(len, drawn.splitlines())) <= 100


def test_the_matrix_is_json_for_machines(publisher):
    """With one organisation's choices alone, if that is asked."""
    store(joint_plan())

    [row] = json.loads(publisher("matrix", "--organisation", "iso", "--json").stdout)

    assert (row["audience"], row["message"], row["gap"]) == ("members", "together", "")
    assert row["offers"][0]["outlets"] == ["iso-news"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("matrix", "--organisation", "isso"), "There is no organisation “isso”; there are iec"),
        (("agenda", "--from", FAR, "--to", "2099-01-01"), "is before --from"),
        (("agenda", "--from", "soon"), "“soon” is no day"),
        (("approve", "--organisation", "iso", "--as", "A"), "Say which entry to approve"),
        (("publish",), "Say which entry to send"),
        (("publish", "statement", "--due"), "Say which entry to send"),
    ],
)
def test_what_makes_no_sense_is_a_sentence_and_status_2(publisher, words, sentence):
    """And changes nothing."""
    store(joint_plan())

    result = publisher(*words)

    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())


def test_the_agenda_says_what_comes_and_whose_yes_is_missing(publisher):
    """In the entry's own zone; and what waits for the launch, whatever the days asked."""
    store(joint_plan(entry(when=f"{FAR} 09:00"), entry("first", when="launch + 2 days")))

    drawn = publisher("agenda", "--from", FAR, "--to", FAR).stdout
    told = json.loads(publisher("agenda", "--from", FAR, "--to", FAR, "--json").stdout)
    other = publisher("agenda", "--from", "2099-01-01").stdout

    assert "launch + 2 days" in drawn
    assert told["items"][0]["states"] == {"planned": 2}
    assert "needs a yes from iec, iso" in " ".join(drawn.split())
    assert "statement" not in other


def test_the_agenda_is_empty_with_a_sentence(publisher):
    """An empty table would look like a fault."""
    assert "Nothing comes from" in publisher("agenda").stdout


def test_approving_shows_what_was_approved_and_who_is_still_owed(publisher):
    """With the beginning of the words' hash, which the record holds in full."""
    store(joint_plan(entry(when="launch", speaks_for=["iso", "iec"])))
    give = ("approve", "statement", "--organisation", "iso", "--as", "Anna Keller")

    told = json.loads(publisher(*give, "--json").stdout)

    assert [(row["outlet"], row["still_owed"]) for row in told] == [
        ("iec-news", ["iec"]),
        ("iso-news", ["iec"]),
    ]
    assert told[0]["words"] == Placement.objects.order_by("id").first().rendition_id
    assert "said already" in publisher(*give).stdout


def test_a_dry_run_says_to_how_many_and_sends_nothing(publisher):
    """Before every yes is there, it says whose is missing."""
    store(joint_plan(entry(when="launch")))
    with pytest.raises(Refused, match="still needs a yes from iec"):
        publisher("publish", "statement", "--dry-run")
    for organisation in ("iso", "iec"):
        publisher("approve", "--all", "--organisation", organisation, "--as", "Anna Keller")

    told = json.loads(publisher("publish", "statement", "--dry-run", "--json").stdout)

    assert [(one["outlet"], one["recipients"]) for one in told] == [
        ("iec-news", 1),
        ("iso-news", 1),
    ]
    assert set(Placement.objects.values_list("state", flat=True)) == {"planned"}


def test_launching_twice_is_launching_once(publisher):
    """The second time says when it was."""
    assert "The plan is launched" in publisher("launch").stdout
    assert "was launched already" in publisher("launch").stdout


def test_the_promises_are_listed(publisher):
    """What is in the calendar and has no yes is no promise yet, and is shown all the same."""
    store(joint_plan(entry(when=f"{FAR} 09:00")))

    [told] = json.loads(publisher("promises", "--json").stdout)

    assert (told["audience"], told["channel"], told["state"]) == ("members", "news", "unsaid")
    assert "0 of 1 kept" in publisher("promises").stdout


def test_dropping_shows_what_became_of_it(publisher):
    """By an entry's name, or by a placement's key."""
    store(joint_plan(entry(when="launch")))
    key = Placement.objects.order_by("id").first().key

    [told] = json.loads(publisher("drop", key, "--reason", "called off", "--json").stdout)

    assert (told["outlet"], told["state"]) == ("iec-news", "dropped")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_publishing_without_a_worker_does_the_work_at_once(publisher):
    """A person at a terminal sees the outcome, not a promise of it."""
    store(joint_plan(entry(when="launch")))
    for organisation in ("iso", "iec"):
        publisher("approve", "--all", "--organisation", organisation, "--as", "Anna Keller")

    told = json.loads(publisher("publish", "statement", "--json").stdout)

    assert [(row["state"], row["candidates"], row["accepted"]) for row in told] == [
        ("finished", 1, 1),
        ("finished", 1, 1),
    ]


def test_the_last_day_there_is_may_be_asked_for(publisher):
    """To the end of the calendar, and not a day beyond it."""
    assert publisher("agenda", "--to", "9999-12-31").exit_code == 0
