"""What is going out, watched and held up at the desk; and each delivery found again."""

import json

import pytest

from publisher.flows.deliveries import PAGE, Asked, search
from publisher.models import Delivery, DeliveryState, Placement, PlacementState
from tests.desk.people import desk_of, person
from tests.rows import WHEN, rows

pytestmark = pytest.mark.django_db


def sending(made, outlet="iso-newsletter", **said):
    """Give a placement that is under way, with one reader served and one in the queue."""
    figures = {"candidates": 2, "accepted": 1, "addressed_at": WHEN}
    placement = made.placement(outlet, state=PlacementState.SENDING, **figures | said)
    ana = made.delivery(placement, made.reader(f"ana@{outlet}.example"))
    bob = made.delivery(placement, made.reader(f"bob@{outlet}.example"))
    Delivery.objects.filter(pk=bob.pk).update(state=DeliveryState.QUEUED)
    return placement, ana


def test_a_publisher_pauses_and_goes_on():
    """The page shows how far it is, and what can be done."""
    placement, _ = sending(rows())
    desk = desk_of(person("ana", "publisher"))
    assert "1</span> / <span" in desk.get("/desk/going-out/").content.decode()

    for act, state in (("pause", "paused"), ("resume", "sending"), ("cancel", "cancelled")):
        desk.post(f"/desk/going-out/act/{placement.key}", {"act": act})
        placement.refresh_from_db()
        assert placement.state == state
    assert placement.excluded == 1


def test_the_kill_switch_holds_up_all_of_ones_own_and_nobody_elses():
    """ISO's publisher does not stop IEC."""
    made = rows()
    sending(made)
    sending(made, "iec-newsletter", entry="theirs")

    desk_of(person("ana", "publisher")).post("/desk/going-out/hold-all")

    states = dict(Placement.objects.values_list("outlet__slug", "state"))
    assert states == {"iso-newsletter": "paused", "iec-newsletter": "sending"}


def test_another_organisations_placement_is_not_touched():
    """Nor by somebody who may only look."""
    placement, _ = sending(rows())
    for who in (person("bea", "publisher", "iec"), person("cleo", "editor", "iso")):
        address = f"/desk/going-out/act/{placement.key}"
        if who.username == "cleo":
            who.roles.all().delete()
            person("cleo", "approver", "iso")
        assert desk_of(who).post(address, {"act": "pause"}).status_code == 403

    placement.refresh_from_db()
    assert placement.state == PlacementState.SENDING


def test_nonsense_is_refused_with_a_sentence():
    """And what cannot be done in this state."""
    placement, _ = sending(rows())
    desk = desk_of(person("ana", "publisher"))

    for act in ("", "explode", "resume"):
        answer = desk.post(f"/desk/going-out/act/{placement.key}", {"act": act})
        assert answer.status_code == 422
    assert desk.post("/desk/going-out/act/0000", {"act": "pause"}).status_code == 404


def test_what_nobody_knows_is_decided():
    """Once, by somebody who may, for the own organisation's outlets."""
    made = rows()
    placement, ana = sending(made, uncertain=1, accepted=0)
    Delivery.objects.filter(pk=ana.pk).update(state=DeliveryState.UNCERTAIN)
    desk = desk_of(person("ana", "publisher"))
    assert "Nobody knows" in desk.get("/desk/going-out/").content.decode()

    desk.post("/desk/going-out/decide/statement", {"decision": "accepted"})

    placement.refresh_from_db()
    assert (placement.accepted, placement.uncertain) == (1, 0)


def test_progress_is_told_as_it_goes():
    """As a server-sent event with each placement's figures."""
    placement, _ = sending(rows())
    from publisher.web.desk.going_out.progress import _told

    told = json.loads(_told())

    assert told[placement.key] == ["sending", 2, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"address": "ANA@"}, 1),
        ({"address": "na@"}, 0),
        ({"entry": "statement"}, 2),
        ({"state": "queued"}, 1),
        ({"state": "no such"}, 0),
        ({"before": "nonsense"}, 2),
        ({"address": "%"}, 0),
    ],
)
def test_a_delivery_is_found(asked, count):
    """By how its address begins, by its entry, by its state."""
    sending(rows())
    desk = desk_of(person("ana", "publisher"))

    page = desk.get("/desk/deliveries/", asked).content.decode()

    assert page.count("/desk/deliveries/") - page.count("desk/deliveries/?") >= count
    assert page.count("iso-newsletter.example") == count


def test_the_ledger_is_paged_by_key():
    """However long it is, a page is as quick as the first."""
    made = rows()
    placement, _ = sending(made)
    Delivery.objects.bulk_create(
        Delivery(placement=placement, recipient=number, address="x@example.org")
        for number in range(1000, 1000 + PAGE)
    )

    first = search(Asked(), organisations={"iso"})
    second = search(Asked(before=first.next), organisations={"iso"})

    assert (len(first.rows), len(second.rows), second.next) == (PAGE, 2, 0)
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


def test_a_deliverys_whole_history_is_told_to_its_own_organisation():
    """Who, when, in which words, by which consent; and IEC's publisher is not told."""
    made = rows()
    _, ana = sending(made)

    page = desk_of(person("ana", "publisher")).get(f"/desk/deliveries/{ana.pk}/")
    assert "ana@iso-newsletter.example" in page.content.decode()

    theirs = desk_of(person("bea", "publisher", "iec"))
    assert theirs.get(f"/desk/deliveries/{ana.pk}/").status_code == 403
    assert "ana@" not in theirs.get("/desk/deliveries/").content.decode()
    assert desk_of(person("cleo", "editor")).get("/desk/deliveries/").status_code == 403
