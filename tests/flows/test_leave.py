"""A reader leaves, or changes what it receives."""

import pytest

from publisher.feedback.consent import Wish
from publisher.flows.leave import leave
from publisher.flows.preferences import Answer, change_preferences, preferences
from publisher.models import Consent, Feedback
from tests.rows import WHEN, Rows, rows


@pytest.fixture
def made(db) -> Rows:
    return rows()


@pytest.fixture
def reader(made):
    """A reader of ISO's newsletter and circulars."""
    found = made.reader(wish="iso/newsletter")
    Consent.objects.create(
        reader=found,
        organisation=made.organisations["iso"],
        channel=made.channels["circular"],
        given_at=WHEN,
        confirmed_at=WHEN,
        source="-",
        wording="-",
    )
    return found


def live(reader) -> set[str]:
    rows = reader.consents.filter(withdrawn_at=None)
    return set(rows.values_list("channel__slug", flat=True))


def test_leaving_ends_the_one_thing_the_mail_was(made, reader):
    """At once; the rest goes on."""
    placement = made.placement()
    made.delivery(placement, reader)

    leave(reader.pk, placement.key, now=WHEN, how="one-click")

    assert live(reader) == {"circular"}
    assert reader.consents.get(channel__slug="newsletter").withdrawn_by == "one-click"
    assert Feedback.objects.get().kind == "left"


def test_leaving_twice_is_leaving_once(made, reader):
    """Mail programs repeat their one click; the moment of the first one stays."""
    placement = made.placement()
    made.delivery(placement, reader)
    for now in (WHEN, WHEN.replace(year=2028)):
        leave(reader.pk, placement.key, now=now, how="one-click")

    assert reader.consents.get(channel__slug="newsletter").withdrawn_at == WHEN
    assert Feedback.objects.count() == 1


def test_everything_can_be_left_at_once(made, reader):
    """If that is asked for, or if the mail is not known here any more."""
    leave(reader.pk, made.placement().key, now=WHEN, how="page", everything=True)
    assert live(reader) == set()

    other = made.reader("ben@example.org", wish="iso/newsletter")
    leave(other.pk, "0" * 20, now=WHEN, how="one-click")
    assert live(other) == set()


def test_who_was_forgotten_can_still_press_the_link(made):
    """Nothing is left to withdraw, and nothing breaks."""
    leave(4711, made.placement().key, now=WHEN, how="one-click")

    assert not Feedback.objects.exists()


def test_preferences_give_and_take_with_the_wording_shown(made, reader):
    """What is ticked by the reader's own link needs no second confirmation."""
    iec = Wish("iec", "newsletter")
    answer = Answer(
        language="fr",
        topics=["one-catalogue"],
        wishes=[iec],
        wordings={iec: "J’accepte."},
        source="http://127.0.0.1:8000/preferences/",
    )

    change_preferences(reader.pk, answer, now=WHEN)

    found = preferences(reader.pk)
    assert (found.language, found.muted) == ("fr", {"coordination"})
    assert found.live == {iec}
    given = reader.consents.get(organisation__slug="iec")
    assert (given.wording, given.confirmed_at) == ("J’accepte.", WHEN)
    assert reader.consents.filter(withdrawn_by="preferences").count() == 2


def test_there_are_no_preferences_of_nobody(db):
    """A reader that was erased has none."""
    assert preferences(4711) is None
