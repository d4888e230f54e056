"""`publisher worker` and `publisher uncertain`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from publisher.cli import worker as commands
from publisher.flows import defer
from publisher.kit import clock
from publisher.models import Placement, PlacementState, Rendition
from publisher.worker import hands
from tests.faults.hands import until, worker
from tests.faults.sending import agreed, figures, newsletter, through
from tests.faults.sink import sink
from tests.rows import rows

pytestmark = pytest.mark.django_db(transaction=True)


def command(*arguments: str):
    app = typer.Typer()
    commands.register(app)
    return CliRunner().invoke(app, arguments)


def finished() -> bool:
    return Placement.objects.get().state == PlacementState.FINISHED


def test_a_started_occurrence_is_addressed_handed_over_and_finished(tmp_path: Path):
    """From the task that publishing defers to the last answer, in one working of the queue."""
    with sink(tmp_path) as server:
        made = rows()
        through(made.outlets["iso-newsletter"], server.port)
        agreed(made, 40)
        placement = made.placement(state=PlacementState.SENDING)
        defer.begin(placement.occurrence_id)

        hands.drain()
        hands.drain()

    assert figures(placement) == {"accepted": 40}
    assert finished()
    assert len(server.taken()) == 40


def test_two_workers_side_by_side_send_each_mail_once(tmp_path: Path):
    """As many as there are, the ledger gives each row to one of them."""
    with sink(tmp_path) as server:
        placement = newsletter(server.port, readers=500)
        defer.begin(placement.occurrence_id)
        with worker(), worker():
            until(finished, "the placement to finish")

    assert figures(placement) == {"accepted": 500}
    assert len(server.taken()) == len(set(server.taken())) == 500


def test_what_nobody_knows_is_shown_until_somebody_decides(tmp_path: Path):
    """By entry, with what the service said."""
    with sink(tmp_path, hang_at=[1, 2]) as server:
        placement = newsletter(server.port, readers=10, timeout_seconds=1)
        hands.drain()
        shown = command("uncertain", "--json")

        [row] = json.loads(shown.output)
        assert (row["entry"], row["count"]) == ("statement", 2)
        assert "statement" in command("uncertain").output

        done = command("uncertain", "statement", "--accepted", "--json")
        assert json.loads(done.output) == {"decided": 2}
    assert figures(placement) == {"accepted": 10}
    assert command("uncertain", "--json").output == "[]\n"


@pytest.mark.parametrize(
    "arguments", [["--resend"], ["statement", "--resend", "--accepted"], ["--refused"]]
)
def test_a_decision_names_one_entry_and_one_thing(arguments):
    """Anything else is refused with a sentence, and nothing is decided."""
    assert command("uncertain", *arguments).exit_code == 2


def test_a_decision_on_what_is_certain_is_refused():
    """The sentence says so."""
    from publisher.flows.uncertain import Decision, decide
    from publisher.models.errors import Refused

    rows()
    with pytest.raises(Refused, match="Nothing of “statement” is uncertain"):
        decide("statement", Decision.RESEND, now=clock.now())


def test_a_fault_of_ours_is_shown_on_its_placement_and_holds_up_no_other(tmp_path: Path):
    """The worker goes on, and tries it again later; nothing of it is lost."""
    with sink(tmp_path) as server:
        placement = newsletter(server.port, readers=5)
        good = placement.rendition
        placement.rendition = Rendition.objects.create(
            sha256="0" * 64, form="newsletter", language="en", content={}, made_at=clock.now()
        )
        placement.save()
        hands.drain()

        assert figures(placement) == {"queued": 5}
        assert placement.problem.startswith("A fault in Publisher holds it up (KeyError)")

        placement.rendition = good
        placement.save()
        defer.hand_over(placement.pk)
        hands.drain()

    assert figures(placement) == {"accepted": 5}
    assert placement.problem == ""
