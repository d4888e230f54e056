"""What is read back of posts, and which tokens end before what is planned."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
import typer
from asgiref.sync import async_to_sync
from typer.testing import CliRunner

from publisher.adapters.bluesky.keys import record_key
from publisher.cli import accounts
from publisher.cli import figures as command
from publisher.flows.examine import examine
from publisher.flows.figures import WORTH_READING, figures, read_figures
from publisher.flows.token_ends import token_ends
from publisher.kit.vault import Vault
from publisher.models import Delivery, DeliveryState, Placement, PlacementState, Rendition
from publisher.models.content import Content
from publisher.settings import settings
from tests.adapters import networks
from tests.adapters.service import Answer, Service
from tests.rows import WHEN, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    network = networks.Bluesky()
    network.service = Service(None, "", network.routes())
    yield network
    network.service.close()


@pytest.fixture
def placement(network) -> Placement:
    """A post that went out on Bluesky."""
    made = rows()
    outlet = made.outlets["iso-mastodon"]
    outlet.spec |= {"adapter": "bluesky", "account": "iso-bluesky"}
    outlet.save()
    credential = {"identifier": "iso.test", "app_password": "p", "base_url": network.service.url}
    Vault.of(settings()).put("iso-bluesky", credential | {"expires": "2027-03-31"})
    content = Content(form="post", language="en", direction="ltr", parts={"1": "One.", "link": ""})
    words = Rendition.objects.create(
        sha256=content.sha256, form="post", language="en", content=content.to_json(), made_at=WHEN
    )
    placement = made.placement(
        "iso-mastodon",
        rendition=words,
        addressed_at=WHEN,
        candidates=1,
        accepted=1,
        url="https://bsky.app/profile/did:plc:iso/post/1",
    )
    Delivery.objects.create(placement=placement, state=DeliveryState.ACCEPTED)
    yield placement
    Vault.of(settings()).remove("iso-bluesky")


def test_figures_are_read_once_asked_for_and_kept(network, placement):
    """With the moment they were read; the network is not asked by looking."""
    assert [one.read_at for one in figures()] == [None]
    _post_is_there(network, placement)

    (found,) = async_to_sync(read_figures)(now=WHEN + timedelta(days=1))

    assert found.counts == {"likes": 4, "reposts": 3, "replies": 2, "quotes": 1}
    assert (found.read_at, found.problem) == (WHEN + timedelta(days=1), "")
    asked = len(network.service.requests)
    assert figures("statement") == [found]
    assert len(network.service.requests) == asked


def test_what_cannot_be_read_says_so_and_keeps_what_was_read(network, placement):
    """A network that is away is no reason to forget."""
    _post_is_there(network, placement)
    async_to_sync(read_figures)(now=WHEN)
    network.service.answers("GET /xrpc/app.bsky.feed.getPosts", Answer(status=503))

    (found,) = async_to_sync(read_figures)(now=WHEN + timedelta(hours=1))

    assert (found.counts["likes"], found.read_at) == (4, WHEN)
    assert "503" in found.problem


def test_an_old_post_is_read_only_when_it_is_named(network, placement):
    """Reading may cost."""
    late = WHEN + WORTH_READING + timedelta(days=1)
    async_to_sync(read_figures)(now=late)
    assert network.service.requests == []

    async_to_sync(read_figures)("statement", now=late)
    assert network.service.requests != []


def test_the_command_shows_each_kind(network, placement):
    """A dash where a network does not count it."""
    _post_is_there(network, placement)
    app = typer.Typer()
    command.register(app)
    app.callback()(lambda: None)

    told = CliRunner().invoke(app, ["figures", "statement", "--read", "--json"])
    drawn = CliRunner().invoke(app, ["figures"])

    assert json.loads(told.stdout)[0]["counts"]["likes"] == 4
    assert "–" in drawn.stdout


def test_a_token_that_ends_before_what_is_planned_is_told(placement):
    """At the terminal, by the doctor, and to whoever asks the flow."""
    Placement.objects.filter(pk=placement.pk).update(
        state=PlacementState.PLANNED, due_at="2027-04-01T09:00:00Z"
    )

    (end,) = token_ends(settings(), now=WHEN)

    assert (end.outlet, end.ends_on, end.placements_after) == (
        "iso-mastodon",
        date(2027, 3, 31),
        1,
    )
    assert not end.well
    assert "placements planned after that: 1" in end.sentence
    (finding,) = [one for one in examine(settings()) if one.subject.startswith("token")]
    assert not finding.well
    app = typer.Typer()
    accounts.register(app)
    done = CliRunner().invoke(app, ["accounts", "expiring", "--json"])
    assert done.exit_code == 1
    assert json.loads(done.stdout)[0]["placements_after"] == 1


def test_the_last_day_of_a_token_is_a_good_one(placement):
    """What goes out on it goes out."""
    Placement.objects.filter(pk=placement.pk).update(
        state=PlacementState.PLANNED, due_at="2027-03-31T23:00:00Z"
    )
    (end,) = token_ends(settings(), now=WHEN)
    assert (end.well, end.days_left) == (True, 19)

    (over,) = token_ends(settings(), now=WHEN + timedelta(days=20))
    assert (over.well, over.days_left) == (False, -1)
    assert "ended" in over.sentence


def test_an_account_that_nobody_uses_yet_ends_unnoticed(placement):
    """An outlet that is captured names its account for the day on which it is not."""
    placement.outlet.spec |= {"adapter": "capture"}
    placement.outlet.save()

    assert token_ends(settings(), now=WHEN) == []


def _post_is_there(network, placement) -> None:
    assert placement.started_at is not None
    network.records[record_key(f"{placement.key}.0.1", placement.started_at)] = {"text": "One."}
