"""When a service gives no answer: its own record is asked, else a person decides."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from asgiref.sync import async_to_sync

from publisher.flows.address import begin
from publisher.flows.hand_over import hand_over
from publisher.flows.journals import journals
from publisher.flows.recover import recover
from publisher.flows.uncertain import ask, uncertain
from publisher.kit import clock
from publisher.kit.journal import FOR_ENDPOINTS, Journal
from publisher.kit.vault import Vault
from publisher.models import Delivery, DeliveryState, Placement, PlacementState, Rendition
from publisher.models.content import Content
from publisher.settings import settings
from tests.adapters.networks import Mastodon
from tests.adapters.service import Answer, Request, Service
from tests.faults.sending import figures, held
from tests.rows import rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network() -> Mastodon:
    return Mastodon()


@pytest.fixture
def service(network: Mastodon) -> Iterator[Service]:
    running = Service(None, "https://mastodon.example", network.routes())
    yield running
    running.close()


@pytest.fixture
def placement(service: Service) -> Placement:
    """A post that is about to be handed over to the server."""
    made = rows()
    outlet = made.outlets["iso-mastodon"]
    outlet.spec |= {"adapter": "mastodon", "account": "iso-mastodon"}
    outlet.save()
    token = {"instance": service.url, "access_token": "token-1", "private": "yes"}
    Vault.of(settings()).put("iso-mastodon", token)
    parts = {"1": "One plan for three organisations.", "link": ""}
    content = Content(form="post", language="en", direction="ltr", parts=parts)
    words = Rendition.objects.create(
        sha256=content.sha256,
        form="post",
        language="en",
        content=content.to_json(),
        made_at=clock.now(),
    )
    placement = made.placement("iso-mastodon", state=PlacementState.SENDING, rendition=words)
    begin(placement.occurrence_id, now=clock.now())
    return placement


def test_a_post_that_arrived_without_an_answer_is_found_in_the_timeline(
    service, network, placement
):
    """The server took it and answered 500: nothing is posted twice."""

    def took_it(request: Request) -> Answer:
        network.post(request)
        return Answer(status=500, body={"error": "oops"})

    service.answers("POST /api/v1/statuses", took_it)

    async_to_sync(hand_over)(placement.pk)

    assert figures(placement) == {"accepted": 1}
    assert placement.url == "https://m.example/@iso/100"
    assert placement.state == PlacementState.FINISHED
    assert len(network.statuses) == 1


def test_a_post_that_is_not_in_the_timeline_is_tried_again_later(service, network, placement):
    """The record says that it was not taken: the placement goes on, by the ladder."""
    service.answers("POST /api/v1/statuses", Answer(status=500, body={"error": "oops"}))

    async_to_sync(hand_over)(placement.pk)
    assert figures(placement) == {"retry": 1}
    assert placement.state == PlacementState.SENDING

    Delivery.objects.update(due_at=clock.now())
    async_to_sync(hand_over)(placement.pk)

    assert figures(placement) == {"accepted": 1}
    assert len(network.statuses) == 1


def test_where_the_timeline_cannot_be_read_a_person_decides(service, network, placement):
    """It is shown, and never repeated blindly."""
    oops = Answer(status=500, body={"error": "oops"})

    def falls_over(_request: Request) -> Answer:
        service.answers("GET /api/v1/accounts/.*", *[oops] * 20)
        return oops

    service.answers("POST /api/v1/statuses", falls_over)

    async_to_sync(hand_over)(placement.pk)
    async_to_sync(hand_over)(placement.pk)

    assert figures(placement) == {"uncertain": 1}
    assert [row.count for row in uncertain()] == [1]
    assert network.statuses == {}


def test_a_post_cut_short_by_a_crash_is_asked_about(network, placement):
    """The process ended between the server's yes and the journal: the timeline has it."""
    async_to_sync(hand_over)(placement.pk)
    journal = Journal.open_new(journals(), slot=FOR_ENDPOINTS)
    Delivery.objects.update(state=DeliveryState.QUEUED, attempts=0)
    held(journal.name)
    Placement.objects.update(state=PlacementState.SENDING, accepted=0, url="")
    journal.close(keep=True)

    recover(now=clock.now())
    async_to_sync(ask)(placement.pk)
    async_to_sync(hand_over)(placement.pk)

    assert figures(placement) == {"accepted": 1}
    assert len(network.statuses) == 1
