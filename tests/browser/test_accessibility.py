"""Every public page is usable by everybody, in light, dark, and from right to left."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.shown import Site

#: name, what the browser prefers, and what stands behind each address
WAYS = {
    "light": ({"color_scheme": "light"}, ""),
    "dark": ({"color_scheme": "dark"}, ""),
    "arabic": ({"color_scheme": "light", "locale": "ar"}, "lang=ar"),
    "narrow": ({"color_scheme": "dark", "viewport": {"width": 320, "height": 640}}, ""),
}
#: only what is wrong is wanted, which takes axe-core half the time
SERIOUS = {"resultTypes": ["violations"]}


@pytest.mark.browser
@pytest.mark.parametrize("way", WAYS)
def test_no_page_has_a_serious_finding(site: Site, screenshots, way):
    """By axe-core: nothing serious or critical; and nothing is wider than the window."""
    context, query = WAYS[way]
    found, page = [], site.page("/", **context)
    for name, address in site.addresses.items():
        page.goto(f"{site.url}{address}{'&' if '?' in address else '?'}{query}")
        if screenshots:
            page.screenshot(path=screenshots / f"{name}-{way}.png", full_page=True)
        violations = Axe().run(page, options=SERIOUS).response["violations"]
        found += [
            f"{name}: {violation['id']}: {violation['nodes'][0]['html']}"
            for violation in violations
            if violation["impact"] in {"serious", "critical"}
        ]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{name}: wider than the window")

    assert not found, "\n".join(found)


@pytest.mark.browser
def test_a_mail_shown_in_its_frame_runs_nothing(site: Site):
    """A script in a mail is not run, and its links open elsewhere."""
    page = site.page(site.addresses["mail"])
    frame = page.frame_locator("iframe")

    assert frame.locator("h1").inner_text() == "Working together"
    assert page.frames[1].title() == "News"
