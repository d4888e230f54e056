"""What SendGrid tells later, signed as SendGrid signs it."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from publisher.feedback.sendgrid import SIGNATURE, TIMESTAMP
from publisher.flows import feedback
from publisher.kit.ids import parcel_key
from publisher.kit.signing import address_hash
from publisher.kit.vault import Vault
from publisher.models import Consent, Delivery, Feedback, FeedbackKind, Suppression
from publisher.models.errors import Refused
from publisher.settings import settings
from tests.rows import Rows, rows

NOW = datetime(2027, 3, 12, 10, 0, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Rows:
    """ISO's newsletter goes by SendGrid, whose key is in the vault."""
    found = rows()
    outlet = found.outlets["iso-newsletter"]
    outlet.spec |= {"adapter": "sendgrid", "account": "iso-sendgrid"}
    outlet.save()
    public = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = base64.b64encode(public).decode()
    Vault.of(settings()).put("iso-sendgrid", {"api_key": "SG.x", "webhook_key": key})
    return found


@pytest.fixture
def delivery(made: Rows) -> Delivery:
    return made.delivery(made.placement(), made.reader(wish="iso/newsletter"))


def event(delivery: Delivery, kind: str, **said: object) -> dict[str, object]:
    return {
        "event": kind,
        "sg_event_id": f"id-{kind}",
        "timestamp": int(NOW.timestamp()),
        "email": delivery.address,
        "publisher_delivery": str(delivery.pk),
        "publisher_key": parcel_key(delivery.placement.key, delivery.recipient),
        **said,
    }


def take(*events: dict[str, object], at: datetime = NOW, body: bytes | None = None) -> int:
    """Hand events over as SendGrid does; `body` is what arrives in place of what was signed."""
    sent = json.dumps(events).encode()
    timestamp = str(int(at.timestamp()))
    signature = KEY.sign(timestamp.encode() + sent, ec.ECDSA(hashes.SHA256()))
    headers = {SIGNATURE.title(): base64.b64encode(signature).decode(), TIMESTAMP: timestamp}
    return feedback.take("iso-newsletter", headers, sent if body is None else body, now=NOW)


def test_a_bounce_for_good_ends_it(made, delivery):
    """The address is never written to again, and the consent is withdrawn with its reason."""
    assert take(event(delivery, "bounce", type="bounce", reason="550 no such user")) == 1

    assert Suppression.objects.get().address_hash == address_hash("ana@example.org")
    assert Consent.objects.get().withdrawn_by == "bounce"
    assert Feedback.objects.get().kind == FeedbackKind.BOUNCED


def test_a_bounce_for_now_is_remembered_and_no_more(made, delivery):
    """A full mailbox, or a server that blocks us today, is not the reader's wish."""
    take(event(delivery, "bounce", type="blocked", reason="mailbox of ana@example.org full"))

    assert not Suppression.objects.exists()
    assert Consent.objects.get().withdrawn_at is None
    assert "ana@" not in Feedback.objects.get().detail


def test_a_complaint_ends_everything(made, delivery):
    """Whoever says “this is spam” gets nothing more from anybody here."""
    take(event(delivery, "spamreport"))

    assert Suppression.objects.get().reason == "complaint"
    assert Consent.objects.get().withdrawn_by == "complaint"


def test_leaving_by_the_mail_program_ends_that_newsletter(made, delivery):
    """Only the consent this mail was sent by."""
    take(event(delivery, "unsubscribe"))

    assert Consent.objects.get().withdrawn_at == NOW
    assert not Suppression.objects.exists()


def test_the_same_event_counts_once(made, delivery):
    """SendGrid hands events over at least once."""
    assert take(event(delivery, "delivered")) == 1
    assert take(event(delivery, "delivered")) == 0
    assert Feedback.objects.count() == 1


def test_events_that_are_not_ours_are_left_out(made, delivery):
    """The account may serve others; opens and clicks are not recorded."""
    other = event(delivery, "bounce", publisher_key="another.1")
    unknown = event(delivery, "bounce", publisher_delivery="999999")

    assert take(other, unknown, event(delivery, "open"), {"event": "bounce"}) == 0
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": b"[]"},
        {"body": b"\xff"},
        {"at": NOW - timedelta(hours=26)},
        {"at": NOW + timedelta(hours=1)},
    ],
)
def test_what_sendgrid_did_not_sign_lately_is_refused(made, delivery, wrong):
    """A changed body, or an old request sent again, changes nothing."""
    with pytest.raises(Refused):
        take(event(delivery, "spamreport"), **wrong)

    assert not Suppression.objects.exists()


def test_an_unsigned_request_is_refused(made):
    """Anybody can find the address."""
    with pytest.raises(Refused):
        feedback.take("iso-newsletter", {}, b"[]", now=NOW)


@pytest.mark.parametrize("outlet", ["iec-newsletter", "nobody", "../x"])
def test_other_outlets_await_no_events(made, outlet):
    """Only an outlet that mails by the service is told by it."""
    with pytest.raises(Refused):
        feedback.take(outlet, {}, b"[]", now=NOW)
