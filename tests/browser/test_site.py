"""An organisation's site is usable by everybody, and every link on it leads somewhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html

from publisher.adapters.webpage.adapter import trees
from publisher.adapters.webpage.making import keep, place
from tests.adapters.consignments import ISO, consignment, parcels, shell
from tests.browser.test_accessibility import SERIOUS

LIVE = "https://news.example.org"
AROUND = {
    "circulars": [
        {
            "number": "ISO 2027/1",
            "title": {"en": "A new group", "ar": "فريق جديد"},
            "dated": "2027-03-12",
            "documents": [{"language": "en", "url": f"{LIVE}/circulars/iso/2027-1-en.pdf"}],
        }
    ],
    "events": [{"title": "Plenary", "on": "2027-05-26"}],
    "landscape": {
        "documents": [{"language": "en", "url": LIVE, "title": "Map", "at": "2027-03-01"}],
        "items": [
            {
                "identifier": "ISO/NP 1",
                "title": "Charging",
                "stage": "10.00",
                "organisation": "ISO",
                "url": "",
            }
        ],
        "counts": [],
    },
}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A site in English and Arabic, with something of everything on it."""
    data = tmp_path_factory.mktemp("data")
    aside = "<aside aria-labelledby='s'><h2 id='s'>In short</h2></aside>"
    words = "<main><article><h1>{}</h1><p>{}</p></article>{}</main>"
    for language, title in (("en", "Before you propose"), ("ar", "قبل أن تقترحوا")):
        text = "Coordination saves years." if language == "en" else "التَّنسيق يوفر أعوامًا."
        page = f"<html><body>{words.format(title, text, aside)}</body></html>"
        said = {"parts": {"title": title, "html": page}, "language": language}
        made = consignment("page", data, shell=shell(ISO, **AROUND), **said)
        keep(made, parcels(made)[0])
        place(made, base=f"{LIVE}/site/iso", trees=trees(data, "iso")).made()
    return data


@pytest.fixture(scope="module")
def address(folder) -> Iterator[str]:
    """Serve it as any web server would."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/site/iso/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
@pytest.mark.slow
def test_no_page_of_a_site_has_a_serious_finding(chromium, address, screenshots):
    """By axe-core, in light and dark, at 320 px; and its own policy stops nothing of it."""
    found: list[str] = []

    def complain(message) -> None:
        found.append(message.text)

    for language, context in (
        ("en", {"color_scheme": "dark", "viewport": {"width": 320, "height": 640}}),
        ("ar", {"color_scheme": "light"}),
    ):
        page = chromium.new_context(**context).new_page()
        page.on("console", complain)
        for name in ("", "one-plan/", "landscape/", "circulars/", "subscribe/", "search/?q=x"):
            page.goto(f"{address}{language}/{name}")
            if screenshots:
                page.screenshot(path=screenshots / f"site-{language}-{name.strip('/?=')}.png")
            violations = Axe().run(page, options=SERIOUS).response["violations"]
            found += [f"{language}/{name}: {one['id']}" for one in violations]
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"{language}/{name}: wider than the window")
        page.context.close()

    assert found == []


@pytest.mark.browser
@pytest.mark.slow
def test_a_site_is_searched_without_a_server(chromium, address):
    """By the beginnings of words, whatever their accents and vowel signs; with the keyboard."""
    page = chromium.new_context().new_page()
    page.goto(f"{address}ar/search/")
    page.keyboard.press("Tab")
    page.get_by_role("searchbox").fill("التنس")
    link = page.locator("#results a")
    assert link.inner_text() == "قبل أن تقترحوا"
    link.press("Enter")
    page.wait_for_url("**/ar/one-plan/")

    page.goto(f"{address}en/search/?q=nothing-of-it")
    assert page.get_by_role("status").inner_text().startswith("Nothing was found")
    page.context.close()

    bare = chromium.new_context(java_script_enabled=False).new_page()
    bare.goto(f"{address}en/search/")
    assert bare.locator("form").is_hidden()
    assert bare.get_by_role("link", name="Before you propose").is_visible()
    bare.context.close()


def test_every_link_of_a_site_leads_somewhere(folder):
    """Each address in each page is a file of the site, or another's."""
    site, base, broken = folder / "site/iso", f"{LIVE}/site/iso/", []
    for file in site.rglob("*.html"):
        own = base + file.relative_to(site).as_posix().removesuffix("index.html")
        for _, attribute, link, _ in html.fromstring(file.read_bytes()).iterlinks():
            target = urlsplit(urljoin(own, link))
            path = site / target.path.removeprefix("/site/iso/")
            if urljoin(own, link).startswith(base) and not _there(path):
                broken.append((own, attribute, link))

    assert broken == []


def _there(path: Path) -> bool:
    return path.is_file() or (path / "index.html").is_file()
