"""What is due starts once, with every yes; the rest is missed and waits for a person."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from publisher.flows import hold
from publisher.flows.approve import approve
from publisher.flows.prepare import prepare
from publisher.flows.publish import next_due, publish_due, publish_now
from publisher.flows.rehearse import rehearse
from publisher.models import Entry, Placement
from publisher.models.errors import Refused
from tests.flows.stored import NOW, entry, joint_plan, states, store

pytestmark = pytest.mark.django_db
AT = "2027-03-20T09:00"
SOON = entry(when="2027-03-20 09:00")
DUE = NOW.replace(day=20)


@pytest.fixture(autouse=True)
def _no_tasks(request):
    """A test that commits leaves its tasks in the queue's own tables."""
    if request.node.get_closest_marker("django_db").kwargs.get("transaction"):
        yield
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
    else:
        yield


def approved(*entries):
    store(joint_plan(*entries or (SOON,)))
    for organisation in ("iso", "iec"):
        approve(entry=None, organisation=organisation, person="Anna Keller", now=NOW)


def tasks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, count(*) FROM procrastinate_jobs GROUP BY 1")
        return dict(cursor.fetchall())


def test_what_is_due_and_approved_starts_with_its_task():
    """One task for the occurrence, whatever the number of its placements."""
    approved()
    assert next_due() == DUE

    assert publish_due(now=DUE - timedelta(seconds=1)) == []
    started = publish_due(now=DUE)

    assert {row.outlet.slug for row in started} == {"iso-news", "iec-news"}
    assert {row.started_at for row in Placement.objects.all()} == {DUE}
    assert tasks() == {"begin": 1}
    assert next_due() is None


def test_it_starts_once():
    """However often clocks look."""
    approved()

    publish_due(now=DUE)

    assert publish_due(now=DUE) == []
    assert tasks() == {"begin": 1}


def test_what_is_not_approved_when_due_is_missed():
    """A yes that comes later does not make it fire: a person sends it, or drops it."""
    store(joint_plan(SOON))
    approve(entry="statement", organisation="iso", person="Anna Keller", now=NOW)

    publish_due(now=DUE)
    assert states() == {f"iso-news en {AT}": "sending", f"iec-news en {AT}": "missed"}
    row = Placement.objects.get(outlet__slug="iec-news")
    assert row.problem == "It was not approved when due: iec had not said yes."

    approve(entry="statement", organisation="iec", person="Bob Jones", now=DUE)
    assert publish_due(now=DUE + timedelta(minutes=1)) == []


def test_what_no_clock_fired_in_time_is_missed():
    """After `late_after`, old news waits for a person."""
    approved()

    publish_due(now=DUE + timedelta(days=1, minutes=1))

    assert set(states().values()) == {"missed"}


def test_a_clock_that_is_a_little_late_publishes():
    """Within `late_after`."""
    approved()

    assert len(publish_due(now=DUE + timedelta(hours=23))) == 2


def test_words_changed_after_their_approval_do_not_go_out():
    """Not even if the change was made a second before."""
    approved()
    store(joint_plan(entry(when="2027-03-20 09:00", title="Another title")), now=DUE)

    publish_due(now=DUE)

    assert set(states().values()) == {"missed"}


def test_words_rendered_again_to_the_same_are_still_approved():
    """A change of the plan that leaves the words as they are needs no new yes."""
    approved()
    store(joint_plan(entry(when="2027-03-20 09:00", late_after="2 days")), now=DUE)
    assert set(Placement.objects.values_list("rendition", flat=True)) == {None}

    assert len(publish_due(now=DUE)) == 2


def test_words_are_frozen_once_it_has_started():
    """Whoever renders them again at that moment changes nothing."""
    approved()
    rows = list(Placement.objects.all())
    store(joint_plan(entry(when="2027-03-20 09:00", title="Another title")), now=NOW)
    frozen = rows[0].rendition_id
    Placement.objects.update(state="sending", rendition=frozen)

    prepare(rows, now=DUE)

    assert {row.rendition_id for row in Placement.objects.all()} == {frozen}


def test_a_person_sends_what_was_missed():
    """With every yes all the same; without, it says whose is missing."""
    store(joint_plan(SOON))
    publish_due(now=DUE)

    with pytest.raises(Refused, match="iso-news in en still needs a yes from iso"):
        publish_now("statement", now=DUE)
    for organisation in ("iso", "iec"):
        approve(entry=None, organisation=organisation, person="Anna Keller", now=DUE)
    started = publish_now("statement", now=DUE)

    assert len(started) == 2
    assert tasks() == {"begin": 1}


def test_send_now_means_the_next_occurrence_unless_one_was_missed():
    """Of a repetition, one at a time."""
    approved(entry(when="2027-03-20 09:00", repeat="FREQ=WEEKLY;COUNT=3"))

    assert {row.occurrence.key for row in publish_now("statement", now=NOW)} == {AT}


def test_a_rehearsal_says_what_would_go_out_and_keeps_nothing():
    """It does everything, looks, and takes it back."""
    approved()
    before = states()

    found = rehearse("statement", now=NOW)
    due = rehearse(None, now=DUE)

    assert [(one.outlet, one.recipients) for one in found] == [("iec-news", 1), ("iso-news", 1)]
    assert found == due
    assert (states(), tasks()) == (before, {})


def test_what_has_not_started_can_be_dropped():
    """And does not fire."""
    approved()

    hold.drop("statement", reason="The meeting was called off.", now=NOW)

    assert set(states().values()) == {"dropped"}
    assert Placement.objects.first().problem == "Dropped: The meeting was called off."
    assert publish_due(now=DUE) == []


def test_what_is_being_sent_can_be_paused_resumed_and_cancelled():
    """What is not legal is refused with a sentence."""
    approved()
    publish_due(now=DUE)
    key = Placement.objects.get(outlet__slug="iso-news").key

    hold.pause(key, now=DUE)
    assert states() == {f"iso-news en {AT}": "paused", f"iec-news en {AT}": "sending"}
    hold.resume("statement", now=DUE)
    hold.cancel("statement", now=DUE)
    assert set(states().values()) == {"cancelled"}

    with pytest.raises(Refused, match="Nothing of “statement” is paused"):
        hold.resume("statement", now=DUE)


@pytest.mark.django_db(transaction=True)
def test_two_clocks_start_an_occurrence_once():
    """The second skips what the first has in hand, and finds it started afterwards."""
    approved(*[entry(f"entry-{number}", when="2027-03-20 09:00") for number in range(10)])
    barrier = threading.Barrier(4)
    started = []

    def clock():
        barrier.wait()
        started.extend(row.key for row in publish_due(now=DUE))
        connections.close_all()

    clocks = [threading.Thread(target=clock) for _ in range(4)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()

    assert len(started) == len(set(started)) == 20
    assert tasks() == {"begin": 10}


@pytest.mark.django_db(transaction=True)
def test_a_start_that_fails_leaves_nothing_behind():
    """State and task are committed together, or not at all."""
    approved()

    with transaction.atomic():
        publish_due(now=DUE)
        transaction.set_rollback(True)

    assert set(states().values()) == {"planned"}
    assert tasks() == {}


def test_a_fault_in_one_occurrence_keeps_no_other_from_starting():
    """It says so where people look, is in the log once, and goes on when it is mended."""
    approved(SOON, entry("other", when="2027-03-20 09:00"))
    broken = Entry.objects.get(slug="other")
    whole = broken.spec
    broken.spec = {name: said for name, said in whole.items() if name != "late_after"}
    broken.save()

    assert {row.occurrence.entry.slug for row in publish_due(now=DUE)} == {"statement"}
    assert publish_due(now=DUE) == []
    held = Placement.objects.filter(occurrence__entry=broken)
    assert {row.state for row in held} == {"planned"}
    assert held[0].problem == "A fault in Publisher holds it up (KeyError); it is tried again."

    broken.spec = whole
    broken.save()
    assert len(publish_due(now=DUE)) == len(held)
