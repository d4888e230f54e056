"""A promise is kept, due, late or broken; or no promise yet."""

from datetime import UTC, datetime, timedelta

import pytest

from publisher.models.placement import PlacementState
from publisher.reports.promises import Fact, Owed, PromiseState, promises

NOW = datetime(2027, 3, 12, tzinfo=UTC)


def owed(**said):
    usual = {"audience": "members", "message": "together", "channel": "newsletter"} | {
        "form": "newsletter", "form_is_there": True, "outlets": ("iso-newsletter",),
    }  # fmt: skip
    return Owed(**usual | {"within": timedelta(days=30)} | said)


def fact(state=PlacementState.PLANNED, approved=None, published=None, **said):
    usual = {"audience": "members", "message": "together", "channel": "newsletter"}
    ago = {"approved_at": approved, "published_at": published}
    moments = {name: None if days is None else NOW - timedelta(days) for name, days in ago.items()}
    return Fact(**usual | {"entry": "statement", "state": state} | moments | said)


@pytest.mark.parametrize(
    ("facts", "state", "sentence"),
    [
        ([], PromiseState.UNSAID, "nothing in the calendar says it"),
        ([fact()], PromiseState.UNAPPROVED, "in the calendar, not yet approved"),
        ([fact(approved=3)], PromiseState.DUE, "approved 3 days ago, to come"),
        ([fact(approved=41)], PromiseState.LATE, "approved 41 days ago, never published: to come"),
        (
            [fact(PlacementState.MISSED, approved=1)],
            PromiseState.LATE,
            "approved 1 day ago, never published: missed",
        ),
        (
            [fact(PlacementState.MISSED, approved=41)],
            PromiseState.BROKEN,
            "approved 41 days ago, never published: missed",
        ),
        (
            [fact(PlacementState.DROPPED, approved=2)],
            PromiseState.BROKEN,
            "approved 2 days ago, never published: given up",
        ),
        (
            [fact(PlacementState.FINISHED, approved=2)],
            PromiseState.BROKEN,
            "approved 2 days ago, never published: it went out and reached nobody",
        ),
        (
            [fact(PlacementState.FINISHED, approved=41, published=11), fact(approved=2)],
            PromiseState.KEPT,
            "published on 2027-03-01",
        ),
        (
            [fact(PlacementState.FINISHED, approved=41, published=11, captured=True)],
            PromiseState.KEPT,
            "published on 2027-03-01 (captured, not sent to the world)",
        ),
    ],
)
def test_a_promise_stands_as_its_facts_say(facts, state, sentence):
    """Approved and never published is never called anything better."""
    [promise] = promises([owed()], facts, now=NOW)

    assert (promise.state, promise.sentence) == (state, sentence)


def test_a_form_that_is_not_there_yet_is_said_so():
    """It is neither skipped nor called late."""
    [promise] = promises([owed(form="report", form_is_there=False)], [], now=NOW)

    assert promise.state is PromiseState.NO_FORM
    assert promise.sentence == "its form “report” is not there yet"


def test_what_was_approved_and_never_published_comes_first():
    """The oldest on top; what is kept last."""
    facts = [
        fact(approved=41, channel="feed"),
        fact(PlacementState.MISSED, approved=50, channel="post"),
        fact(PlacementState.MISSED, approved=60, channel="page"),
        fact(PlacementState.FINISHED, approved=70, published=1),
    ]
    channels = ("newsletter", "post", "feed", "page")

    found = promises([owed(channel=channel) for channel in channels], facts, now=NOW)

    assert [one.owed.channel for one in found] == ["page", "post", "feed", "newsletter"]


def test_a_fact_about_somebody_else_keeps_no_promise():
    """Published to the public is not published to members."""
    [promise] = promises(
        [owed()],
        [fact(PlacementState.FINISHED, approved=2, published=1, audience="public")],
        now=NOW,
    )

    assert promise.state is PromiseState.UNSAID
