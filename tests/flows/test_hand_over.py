"""From the ledger to a service and back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync

from publisher.flows.hand_over import hand_over
from publisher.flows.hold import cancel, pause, resume
from publisher.flows.journals import journals
from publisher.flows.uncertain import Decision, decide, uncertain
from publisher.kit import clock
from publisher.models import Consent, Delivery, DeliveryState, Placement, PlacementState
from tests.faults.sending import figures, newsletter
from tests.faults.sink import sink
from tests.rows import rows

pytestmark = pytest.mark.django_db(transaction=True)


def handed_over(placement: Placement, **said) -> None:
    async_to_sync(hand_over)(placement.pk, **said)


def test_every_reader_gets_its_copy_and_the_placement_is_finished(tmp_path: Path):
    """Candidates = accepted + refused + excluded; nothing is left in the journal."""
    left_by_others = set(journals().glob("*.journal"))
    with sink(tmp_path) as server:
        placement = newsletter(server.port, readers=1200)
        handed_over(placement)

    assert figures(placement) == {"accepted": 1200}
    assert placement.state == PlacementState.FINISHED
    assert len(set(server.taken())) == len(server.taken()) == 1200
    assert set(journals().glob("*.journal")) <= left_by_others


def test_handing_over_again_sends_nothing(tmp_path: Path):
    """A task that comes twice finds nothing to do."""
    with sink(tmp_path) as server:
        placement = newsletter(server.port, readers=10)
        handed_over(placement)
        handed_over(placement)

    assert len(server.taken()) == 10


def test_refusals_are_final_and_busy_servers_are_tried_again(tmp_path: Path):
    """5yz is refused; 4yz waits by the ladder, and goes out when its time has come."""
    replies = {"RCPT": {"reader1@": "550 5.1.1 nobody", "reader2@": "450 4.2.1 busy"}}
    with sink(tmp_path / "a", replies=replies) as server:
        placement = newsletter(server.port, readers=5)
        before = clock.now()
        handed_over(placement)

        assert figures(placement) == {"accepted": 3, "refused": 1, "retry": 1}
        assert placement.state == PlacementState.SENDING
        waiting = Delivery.objects.get(state=DeliveryState.RETRY)
        assert timedelta(minutes=5) <= waiting.due_at - before <= timedelta(minutes=6)

        handed_over(placement)
        assert figures(placement)["retry"] == 1

    with sink(tmp_path / "b", port=server.port):
        Delivery.objects.filter(pk=waiting.pk).update(due_at=before)
        handed_over(placement)

    assert figures(placement) == {"accepted": 4, "refused": 1}
    assert placement.state == PlacementState.FINISHED
    assert Delivery.objects.get(pk=waiting.pk).attempts == 2


def test_a_dead_server_holds_it_up_and_it_goes_on_by_itself(tmp_path: Path):
    """The placement says why; no attempt is counted against a reader."""
    with sink(tmp_path / "a") as server:
        port = server.port
    placement = newsletter(port, readers=5)
    handed_over(placement)

    assert figures(placement) == {"queued": 5}
    assert "cannot be reached" in placement.problem
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0}

    with sink(tmp_path / "b", port=port):
        handed_over(placement)

    assert figures(placement) == {"accepted": 5}
    assert placement.problem == ""


def test_who_leaves_after_the_ledger_was_written_gets_no_copy(tmp_path: Path):
    """The last moment at which a reader can leave is the one before hand-over."""
    with sink(tmp_path) as server:
        placement = newsletter(server.port, readers=3)
        gone = Consent.objects.order_by("reader").first()
        gone.withdrawn_at = clock.now()
        gone.save()
        handed_over(placement)

    assert figures(placement) == {"accepted": 2, "excluded": 1}
    assert placement.state == PlacementState.FINISHED


def test_a_silent_server_leaves_one_mail_for_a_person_to_decide(tmp_path: Path):
    """It is shown; a person has it sent again, and then it is finished without doubt."""
    with sink(tmp_path, hang_at=[3]) as server:
        placement = newsletter(server.port, readers=20, timeout_seconds=1)
        handed_over(placement)

        assert figures(placement) == {"accepted": 19, "uncertain": 1}
        assert placement.state == PlacementState.FINISHED
        assert [row.count for row in uncertain()] == [1]

        decide("statement", Decision.RESEND, now=clock.now())
        assert figures(placement) == {"accepted": 19, "queued": 1}
        handed_over(placement)

    assert figures(placement) == {"accepted": 20}
    assert placement.state == PlacementState.FINISHED
    repeated = [name for name in server.taken() if server.taken().count(name) > 1]
    assert len(repeated) == 2  # the one the server took and kept silent about


@pytest.mark.parametrize(
    ("decision", "state"), [(Decision.ACCEPTED, "accepted"), (Decision.REFUSED, "refused")]
)
def test_a_person_may_know_what_became_of_it(tmp_path: Path, decision, state):
    """The figures follow the person."""
    with sink(tmp_path, hang_at=[1]) as server:
        placement = newsletter(server.port, readers=1, timeout_seconds=1)
        handed_over(placement)
    decide("statement", decision, now=clock.now())

    assert figures(placement) == {state: 1}


def test_a_paused_placement_stops_within_a_window_and_goes_on_when_resumed(tmp_path: Path):
    """What was claimed and not handed over is back in the queue, with no attempt counted."""
    with sink(tmp_path) as server:
        placement = newsletter(server.port, readers=30)
        pause(placement.key, now=clock.now())
        handed_over(placement)
        assert figures(placement) == {"queued": 30}

        resume(placement.key, now=clock.now())
        handed_over(placement)

    assert figures(placement) == {"accepted": 30}


def test_a_cancelled_placement_sends_nothing_more(tmp_path: Path):
    """The rest is excluded, so that its figures add up."""
    with sink(tmp_path) as server:
        placement = newsletter(server.port, readers=30)
        cancel(placement.key, now=clock.now())
        handed_over(placement)

        assert server.taken() == []
    assert figures(placement) == {"excluded": 30}


def test_stopping_ends_a_run_between_windows_and_the_rest_stays_queued(tmp_path: Path):
    """A worker that is told to end finishes what it has in hand, and no more."""
    asked = 0

    def stopping() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    with sink(tmp_path) as server:
        placement = newsletter(server.port, readers=1500)
        handed_over(placement, stopping=stopping)
        found = figures(placement)

        assert 0 < found["accepted"] == len(server.taken()) < 1500
        assert found["queued"] == 1500 - found["accepted"]

        handed_over(placement)
    assert figures(placement) == {"accepted": 1500}


def test_pace_is_kept(tmp_path: Path):
    """An outlet of 600 a minute hands over no more than its share at once."""
    with sink(tmp_path) as server:
        placement = newsletter(server.port, readers=25)
        placement.outlet.spec |= {"pace": {"per_minute": 600, "connections": 2}}
        placement.outlet.save()
        handed_over(placement)

    moments = [float(line.split(" ")[0]) for line in (tmp_path / "taken").read_text().splitlines()]
    assert moments[-1] - moments[0] >= 1.0
    assert figures(placement) == {"accepted": 25}


def test_a_page_is_published_with_its_address(tmp_path: Path):
    """An endpoint has one delivery, and the placement says where it can be read."""
    made = rows()
    made.outlets["iso-mastodon"].spec |= {"adapter": "capture"}
    made.outlets["iso-mastodon"].save()
    placement = made.placement("iso-mastodon", state=PlacementState.SENDING, rendition=post())
    from publisher.flows.address import begin

    begin(placement.occurrence_id, now=clock.now())
    handed_over(placement)

    assert figures(placement) == {"accepted": 1}
    assert placement.url.endswith(f"/capture/timeline/{placement.key}.0/")


def test_an_outlet_without_its_credential_waits_for_a_person(tmp_path: Path):
    """The sentence says which credential, and the command that sets it."""
    with sink(tmp_path) as server:
        placement = newsletter(server.port, readers=2)
        placement.outlet.spec |= {"account": "iso-mail"}
        placement.outlet.save()
        handed_over(placement)

    assert figures(placement) == {"queued": 2}
    assert "publisher accounts set iso-mail" in placement.problem


def post():
    from publisher.models import Rendition
    from publisher.models.content import Content

    content = Content(
        form="post", language="en", direction="ltr", parts={"1": "Words.", "link": ""}
    )
    return Rendition.objects.create(
        sha256=content.sha256,
        form="post",
        language="en",
        content=content.to_json(),
        made_at=clock.now(),
    )
