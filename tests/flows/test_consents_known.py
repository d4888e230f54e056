"""A consent's organisation and channel are held by the database, for all rows of a statement."""

import pytest
from django.db import IntegrityError, transaction

from publisher.models import Channel, Consent, Organisation
from tests.rows import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def given():
    """Give a consent of one reader to one organisation's newsletter."""
    rows().reader(wish="iso/newsletter")
    return Consent.objects.get()


def another(given, **changed):
    return Consent(
        reader_id=given.reader_id,
        organisation_id=changed.get("organisation", given.organisation_id),
        channel_id=changed.get("channel", given.channel_id),
        given_at=given.given_at,
        withdrawn_at=given.given_at,
    )


@pytest.mark.parametrize("which", ["organisation", "channel"])
def test_a_consent_names_what_is_there(given, which):
    """One bad row among good ones is enough."""
    both = [another(given), another(given, **{which: 2**40})]

    with pytest.raises(IntegrityError, match="not there"), transaction.atomic():
        Consent.objects.bulk_create(both)

    assert Consent.objects.count() == 1


def test_a_consent_stays_with_whom_it_was_given_to(given):
    """What a reader agreed to becomes no other agreement."""
    other = Organisation.objects.create(slug="other", spec={})

    with pytest.raises(IntegrityError, match="stays with"), transaction.atomic():
        Consent.objects.update(organisation=other)

    given.refresh_from_db()
    assert given.organisation.slug == "iso"


def test_what_has_consents_is_not_deleted(given):
    """Organisations and channels are retired instead."""
    for kind in (Organisation, Channel):
        with pytest.raises(IntegrityError):
            kind.objects.filter(consent__isnull=False).delete()
