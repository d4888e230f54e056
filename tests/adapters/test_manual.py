"""What an officer publishes by hand, and confirms."""

from __future__ import annotations

import json

import pytest
import typer
from asgiref.sync import async_to_sync
from typer.testing import CliRunner

from publisher.adapters import registry
from publisher.cli import confirm as command
from publisher.flows.confirm import confirm, waiting
from publisher.flows.hand_over import hand_over as flow
from publisher.kit.clock import now
from publisher.models import Delivery, DeliveryState, Placement, PlacementState, Rendition
from publisher.models.adapter import Attachment
from publisher.models.content import Content
from publisher.models.errors import NeedsConnecting, Refused
from publisher.settings import settings
from tests.adapters.consignments import PICTURE, PNG, consignment, hand_over, parcels
from tests.rows import WHEN, rows

URL = "https://social.example.org/@iso/1"


@pytest.fixture
def placement() -> Placement:
    """A post on an outlet with no account, started and addressed."""
    made = rows()
    outlet = made.outlets["iso-mastodon"]
    outlet.spec |= {"adapter": "manual"}
    outlet.save()
    content = Content(
        form="post", language="en", direction="ltr", parts={"1": "One plan.", "link": ""}
    )
    words = Rendition.objects.create(
        sha256=content.sha256, form="post", language="en", content=content.to_json(), made_at=WHEN
    )
    placement = made.placement(
        "iso-mastodon",
        rendition=words,
        state=PlacementState.SENDING,
        addressed_at=WHEN,
        candidates=1,
    )
    Delivery.objects.create(placement=placement)
    return placement


def test_the_exact_words_and_pictures_are_laid_out(tmp_path):
    """An officer copies what was approved, with the words for each picture."""
    made = consignment("post", tmp_path, adapter="manual", pictures=(PICTURE,))

    with pytest.raises(NeedsConnecting, match=f"publisher confirm {made.key} --url"):
        hand_over(made, parcels(made))

    folder = tmp_path / "manual" / made.key
    assert (folder / "1.txt").read_text() == made.content.parts["1"]
    (picture,) = folder.glob("*.png")
    assert picture.read_bytes() == PNG
    assert (folder / f"{picture.name}.alt.txt").read_text() == "Three logos side by side"
    assert json.loads((folder / "about.json").read_text())["outlet"] == "iso-post"


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_the_officer_and_then_is_finished(placement):
    """It stays open and says why, and ends with the address where it can be read."""
    async_to_sync(flow)(placement.pk)
    placement.refresh_from_db()
    assert placement.state == PlacementState.SENDING
    assert "waits for an officer" in placement.problem
    assert [row.key for row in waiting()] == [placement.key]

    confirm(placement.key, URL, now=now())

    placement.refresh_from_db()
    delivery = Delivery.objects.get()
    assert (placement.state, placement.url) == (PlacementState.FINISHED, URL)
    assert (placement.accepted, placement.problem) == (1, "")
    assert (delivery.state, delivery.settled_at is not None) == (DeliveryState.ACCEPTED, True)
    assert waiting() == []


@pytest.mark.django_db
def test_confirming_twice_does_no_harm_and_another_address_is_refused(placement):
    """What is published is not moved by a slip of the keyboard."""
    confirm(placement.key, URL, now=now())
    confirm(placement.key, URL, now=now())

    with pytest.raises(Refused, match="confirmed already"):
        confirm(placement.key, f"{URL}2", now=now())


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "social.example.org", "https://"])
def test_only_a_web_address_confirms(placement, url):
    """Readers are sent there."""
    with pytest.raises(Refused, match="web address"):
        confirm(placement.key, url, now=now())


@pytest.mark.django_db
def test_only_what_waits_for_an_officer_can_be_confirmed(placement):
    """What Publisher sends itself has its own proof."""
    placement.outlet.spec |= {"adapter": "capture"}
    placement.outlet.save()

    with pytest.raises(Refused, match="nothing to confirm"):
        confirm(placement.key, URL, now=now())
    with pytest.raises(Refused, match="not a placement"):
        confirm("no-such-key", URL, now=now())


@pytest.mark.django_db
def test_the_terminal_shows_what_waits_and_takes_the_confirmation(placement):
    """`publisher confirm` without a key, then with one."""
    app = typer.Typer()
    command.register(app)
    run = CliRunner().invoke

    (told,) = json.loads(run(app, ["--json"]).stdout)
    assert told["folder"] == str(settings().data_folder / "manual" / placement.key)
    assert run(app, [placement.key]).exit_code == 2
    assert run(app, [placement.key, "--url", URL, "--json"]).exit_code == 0
    assert json.loads(run(app, ["--json"]).stdout) == []


def test_files_are_laid_out_too(tmp_path):
    """Whatever the form: an officer takes a document to a meeting by hand."""
    file = Attachment(filename="one-plan.pdf", media_type="application/pdf", content=b"%PDF-1.7")
    made = consignment("page", tmp_path, adapter="manual", attachments=[file])

    with pytest.raises(NeedsConnecting):
        hand_over(made, parcels(made))

    assert (tmp_path / "manual" / made.key / "files" / "one-plan.pdf").read_bytes() == b"%PDF-1.7"


def test_it_carries_every_form_but_those_that_write_to_readers():
    """An officer does not post a mail to a thousand people."""
    said = registry.adapter("manual").capabilities

    assert said.carries("agenda-item", "endpoint")
    assert not said.carries("newsletter", "readers")
