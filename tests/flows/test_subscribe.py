"""Subscribing is asked for on a page and confirmed by mail."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from publisher.feedback.consent import Wish
from publisher.flows.ask_to_confirm import ask_to_confirm
from publisher.flows.subscribe import (
    Request,
    asked,
    bulletins,
    confirm,
    forget_unconfirmed,
    subscribe,
)
from publisher.kit.signing import address_hash
from publisher.models import Consent, Reader, Suppression
from publisher.settings import settings
from tests.rows import WHEN, Rows, rows

ISO, IEC = Wish("iso", "newsletter"), Wish("iec", "newsletter")


@pytest.fixture
def made(db) -> Rows:
    return rows()


def request(*wishes: Wish, **said) -> Request:
    said = {"address": "ana@example.org", "language": "fr", "topics": ["coordination"]} | said
    wordings = {wish: f"J’accepte {wish}." for wish in wishes}
    return Request(wordings=wordings, source="http://127.0.0.1:8000/subscribe/", **said)


def captured(reader: int) -> EmailMessage:
    """Let the mail be sent, and read it."""
    key = async_to_sync(ask_to_confirm)(reader, WHEN)
    box = settings().data_folder / "capture" / "mailbox" / "new"
    return message_from_bytes((box / key).read_bytes(), policy=policy.default)


def test_only_what_is_sent_to_readers_who_agreed_is_offered(made):
    """A feed needs no consent, and a form that is not there yet would be a false promise."""
    made.channels["circular"].spec["form"] = "hologram"
    made.channels["circular"].save()

    assert [bulletin.wish for bulletin in bulletins()] == [IEC, ISO]


def test_a_request_is_pending_with_its_wording_until_it_is_confirmed(made):
    """What was agreed to is kept as it was shown, and the mail is asked for in the same breath."""
    subscribe(request(ISO), now=WHEN)

    reader = Reader.objects.get()
    consent = reader.consents.get()
    assert (reader.language, reader.muted) == ("fr", ["one-catalogue"])
    assert (consent.confirmed_at, consent.wording) == (None, "J’accepte iso/newsletter.")
    job = ProcrastinateJob.objects.get()
    app.perform_import_paths()
    assert job.task_name in app.tasks
    assert "ana" not in str(job.args)


def test_the_mail_asks_in_the_readers_language_by_the_organisations_own_way(made):
    """It carries one link, to a page; and no address of its own to leave something by."""
    subscribe(request(ISO, IEC), now=WHEN)
    mail = captured(Reader.objects.get().pk)

    text = mail.get_body(("plain",)).get_content()
    assert mail["To"] == "ana@example.org"
    assert mail["From"].addresses[0].addr_spec == "news@iec.example.org"
    assert mail["Content-Language"] == "fr"
    assert "J’accepte iec/newsletter." in text
    assert f"{settings().site_url}/confirm/" in text
    assert mail["List-Unsubscribe"] is None


def test_confirming_makes_every_consent_of_the_request_live(made):
    """And only of that request; pressing twice does no harm."""
    subscribe(request(ISO, IEC), now=WHEN)
    reader = Reader.objects.get().pk

    assert confirm(reader, WHEN, now=WHEN + timedelta(hours=1)) == 2
    assert confirm(reader, WHEN, now=WHEN + timedelta(days=30)) == 2
    assert set(Consent.objects.values_list("confirmed_at", flat=True)) == {
        WHEN + timedelta(hours=1)
    }


def test_a_late_confirmation_confirms_nothing(made):
    """The link is good for seven days."""
    subscribe(request(ISO), now=WHEN)

    assert confirm(Reader.objects.get().pk, WHEN, now=WHEN + timedelta(days=8)) == 0
    assert Consent.objects.get().confirmed_at is None


def test_asking_again_takes_the_place_of_the_first_request(made):
    """The first link ends; there is one pending consent, with the newest wording."""
    subscribe(request(ISO), now=WHEN)
    later = WHEN + timedelta(hours=1)
    subscribe(request(ISO, address="ANA@example.org"), now=later)

    reader = Reader.objects.get().pk
    assert not asked(reader, WHEN)
    assert confirm(reader, later, now=later) == 1


def test_a_stranger_cannot_change_what_a_reader_chose(made):
    """Whoever types somebody's address learns nothing, and moves nothing, without the link."""
    made.reader(wish="iso/newsletter", language="en", muted=[])

    subscribe(request(ISO, IEC, topics=[]), now=WHEN)

    reader = Reader.objects.get()
    assert (reader.language, reader.muted) == ("en", [])
    assert reader.consents.filter(confirmed_at__isnull=False).count() == 1


def test_who_has_everything_already_is_told_so_by_mail(made):
    """The page says the same as ever; the mail says that nothing has changed."""
    reader = made.reader(wish="iso/newsletter", language="en")
    subscribe(request(ISO), now=WHEN)
    mail = captured(reader.pk)

    assert mail["Subject"] == "You are subscribed already"
    assert "/preferences/" in mail.get_body(("plain",)).get_content()


def test_a_suppressed_address_is_never_written_to(made):
    """Not even to ask; and the page says the same as ever."""
    Suppression.objects.create(address_hash=address_hash("ana@example.org"), reason="-", at=WHEN)

    subscribe(request(ISO), now=WHEN)

    assert not Reader.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_what_is_never_confirmed_is_erased(made):
    """With the address, unless somebody else knows the reader."""
    known = made.reader("ben@example.org", wish="iec/newsletter")
    subscribe(request(ISO), now=WHEN)
    subscribe(request(ISO, address=known.address), now=WHEN)

    assert forget_unconfirmed(now=WHEN + timedelta(days=6)) == 0
    assert forget_unconfirmed(now=WHEN + timedelta(days=8)) == 2
    assert Reader.objects.get() == known
    assert known.consents.get().organisation.slug == "iec"
