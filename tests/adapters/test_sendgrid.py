"""SendGrid: what it is asked through its SDK, and what its answers mean."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from publisher.adapters.mail.message import message
from publisher.adapters.sendgrid import adapter as sendgrid
from publisher.models.adapter import Consignment, Verdict
from publisher.models.errors import NeedsConnecting, OutcomeUnknown, TryLater, WillNeverWork
from tests.adapters.consignments import HOSTILE, PARTS, PICTURE, consignment, hand_over, parcels
from tests.adapters.service import Answer, Service

KEY = "SG.secret-key"


def read(body: dict[str, Any]) -> list[dict[str, str]]:
    """Give what each reader gets, by doing what SendGrid does with a request."""
    mails = []
    for person in body["personalizations"]:
        parts = {"subject": body["subject"], "to": person["to"][0]["email"]}
        parts |= {part["type"]: part["value"] for part in body["content"]}
        for mark, value in person["substitutions"].items():
            parts = {name: part.replace(mark, value) for name, part in parts.items()}
        mails.append(parts)
    return mails


@pytest.fixture
def api(service, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setattr(sendgrid, "TIMEOUT_SECONDS", 20.0)
    accepted = Answer(status=202, headers={"X-Message-Id": "14c5d75ce93"})
    return service(
        "sendgrid/tsg_mail_v3.json",
        "https://api.sendgrid.com",
        {"POST /v3/mail/send": lambda _: accepted},
    )


@pytest.fixture
def newsletter(api: Service, tmp_path: Path) -> Consignment:
    return consignment(
        "newsletter",
        tmp_path,
        adapter="sendgrid",
        account="iso-sendgrid",
        credential={"api_key": KEY, "base_url": api.url},
    )


def test_a_thousand_readers_are_one_request_in_order(api, newsletter):
    """Each gets the approved words with values of their own."""
    window = parcels(newsletter, 1000)

    outcomes = hand_over(newsletter, window)

    (request,) = api.asked("POST /v3/mail/send")
    mails = read(request.json)
    assert [mail["to"] for mail in mails] == [parcel.address for parcel in window]
    assert "Dear Reader 7," in mails[6]["text/plain"]
    assert "https://news.example.org/leave/t7" in mails[6]["text/html"]
    assert [outcome.delivery for outcome in outcomes] == [parcel.delivery for parcel in window]
    assert {(one.verdict, one.answer) for one in outcomes} == {(Verdict.ACCEPTED, "14c5d75ce93")}


def test_each_reader_can_leave_with_one_click_and_each_event_finds_its_delivery(api, newsletter):
    """Headers and arguments are each reader's own."""
    (first, *_) = window = parcels(newsletter, 2)

    hand_over(newsletter, window)

    person = api.asked("POST")[0].json["personalizations"][0]
    assert person["headers"]["List-Unsubscribe"] == "<https://news.example.org/leave/t1>"
    assert person["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert person["headers"]["Message-ID"] == f"<{first.key}@iso.example.org>"
    assert person["custom_args"] == {"publisher_delivery": "1", "publisher_key": first.key}


def test_a_readers_name_cannot_become_markup_or_another_value(api, newsletter):
    """Names are escaped in HTML, and cannot hold a mark for somebody's link."""
    (parcel,) = parcels(newsletter)
    hand_over(newsletter, [parcel])
    marks = list(api.asked("POST")[0].json["personalizations"][0]["substitutions"])
    hostile = parcel._replace(values={**parcel.values, "reader.name": HOSTILE})

    hand_over(newsletter, [hostile])

    mail = read(api.asked("POST")[1].json)[0]
    assert "<script>" not in mail["text/html"]
    assert "&lt;script&gt;" in mail["text/html"]
    assert not any(mark in part for mark in marks for part in mail.values())


def test_what_is_known_before_is_not_a_substitution(api, tmp_path):
    """A circular's number is the same for all."""
    made = consignment(
        "circular",
        tmp_path,
        adapter="sendgrid",
        account="iso-sendgrid",
        credential={"api_key": KEY, "base_url": api.url},
    )

    hand_over(made, parcels(made))

    body = api.asked("POST")[0].json
    assert body["subject"] == "Circular ISO 2027/7"
    assert body["attachments"][0]["filename"] == "circular.pdf"
    assert body["personalizations"][0]["substitutions"] == {}


def test_a_picture_in_the_mail_goes_with_it(api, newsletter, tmp_path):
    """The HTML shows it from the mail itself."""
    made = consignment(
        "newsletter",
        tmp_path,
        adapter="sendgrid",
        account="iso-sendgrid",
        credential=newsletter.credential,
        pictures=(PICTURE,),
        parts={"html": f'<img src="cid:{PICTURE.sha256}" alt="Three logos">'},
    )

    hand_over(made, parcels(made))

    (file,) = api.asked("POST")[0].json["attachments"]
    assert (file["content_id"], file["disposition"]) == (PICTURE.sha256, "inline")


def test_words_that_branch_on_a_reader_are_one_request_each(api, newsletter):
    """They cannot be shared, and are the same as by any other way."""
    content = replace(newsletter.content, program={"html": "…"})
    made = replace(newsletter, content=content)

    hand_over(made, parcels(made, 3))

    mails = [read(request.json)[0] for request in api.asked("POST")]
    assert [mail["text/plain"][:14] for mail in mails] == [
        "Dear Reader 1,",
        "Dear Reader 2,",
        "Dear Reader 3,",
    ]


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_an_invitation_is_each_readers_own_and_a_file_as_well(api, tmp_path, method):
    """What calendars act on names its attendee in both, byte for byte as over SMTP."""
    calendar = PARTS["webinar"]["calendar"].replace("REQUEST", method)
    made = consignment(
        "webinar",
        tmp_path,
        adapter="sendgrid",
        account="iso-sendgrid",
        credential={"api_key": KEY, "base_url": api.url},
        parts={"calendar": calendar},
    )
    window = parcels(made, 2)

    hand_over(made, window)

    for request, parcel in zip(api.asked("POST"), window, strict=True):
        [invitation] = [one for one in request.json["content"] if "calendar" in one["type"]]
        [file] = [one for one in request.json["attachments"] if one["filename"] == "invite.ics"]
        over_smtp = message_from_bytes(message(made, parcel))
        shown, attached = (
            part.get_payload(decode=True)
            for part in over_smtp.walk()
            if part.get_content_type() in {"text/calendar", "application/ics"}
        )
        assert invitation["type"] == f"text/calendar; method={method}"
        assert invitation["value"].encode() == shown == attached == b64decode(file["content"])
        assert (file["type"], file["disposition"]) == ("application/ics", "attachment")
        assert f"mailto:{parcel.address}" in invitation["value"]


def test_a_reader_without_an_invitations_values_is_refused_alone(api, tmp_path):
    """Before anything is asked for it; the others get theirs."""
    made = consignment(
        "webinar",
        tmp_path,
        adapter="sendgrid",
        account="iso-sendgrid",
        credential={"api_key": KEY, "base_url": api.url},
    )
    first, second = parcels(made, 2)

    outcomes = hand_over(made, [first._replace(values={}), second])

    assert [one.verdict for one in outcomes] == [Verdict.REFUSED, Verdict.ACCEPTED]
    assert len(api.asked("POST")) == 1


def test_one_bad_address_does_not_hold_up_the_others(api, newsletter):
    """The reader SendGrid names is refused, and the others are sent."""
    error = {
        "message": "Does not contain a valid address.",
        "field": "personalizations.1.to.0.email",
    }
    api.answers("POST", Answer(status=400, body={"errors": [error]}))

    outcomes = hand_over(newsletter, parcels(newsletter, 3))

    assert {one.delivery: one.verdict for one in outcomes} == {
        1: Verdict.ACCEPTED,
        2: Verdict.REFUSED,
        3: Verdict.ACCEPTED,
    }
    assert [len(one.json["personalizations"]) for one in api.asked("POST")] == [3, 2]


@pytest.mark.parametrize(
    "change",
    [
        {"address": "evil@example.org\r\nBcc: all@example.org"},
        {"address": "nobody"},
        {"name": "A\nB"},
        {"values": {}},
        {"values": {"reader.name": "x" * 11_000, "unsubscribe_url": "https://example.org/"}},
    ],
)
def test_what_cannot_stand_in_a_mail_is_refused_without_asking(api, newsletter, change):
    """A line break in an address reaches no header; a missing value is not sent as a gap."""
    (good, bad) = parcels(newsletter, 2)

    outcomes = hand_over(newsletter, [good, bad._replace(**change)])

    assert {one.delivery: one.verdict for one in outcomes} == {
        1: Verdict.ACCEPTED,
        2: Verdict.REFUSED,
    }
    assert not any("@" in one.answer for one in outcomes)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, WillNeverWork),
        (401, NeedsConnecting),
        (403, NeedsConnecting),
        (413, WillNeverWork),
        (429, TryLater),
        (500, OutcomeUnknown),
        (503, TryLater),
    ],
)
def test_an_error_says_what_to_do_next(api, newsletter, status, error):
    """Each refusal is named for the next move, and nobody is reported as sent to."""
    said = {"errors": [{"message": "No mail for reader1@example.org", "field": None}]}
    api.answers("POST", Answer(status=status, body=said))

    with pytest.raises(error) as caught:
        hand_over(newsletter, parcels(newsletter, 2))

    assert caught.value.reported == []
    assert "reader1" not in str(caught.value)


@pytest.mark.parametrize("headers", [{"X-RateLimit-Reset": "1804852830"}, {"Retry-After": "30"}])
def test_sendgrid_says_when_to_come_back(api, newsletter, headers):
    """The wait is counted from the answer's own date."""
    api.answers("POST", Answer(status=429, body={"errors": []}, headers=headers))

    with pytest.raises(TryLater) as caught:
        hand_over(newsletter, parcels(newsletter))

    assert caught.value.after == timedelta(seconds=30)


def test_a_window_that_was_taken_stays_taken(api, newsletter):
    """What the first request took is reported before the second fails."""
    window = parcels(newsletter, 4)
    api.answers("POST", Answer(status=202))
    api.answers("POST", Answer(status=429, body={"errors": []}))

    with pytest.raises(TryLater) as caught:
        hand_over(newsletter, window[:2], window[2:])

    assert [one.delivery for one in caught.value.reported] == [1, 2]


def test_a_service_that_hangs_leaves_it_uncertain(api, newsletter, monkeypatch):
    """A thousand mails may have gone out: they are never repeated blindly."""
    monkeypatch.setattr(sendgrid, "TIMEOUT_SECONDS", 1.0)
    api.hangs("POST")

    with pytest.raises(OutcomeUnknown) as caught:
        hand_over(newsletter, parcels(newsletter, 2))

    assert caught.value.reported == []


def test_a_service_that_is_down_took_nothing(newsletter):
    """Nobody listens there: it goes out later."""
    away = {"api_key": KEY, "base_url": "http://127.0.0.1:9"}

    with pytest.raises(TryLater):
        hand_over(replace(newsletter, credential=away), parcels(newsletter))


def test_no_secret_and_no_address_reaches_the_log(api, newsletter, caplog):
    """At any level: the SDK logs whole requests at DEBUG."""
    caplog.set_level("DEBUG")

    hand_over(newsletter, parcels(newsletter, 2))

    assert KEY not in caplog.text
    assert "reader1@example.org" not in caplog.text
