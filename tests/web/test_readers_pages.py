"""Readers' own pages: nothing happens but by a POST, and nothing is given away."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from publisher.kit import clock
from publisher.kit.signing import reader_token, request_token
from publisher.models import Consent, Reader
from tests.rows import WHEN

FORM = {
    "address": "ana@example.org",
    "wish": "iso/newsletter",
    "language": "en",
    "topic": "coordination",
}


def send(browser: Client, page_address: str, /, **fields):
    """Load a page's form and send it, as a browser does."""
    page = browser.get(page_address)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    body = {**fields, "csrfmiddlewaretoken": token[1] if token else ""}
    return browser.post(
        page_address,
        urlencode(body, doseq=True),
        content_type="application/x-www-form-urlencoded",
        headers={"origin": "http://127.0.0.1:8000"},
    )


def pages(browser: Client, made) -> dict[str, str]:
    """Every address with a token of Ana's."""
    reader = made.reader(wish="iso/newsletter")
    Consent.objects.update(confirmed_at=None)
    token = reader_token(reader.pk, made.placement().key)
    return {
        "confirm": f"/confirm/{request_token(reader.pk, WHEN)}",
        "preferences": f"/preferences/{token}",
        "leave": f"/leave/{token}",
    }


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_program_that_opens_every_link_changes_nothing(browser, made, method):
    """Mail scanners do; so GET and HEAD neither confirm nor withdraw."""
    addresses = pages(browser, made)
    before = list(Consent.objects.values())

    for address in addresses.values():
        assert getattr(browser, method)(address).status_code == 200
    assert list(Consent.objects.values()) == before


@pytest.mark.parametrize("name", ["confirm", "preferences", "leave"])
def test_a_page_behind_a_token_is_not_kept_or_listed(browser, made, name):
    """Not by a cache, not by a search engine; and it does not show the address."""
    page = browser.get(pages(browser, made)[name])

    assert page["Cache-Control"] == "no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert b"ana@example.org" not in page.content


@pytest.mark.parametrize("name", ["confirm", "preferences", "leave"])
@pytest.mark.parametrize("spoilt", [lambda token: token[:-1], lambda token: "1" + token])
def test_a_spoilt_token_is_answered_with_a_sentence(browser, made, name, spoilt):
    """Cut or changed: a page that says what to do, and nothing else."""
    address = pages(browser, made)[name]
    start, _, token = address.rpartition("/")

    page = browser.get(f"{start}/{spoilt(token)}")

    assert page.status_code == 404
    assert "This link is not complete" in page.content.decode()


def test_one_click_leaves_at_once_without_cookie_or_token_of_a_form(made):
    """RFC 8058: the mail program posts one field, and may do it again."""
    reader = made.reader(wish="iso/newsletter")
    address = f"/leave/{reader_token(reader.pk, made.placement().key)}"
    mail_program = Client(enforce_csrf_checks=True)

    for _ in range(2):
        answer = mail_program.post(
            address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 200

    assert Consent.objects.get().withdrawn_by == "one-click"


def test_one_click_of_somebody_erased_is_answered_well(made):
    """The mail outlives the reader; its link says the truth: nothing is sent any more."""
    token = reader_token(4711, made.placement().key)

    assert Client().post(f"/leave/{token}", {"List-Unsubscribe": "One-Click"}).status_code == 200


def test_everything_can_be_left_from_the_page(browser, made):
    """The second button ends what all organisations send."""
    reader = made.reader(wish="iec/newsletter")
    address = f"/leave/{reader_token(reader.pk, made.placement('iso-newsletter').key)}"

    assert send(browser, address, what="everything").status_code == 200
    assert not Consent.objects.filter(withdrawn_at=None).exists()


@pytest.mark.parametrize("address", ["/subscribe/", "/confirm/{request}", "/preferences/{reader}"])
def test_another_site_cannot_send_a_form_of_ours(made, address):
    """Only the one-click POST does without the form's own token."""
    reader = made.reader(wish="iso/newsletter")
    tokens = {"request": request_token(reader.pk, WHEN), "reader": reader_token(reader.pk, "")}

    answer = Client(enforce_csrf_checks=True).post(address.format(**tokens), FORM)

    assert answer.status_code == 403
    assert "The form has expired" in answer.content.decode()


def test_the_answer_is_the_same_for_a_known_and_an_unknown_address(browser, made):
    """So the form tells nobody who is subscribed."""
    made.reader("known@example.org", wish="iso/newsletter")

    answers = {
        send(browser, "/subscribe/?lang=en", **FORM | {"address": address}).content
        for address in ("known@example.org", "new@example.org")
    }

    assert len(answers) == 1
    assert Reader.objects.count() == 2


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [
        ({"address": "ana"}, "Write an e-mail address"),
        ({"address": "ana@example.org\nBcc: b@example.org"}, "Write an e-mail address"),
        ({"wish": "iso/feed"}, "Tick at least one"),
        ({"wish": []}, "Tick at least one"),
    ],
)
def test_a_form_with_a_mistake_comes_back_with_the_error(browser, made, spoilt, sentence):
    """Beside the field, with what was typed, and nothing kept."""
    page = send(browser, "/subscribe/?lang=en", **FORM | spoilt)

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not Reader.objects.exists()


def test_what_is_kept_is_the_sentence_that_was_shown(browser, made):
    """In the language of the page, word for word."""
    shown = browser.get("/subscribe/?lang=fr").content.decode()
    send(browser, "/subscribe/?lang=fr", **FORM)

    assert Consent.objects.get().wording in shown
    assert Consent.objects.get().wording.startswith("J’accepte")


def test_a_visitor_cannot_have_mail_sent_without_end(browser, made):
    """Three to one address in a day; more from one place are refused."""
    for _ in range(4):
        assert send(browser, "/subscribe/", **FORM).status_code == 200
    addresses = [f"a{number}@example.org" for number in range(17)]
    answers = [send(browser, "/subscribe/", **FORM | {"address": one}) for one in addresses]

    assert answers[-2].status_code == 200
    assert answers[-1].status_code == 429
    assert Reader.objects.count() == 17


def test_a_confirmation_is_one_press_of_the_button(browser, made):
    """And says that it is done."""
    asked_at = clock.now()
    reader = made.reader(wish="iso/newsletter")
    Consent.objects.update(given_at=asked_at, confirmed_at=None)

    page = send(browser, f"/confirm/{request_token(reader.pk, asked_at)}?lang=en")

    assert "You are subscribed" in page.content.decode()
    assert Consent.objects.get().confirmed_at is not None


def test_a_link_that_is_too_old_says_so(browser, made):
    """And what to do instead."""
    page = send(browser, pages(browser, made)["confirm"] + "?lang=en")

    assert page.status_code == 410
    assert "Please subscribe again" in page.content.decode()
    assert Consent.objects.get().confirmed_at is None


def test_preferences_are_changed_by_the_readers_own_link(browser, made):
    """Language, topics and channels; the page says that they are saved."""
    reader = made.reader(wish="iso/newsletter")
    address = f"/preferences/{reader_token(reader.pk, '')}?lang=en"

    page = send(browser, address, language="fr", topic="coordination", wish="iec/newsletter")

    reader.refresh_from_db()
    assert "Your choices are saved." in page.content.decode()
    assert (reader.language, reader.muted) == ("fr", ["one-catalogue"])
    live = reader.consents.filter(withdrawn_at=None)
    assert [consent.organisation.slug for consent in live] == ["iec"]


def test_a_language_that_is_not_on_the_page_is_refused(browser, made):
    """No browser sends it, so nothing is guessed."""
    assert send(browser, "/subscribe/", **FORM | {"language": "xx"}).status_code == 400
    assert not Reader.objects.exists()
