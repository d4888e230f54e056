"""The tables say what the plan asks for."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publisher.flows.approve import approve, yeses_missing
from publisher.flows.expand import expand
from publisher.flows.launch import launch
from publisher.models import Approval, Occurrence, Placement, PlacementState
from publisher.models.specs import EventSpec
from tests.flows.stored import NOW, choice, entry, joint_plan, states, store

pytestmark = pytest.mark.django_db
AT = "2027-03-20T09:00"
SOON = entry(when="2027-03-20 09:00")
WEEKLY = entry(when="2027-03-20 09:00", repeat="FREQ=WEEKLY;COUNT=3")


def approve_all(organisation="iso", now=NOW):
    return approve(entry=None, organisation=organisation, person="Anna Keller", now=now)


def test_each_cell_of_each_occurrence_is_a_placement():
    """Two organisations chose their news: two placements, planned."""
    assert store(joint_plan(SOON)) == 2
    assert states() == {f"iso-news en {AT}": "planned", f"iec-news en {AT}": "planned"}


def test_expanding_again_changes_nothing():
    """The clock does so each day."""
    store(joint_plan(WEEKLY))
    before = list(Placement.objects.order_by("id").values())

    assert expand(now=NOW + timedelta(days=1)) == 0
    assert list(Placement.objects.order_by("id").values()) == before


def test_a_form_that_is_not_there_yet_is_said_so():
    """Its placements are there, unavailable; they are planned when the form comes."""
    store(joint_plan(SOON, form="hologram"))
    row = Placement.objects.first()
    assert (row.state, row.problem) == ("unavailable", "Its form “hologram” is not there yet.")

    store(joint_plan(SOON, form="feed"))

    row.refresh_from_db()
    assert (row.state, row.problem) == ("planned", "")


def test_what_nobody_asks_for_any_more_is_deleted():
    """An organisation that switches its outlet off has nothing planned there."""
    store(joint_plan(SOON))

    store(joint_plan(SOON, choices=[choice("iso-news")]))

    assert states() == {f"iso-news en {AT}": "planned"}


def test_what_was_approved_is_dropped_and_taken_up_again():
    """A yes is never deleted; when the plan asks again, it still counts."""
    store(joint_plan(SOON))
    approve_all()

    store(joint_plan(SOON, choices=[choice("iec-news")]))
    assert states()[f"iso-news en {AT}"] == "dropped"

    store(joint_plan(SOON))
    row = Placement.objects.get(outlet__slug="iso-news")
    assert (row.state, row.problem) == ("planned", "")
    assert row.approvals.count() == 1


def test_an_entry_that_is_taken_out_leaves_nothing_planned():
    """Its occurrences go, too."""
    store(joint_plan(SOON))

    store(joint_plan())

    assert (Placement.objects.count(), Occurrence.objects.count()) == (0, 0)


def test_what_started_is_left_alone():
    """Whatever the plan says later."""
    store(joint_plan(SOON))
    Placement.objects.update(state=PlacementState.SENDING)

    store(joint_plan())

    assert set(states().values()) == {"sending"}


def test_words_are_forgotten_only_where_the_plan_changed():
    """A change to one entry does not make the others be rendered again."""
    other = entry("other", when="2027-03-20 09:00")
    store(joint_plan(SOON, other))
    approve_all()

    store(joint_plan(SOON, entry("other", when="2027-03-20 09:00", title="Another title")))

    words = dict(
        Placement.objects.filter(outlet__slug="iso-news").values_list(
            "occurrence__entry__slug", "rendition"
        )
    )
    assert words["statement"]
    assert words["other"] is None


def test_an_entry_that_moves_keeps_its_approvals():
    """An approval names the words, not the moment."""
    store(joint_plan(SOON))
    approve_all()

    store(joint_plan(entry(when="2027-03-21 10:00")))

    assert set(states()) == {"iso-news en 2027-03-21T10:00", "iec-news en 2027-03-21T10:00"}
    assert Approval.objects.get().placement.occurrence.key == "2027-03-21T10:00"


def test_an_entry_follows_its_event():
    """The occurrence is the same; its moment moves."""
    ics = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//
BEGIN:VEVENT
UID:plenary
SUMMARY:Plenary
DTSTART:20270420T100000Z
END:VEVENT
END:VCALENDAR
"""
    hung = entry(when={"event": "plenary", "before": "14 days"}, zone="UTC")

    def due(start):
        event = EventSpec(
            slug="plenary", uid="plenary", summary="Plenary", ics=ics.replace("20270420", start)
        )
        store(joint_plan(hung, events=[event]))
        return Placement.objects.values_list("id", "due_at").order_by("id").first()

    before, after = due("20270420"), due("20270427")

    assert before[0] == after[0]
    assert after[1] - before[1] == timedelta(days=7)


def test_quiet_hours_move_the_placement_and_not_the_occurrence():
    """Each outlet has its own."""
    store(joint_plan(SOON, quiet={"start": "08:00", "end": "11:00"}))

    due = dict(Placement.objects.values_list("outlet__slug", "due_at"))

    assert due["iso-news"] - due["iec-news"] == timedelta(hours=2)
    assert Occurrence.objects.get().due_at == due["iec-news"]


def test_launching_gives_what_waited_its_moment():
    """The same rows, with the same approvals; a second launch changes nothing."""
    store(joint_plan(entry(when="launch + 2 days")))
    assert set(Placement.objects.values_list("due_at", flat=True)) == {None}
    approve_all()

    assert launch(now=NOW) == NOW
    assert launch(now=NOW + timedelta(days=1)) == NOW

    assert set(Placement.objects.values_list("due_at", flat=True)) == {NOW + timedelta(days=2)}
    row = Placement.objects.get(outlet__slug="iso-news")
    assert yeses_missing([row]) == {row.pk: []}


def test_what_was_missed_waits_and_what_moves_ahead_is_planned_again():
    """A missed occurrence is not lost by expanding again."""
    store(joint_plan(SOON))
    Placement.objects.update(state=PlacementState.MISSED, problem="It was not approved.")

    expand(now=NOW + timedelta(days=30))
    assert set(states().values()) == {"missed"}

    store(joint_plan(entry(when="2027-05-01 09:00")), now=NOW + timedelta(days=30))
    assert set(states().values()) == {"planned"}


def test_a_choice_made_later_brings_nothing_of_the_past():
    """Whoever joins today is not told that last month was missed."""
    store(joint_plan(WEEKLY, choices=[choice("iso-news")]))

    store(joint_plan(WEEKLY), now=NOW + timedelta(days=11))

    assert [name for name in states() if name.startswith("iec")] == [
        "iec-news en 2027-03-27T09:00",
        "iec-news en 2027-04-03T09:00",
    ]


def test_two_thousand_entries_take_few_queries():
    """Expanding is set-wise: the number of queries does not grow with the number of entries."""
    store(joint_plan(*[entry(f"e{number}", when="2027-03-20 09:00") for number in range(20)]))

    with CaptureQueriesContext(
        connection,
    ) as few:
        expand(now=NOW)
    store(joint_plan(*[entry(f"e{number}", when="2027-03-20 09:00") for number in range(200)]))
    with CaptureQueriesContext(connection) as many:
        expand(now=NOW)

    assert len(many) == len(few)
