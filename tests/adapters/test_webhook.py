"""Webhook: what the receiver gets, and how it knows whose it is."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from dataclasses import replace
from pathlib import Path

import pytest

from publisher.adapters import registry
from publisher.kit.standard_webhooks import signature
from publisher.models.adapter import Consignment, Verdict
from publisher.models.errors import NeedsConnecting
from tests.adapters.consignments import PARTS, PICTURE, PNG, consignment, hand_over, parcels
from tests.adapters.service import Answer, Service

KEY = bytes(range(32))
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"


@pytest.fixture
def receiver():
    service = Service(None, "", {"POST /hook": lambda _: Answer(status=204)})
    yield service
    service.close()


@pytest.fixture
def given(receiver: Service, tmp_path: Path):
    def make(form: str, **changes: object) -> Consignment:
        credential = {"url": f"{receiver.url}/hook", "secret": SECRET, "private": "yes"}
        said = {"adapter": "webhook", "account": "press", "credential": credential}
        return consignment(form, tmp_path, **{**said, **changes})

    return make


def test_a_signature_is_the_specifications_own():
    """The example of its libraries' tests."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    assert (
        signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


@pytest.mark.parametrize("form", sorted(PARTS))
def test_every_form_goes_out_whole_and_signed(receiver, given, form):
    """Each part filled, pictures with words, files; readers' forms with the reader."""
    made = given(form, pictures=(PICTURE,))

    (outcome,) = hand_over(made, parcels(made))

    (request,) = receiver.requests
    headers = {name.lower(): value for name, value in request.headers.items()}
    identifier, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    signed = f"{identifier}.{timestamp}.".encode() + request.body
    right = base64.b64encode(hmac.digest(KEY, signed, hashlib.sha256)).decode()
    data = request.json["data"]
    assert outcome.verdict is Verdict.ACCEPTED
    assert identifier == parcels(made)[0].key
    assert headers["webhook-signature"] == f"v1,{right}"
    assert (data["form"], set(data["parts"])) == (form, set(made.content.parts))
    assert data["pictures"][0]["alt"] == PICTURE.alt
    assert base64.b64decode(data["pictures"][0]["content"]) == PNG
    assert [one["filename"] for one in data["attachments"]] == [
        one.filename for one in made.attachments
    ]
    assert bool(data["to"]) is bool(parcels(made)[0].address)


def test_a_repeat_is_known_by_its_id_and_its_words(receiver, given):
    """After silence it is sent again, and but for the moment of sending it is the same."""
    made = given("page")
    hand_over(made, parcels(made))
    hand_over(made, parcels(made))

    first, again = receiver.requests
    asked = asyncio.run(registry.adapter("webhook").ask(made, parcels(made)[0]))
    assert first.body == again.body
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    assert asked.verdict is Verdict.LATER


def test_it_goes_without_files_where_the_outlet_says_so(receiver, given):
    """Their names and hashes stay."""
    made = given("circular", settings={"files": False})
    hand_over(made, parcels(made))

    (file,) = receiver.requests[0].json["data"]["attachments"]
    assert (file["filename"], file["content"]) == ("circular.pdf", None)
    assert len(file["sha256"]) == 64


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"private": ""}, NeedsConnecting),
        ({"private": "", "url": "https://127.0.0.1/hook"}, NeedsConnecting),
        ({"secret": "whsec_c2hvcnQ="}, NeedsConnecting),
    ],
    ids=["http", "not-public", "short-secret"],
)
def test_nothing_goes_where_it_must_not(receiver, given, change, error):
    """Not in clear text, not into a private network, not with a secret that can be guessed."""
    made = given("page")

    with pytest.raises(error):
        hand_over(replace(made, credential={**made.credential, **change}), parcels(made))

    assert receiver.requests == []
