"""`publisher proposals` and `publisher intake`, as scripts use them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import typer
from typer.testing import CliRunner

from publisher.cli import forms, publishing
from publisher.flows.propose import confirm
from publisher.kit import clock
from publisher.models import Intake, IntakeState, Proposal, ProposalState, WorkItem
from publisher.models.errors import Refused
from tests.desk.test_intake import OFFER
from tests.rows import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    """Run a command, and give what it says as JSON."""
    app = typer.Typer()
    forms.register(app)
    publishing.register(app)

    def run(*words: str):
        done = CliRunner().invoke(app, [*words, "--json"])
        if done.exception:
            raise done.exception
        return json.loads(done.stdout)

    return run


def test_a_proposal_is_listed_shown_and_refused(run, tmp_path):
    """Its line leaves the landscape; the filled form is a Word document."""
    made = rows()
    row = Proposal.objects.create(
        organisation=made.organisations["iso"],
        language="ar",
        fields={"title": "Ginger, whole", "scope": "Ginger.", "committee": "ISO/TC 34"},
        evidence={"searched": "", "titles": 0, "organisations": [], "found": []},
        name="Ana",
        address="ana@example.org",
        body="Somebody",
        asked_at=clock.now(),
    )
    assert run("proposals", "list") == []
    confirm(row.pk, now=clock.now())
    [told] = run("proposals", "list", "--organisation", "iso")
    there = tmp_path / "form.docx"
    assert run("proposals", "show", told["reference"], "--docx", str(there)) == told
    assert there.read_bytes().startswith(b"PK")
    assert WorkItem.objects.get().unconfirmed

    run("proposals", "refuse", told["reference"], "--reason", "It is ISO 1003.")
    assert Proposal.objects.get().state == ProposalState.REFUSED
    assert not WorkItem.objects.exists()
    with pytest.raises(Refused, match="no proposal"):
        run("proposals", "confirm", "ISO/P 1999-1")


def test_a_late_answer_is_a_promise_that_is_late(run):
    """It stands among the promises; assigned, answered and closed by terminal."""
    rows()
    now = clock.now()
    Intake.objects.create(
        **OFFER,
        reference="INTAKE 2027-1",
        number=1,
        asked_at=now,
        confirmed_at=now,
        due_at=now - timedelta(hours=1),
    )
    [promise] = [one for one in run("promises") if one["channel"] == "intake"]
    assert promise["state"] == "late"
    assert "INTAKE 2027-1" in promise["sentence"]
    assert [one["promise"] for one in run("intake", "list", "--late")] == ["late"]

    run("intake", "assign", "INTAKE 2027-1", "--organisation", "iec", "--committee", "TC 57")
    run("intake", "answer", "INTAKE 2027-1", "--text", "Write to Cy.")
    run("intake", "close", "INTAKE 2027-1", "--reason", "Done.")
    told = run("intake", "show", "INTAKE 2027-1")
    assert (told["state"], told["organisation"]) == (IntakeState.CLOSED, "iec")
    assert [one["text"] for one in told["answers"]] == ["Write to Cy."]
    with pytest.raises(Refused, match="no organisation"):
        run("intake", "assign", "INTAKE 2027-1", "--organisation", "isso")
