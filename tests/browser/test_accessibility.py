"""Every public page is usable by everybody, in light, dark, and from right to left."""

import pytest

from tests.browser.eyes import ALL_RULES, OF_LOOKS, look, turn
from tests.browser.shown import Site

#: only what is wrong is wanted, which takes axe-core half the time
SERIOUS = {"resultTypes": ["violations"]}


@pytest.mark.browser
@pytest.mark.slow
def test_no_page_has_a_serious_finding(site: Site, screenshots):
    """By axe-core: nothing serious or critical; and nothing is wider than the window.

    In light; then in the dark, narrow, and from right to left, what depends on that.
    """
    found, page = [], site.page("/", locale="en")
    for name, address in site.addresses.items():
        page.set_viewport_size({"width": 1280, "height": 720})
        page.emulate_media(color_scheme="light")
        page.goto(f"{site.url}{address}")
        said = list(look(page, ALL_RULES, serious=True))
        _picture(page, screenshots, f"{name}-light")
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 320, "height": 640})
        turn(page, f"{site.url}{address}{'&' if '?' in address else '?'}lang=ar")
        said += [f"dark, from right to left: {one}" for one in look(page, OF_LOOKS, serious=True)]
        _picture(page, screenshots, f"{name}-dark-arabic-narrow")
        found += [f"{name}: {one}" for one in said]

    assert not found, "\n".join(found)


def _picture(page, folder, name: str) -> None:
    if folder:
        page.screenshot(path=folder / f"{name}.png", full_page=True)


@pytest.mark.browser
def test_a_mail_shown_in_its_frame_runs_nothing(site: Site):
    """A script in a mail is not run, and its links open elsewhere."""
    page = site.page(site.addresses["mail"])
    frame = page.frame_locator("iframe")

    assert frame.locator("h1").inner_text() == "Working together"
    assert page.frames[1].title() == "News"
