"""Every public page answers, before anything was published and after."""

import pytest

PAGES = [
    "/",
    "/archive/",
    "/circulars/",
    "/calendar.ics",
    "/subscribe/",
    "/preferences/",
    "/leave/",
    "/capture/mail/",
    "/capture/timeline/",
    "/healthz",
    "/metrics",
    "/robots.txt",
    "/static/publisher.css",
    "/static/favicon.svg",
]


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_a_page_answers_on_an_empty_database(browser, address):
    """A fresh installation welcomes; it does not break."""
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_a_page_answers_after_something_went_out(browser, made, address):
    """With placements of each form in the database."""
    for outlet in ("iso-newsletter", "iso-mastodon", "iso-feed", "iso-website"):
        made.placement(outlet)
    made.circular()

    assert browser.get(address).status_code == 200
