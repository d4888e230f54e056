"""A plan is launched once, by a person."""

from datetime import timedelta

import pytest

from publisher.flows.launch import launch
from publisher.flows.publish import next_due
from publisher.models import Launch
from tests.flows.stored import NOW, entry, joint_plan, store


@pytest.mark.django_db
def test_what_is_on_launch_is_due_at_once_and_what_comes_later_counts_from_it():
    """The first moment is the launch's own."""
    store(joint_plan(entry(when="launch"), entry("later", when="launch + 3 hours")))
    assert next_due() is None

    launch(now=NOW)

    assert Launch.objects.get().at == next_due() == NOW


@pytest.mark.django_db
def test_an_entry_that_comes_after_the_launch_counts_from_it_too():
    """It was launched with the others."""
    launch(now=NOW)

    store(joint_plan(entry(when="launch + 2 days")), now=NOW + timedelta(days=1))

    assert next_due() == NOW + timedelta(days=2)
