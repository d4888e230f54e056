"""The way of a reader, without a mouse and without JavaScript."""

import pytest

from publisher.kit.signing import request_token
from publisher.models import Consent, Reader
from tests.browser.shown import Site


def _tab_to(page, wanted: str) -> None:
    """Press Tab until the element with that accessible text or label has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        label = page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
        )
        if label == wanted:
            return
    pytest.fail(f"no Tab leads to “{wanted}”")


@pytest.mark.browser
def test_a_reader_subscribes_and_leaves_with_the_keyboard_alone(site: Site):
    """From the form to the confirmation, the first newsletter, and out again."""
    page = site.page("/subscribe/?lang=en")
    _tab_to(page, "Your e-mail address")
    page.keyboard.type("ben@example.org")
    _tab_to(page, "Newsletter")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    assert page.locator("h1").inner_text() == "Look into your mailbox"
    consent = Consent.objects.get(reader__address="ben@example.org")
    assert consent.wording == (
        "I agree to receive “Newsletter” from International Electrotechnical Commission at this "
        "address. I can leave at any time, with one click."
    )

    page.goto(f"{site.url}/confirm/{request_token(consent.reader_id, consent.given_at)}")
    _tab_to(page, "Confirm")
    page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == "You are subscribed"
    consent.refresh_from_db()
    assert consent.confirmed_at is not None


@pytest.mark.browser
def test_a_mistake_is_shown_beside_its_field(site: Site):
    """The form comes back with what was typed, and each field names its own error."""
    page = site.page("/subscribe/?lang=en")
    page.locator("#address").fill("nobody")
    page.get_by_role("button", name="Subscribe").click()

    address = page.locator("#address")
    assert address.input_value() == "nobody"
    assert address.get_attribute("aria-invalid") == "true"
    assert page.locator(f"#{address.get_attribute('aria-describedby')}").is_visible()


@pytest.mark.browser
def test_a_reader_leaves_from_its_page(site: Site):
    """One button; what is left is said."""
    page = site.page(site.addresses["leave"])
    _tab_to(page, "Leave")
    page.keyboard.press("Enter")

    assert page.locator("h1").inner_text() == "You have left"
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    assert Reader.objects.count() == 1
