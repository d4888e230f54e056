"""The pages of webinars: nothing before its time, and the way in only for who registered."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from publisher.flows.registrations import take
from publisher.kit import clock
from publisher.kit.signing import reader_token, request_token
from publisher.kit.vault import Vault
from publisher.models import Reader, Registration, Seat
from publisher.settings import settings
from tests.occasions import NOW, STARTS, keep, started, webinar_plan, wish
from tests.web.test_readers_pages import send

SECRET = "https://meet.example.org/our-very-own-room"
PAGE = "/events/look-first/"


@pytest.fixture(autouse=True)
def _at(monkeypatch, db):
    """The webinar is planned, and it is eleven days before it."""
    keep(webinar_plan())
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def sent() -> None:
    started("look-first")


def ana() -> Reader:
    return Reader.objects.create(address="ana@example.org", created_at=NOW)


def own(reader: Reader) -> str:
    return f"{PAGE}seat/{reader_token(reader.pk, '')}"


def test_nothing_is_said_before_the_invitation_goes_out(browser):
    """Neither in the list nor on a page of its own."""
    assert b"Look first" not in browser.get("/events/").content
    assert browser.get(PAGE).status_code == 404


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar", "ru", "zh"])
def test_the_pages_say_when_in_the_occasions_zone_and_in_utc(browser, sent, language):
    """In every language, with how many seats there are."""
    for address in ("/events/", PAGE):
        text = browser.get(f"{address}?lang={language}").content.decode()
        assert "14:00–15:00" in text
        assert "13:00 UTC" in text
        assert re.search(r'class="tag">[^<]*2', text)


def test_registering_is_asked_for_by_a_form_and_confirmed_by_a_button(browser, sent):
    """The answer is the same whatever the address; opening the link changes nothing."""
    answer = send(browser, PAGE, address="ana@example.org")
    assert "Look into your mailbox" in answer.content.decode()

    row = Registration.objects.get()
    link = f"/events/confirm/{request_token(row.reader_id, row.asked_at)}"
    assert b"about \xe2\x80\x9cLook first\xe2\x80\x9d" in browser.get(link).content
    assert Registration.objects.get().state == Seat.ASKED

    answer = send(browser, link)
    assert answer["Location"].startswith(f"{PAGE}seat/")
    assert Registration.objects.get().state == Seat.REGISTERED
    assert b"You have a seat." in browser.get(answer["Location"]).content


@pytest.mark.parametrize("address", ["", "ana", "ana@", "<script>@example.org"])
def test_what_is_no_address_is_said_beside_the_field(browser, sent, address):
    """And nothing is kept."""
    answer = send(browser, PAGE, address=address)

    assert answer.status_code == 422
    assert b'aria-invalid="true"' in answer.content
    assert not Registration.objects.exists()


def test_a_seat_is_given_back_with_one_press_and_taken_again(browser, sent):
    """The reader's own page came by mail, so that nothing is left to confirm."""
    reader = ana()
    send(browser, own(reader), what="register")
    assert Registration.objects.get().state == Seat.REGISTERED
    send(browser, own(reader), what="cancel", date="look-first")
    assert Registration.objects.get().state == Seat.CANCELLED
    assert b"You gave your seat back." in browser.get(own(reader)).content


def test_a_mails_link_leads_to_the_readers_own_page(browser):
    """Whatever of the webinar's mails it stands in."""
    placement, reader = started("look-first"), ana()
    answer = browser.get(f"/events/seat/{reader_token(reader.pk, placement.key)}")

    assert answer["Location"] == own(reader)
    page = browser.get(own(reader))
    assert page["Cache-Control"] == "no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert b"ana@example.org" not in page.content


@pytest.mark.parametrize(
    ("before", "seat", "status"),
    [
        (timedelta(minutes=30), True, 302),
        (timedelta(minutes=-30), True, 302),
        (timedelta(hours=2), True, 403),
        (timedelta(hours=-1), True, 403),
        (timedelta(minutes=30), False, 403),
    ],
)
def test_the_way_in_opens_for_who_has_a_seat_shortly_before(
    browser, sent, monkeypatch, before, seat, status
):
    """And the secret stands on no page."""
    Vault.of(settings()).put("our-room", {"url": SECRET})
    reader = ana()
    if seat:
        take(reader, wish(), now=NOW)
    monkeypatch.setattr(clock, "now", lambda: STARTS - before)

    answer = browser.get(f"{PAGE}join/{reader_token(reader.pk, '')}/look-first")

    assert answer.status_code == status
    assert answer.get("Location", "") == (SECRET if status == 302 else "")
    assert SECRET.encode() not in browser.get(own(reader)).content


def test_a_link_that_is_not_there_or_leads_astray_is_not_followed(browser, sent, monkeypatch):
    """Only web addresses are, and none that stands in a service's account."""
    reader = ana()
    take(reader, wish(), now=NOW)
    monkeypatch.setattr(clock, "now", lambda: STARTS)
    way = f"{PAGE}join/{reader_token(reader.pk, '')}/look-first"

    webhook = {"url": SECRET, "secret": "whsec_x"}
    for kept in ({"url": ""}, {"url": "javascript:alert(1)"}, webhook):
        Vault.of(settings()).put("our-room", kept)
        assert browser.get(way).status_code == 503
    assert browser.get(f"{PAGE}join/1-nonsense/look-first").status_code == 404


def test_a_spoilt_link_is_answered_with_a_sentence(browser, sent):
    """On each page that is behind a token."""
    for address in ("/events/confirm/x", "/events/seat/x", f"{PAGE}seat/x"):
        assert browser.get(address).status_code == 404
