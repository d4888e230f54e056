"""What was approved and never published is found."""

from datetime import timedelta

import pytest

from publisher.flows.approve import approve
from publisher.flows.promises import all_promises
from publisher.flows.publish import publish_due
from publisher.models import Placement, PlacementState
from publisher.reports.promises import PromiseState
from tests.flows.stored import NOW, entry, joint_plan, store

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=70)


def approved():
    store(joint_plan(entry(when="2027-03-20 09:00")))
    for organisation in ("iso", "iec"):
        approve(entry=None, organisation=organisation, person="Anna Keller", now=NOW)


def test_approved_and_never_published_is_broken():
    """Nobody's clock ran; seventy days later it is on top of the list."""
    approved()
    publish_due(now=LATER)

    [promise] = all_promises(now=LATER)

    assert promise.state is PromiseState.BROKEN
    assert promise.sentence == "approved 70 days ago, never published: missed"


def test_published_is_kept():
    """From the moment it reached somebody."""
    approved()
    Placement.objects.update(state=PlacementState.FINISHED, accepted=1, finished_at=LATER)

    [promise] = all_promises(now=LATER)

    assert (promise.state, promise.published_at) == (PromiseState.KEPT, LATER)
    assert promise.owed.outlets == ("iec-news", "iso-news")


def test_in_the_calendar_and_not_approved_is_no_promise_yet():
    """It says what it waits for."""
    store(joint_plan(entry(when="2027-03-20 09:00")))

    [promise] = all_promises(now=NOW)

    assert promise.state is PromiseState.UNAPPROVED


def test_a_channel_without_its_form_is_said_so():
    """It stands in the list, and is not called late."""
    store(joint_plan(entry(when="2027-03-20 09:00"), form="hologram"))

    [promise] = all_promises(now=NOW)

    assert promise.sentence == "its form “hologram” is not there yet"
