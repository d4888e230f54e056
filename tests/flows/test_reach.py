"""Counting whom words would reach, before they are saved."""

from dataclasses import replace

import pytest

from publisher.flows.address import begin
from publisher.flows.launch import launch
from publisher.flows.reach import reach
from publisher.flows.unsaved import unsaved
from publisher.models import (
    Channel,
    Consent,
    Delivery,
    Entry,
    Occurrence,
    Organisation,
    Placement,
    PlacementState,
    Reader,
)
from tests.flows.stored import NOW, entry, joint_plan, store

pytestmark = pytest.mark.django_db


def test_the_count_is_what_the_ledger_will_hold():
    """Each reader once, in its language, of an organisation it agreed to; the rest is left out."""
    plan = joint_plan(entry(when="launch", words=_words()), form="newsletter")
    mailed = {
        slug: one.model_copy(update={"adapter": "capture"}) for slug, one in plan.outlets.items()
    }
    store(replace(plan, outlets=mailed))
    _readers()

    counted = reach(unsaved(Entry.objects.get().spec, now=NOW))

    assert not Delivery.objects.exists()
    launch(now=NOW)
    Placement.objects.update(state=PlacementState.SENDING)
    begin(Occurrence.objects.get().pk, now=NOW)
    rows = Placement.objects.select_related("outlet")
    written = {(one.outlet.slug, one.language): (one.candidates, one.excluded) for one in rows}
    said = {
        (one.outlet, one.language): (one.readers + one.excluded, one.excluded) for one in counted
    }
    assert said == written
    assert sum(one.readers for one in counted) == 2


def _words():
    return [{"language": "en", "words": "Together."}, {"language": "fr", "words": "Ensemble."}]


def _readers():
    iso, channel = Organisation.objects.get(slug="iso"), Channel.objects.get()
    for name, language, agreed in (("a", "en", True), ("b", "fr", True), ("c", "en", False)):
        made = Reader.objects.create(
            address=f"{name}@example.org", language=language, created_at=NOW
        )
        if agreed:
            Consent.objects.create(
                reader=made, organisation=iso, channel=channel, confirmed_at=NOW, given_at=NOW
            )
