"""Every screen of the desk is usable by everybody, light to fetch, and readable without scripts."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import URLPattern, get_resolver, resolve
from playwright.sync_api import Browser, Page, expect

import publisher.web
from publisher.web.desk.urls import AREAS
from tests.browser.conftest import serving
from tests.browser.desk_screens import Screens, fill_desk
from tests.browser.eyes import EVERYTHING, OF_LOOKS, fetched, look, turn

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]
MOST_BYTES = 200_000  #: of everything that one page fetches
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
#: addresses of the desk that are asked for and show no screen of their own
NO_SCREENS = {
    "desk-calendar-csv": "a file",
    "desk-calendar-feed": "a file for calendar programs",
    "desk-matrix-csv": "a file",
    "desk-readers-table": "a file",
    "desk-readers-file-rejects": "a file",
    "desk-reader-data": "a file",
    "desk-trail-table": "a file",
    "desk-plan-proposal": "a file",
    "desk-proposal-form": "a file",
    "desk-entry-file": "a file",
    "desk-words-file": "a file",
    "mfa_download_recovery_codes": "a file",
    "desk-entry-preview": "a part of a screen",
    "desk-entry-frame": "somebody's mail or page, in a frame",
    "desk-words": "somebody's mail or page, in a frame",
    "desk-going-out-stream": "figures as they change",
    "mfa_login_webauthn": "what a script asks for",
    "openid_connect_login": "leads to another service",
    "openid_connect_callback": "leads back from another service",
}


@pytest.fixture(scope="module")
def desk(django_db_setup, django_db_blocker) -> Iterator[tuple[str, Screens]]:
    """Have everything there once for all that only looks at it; give its address."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, serving() as url:
        patch.setattr(
            "django.conf.settings.PASSWORD_HASHERS",
            ["django.contrib.auth.hashers.MD5PasswordHasher"],
        )
        cache.clear()
        yield url, fill_desk()
        cache.clear()
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def pages(desk, chromium: Browser) -> Iterator[dict[str, Page]]:
    """Give a window of each person's."""
    url, screens = desk
    opened = {}
    for whose, cookies in screens.cookies.items():
        context = chromium.new_context(base_url=url, viewport=WIDE, locale="en")
        context.add_cookies(
            [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
        )
        # The server of these tests does not stream.
        context.add_init_script("window.EventSource = class { addEventListener() {} };")
        opened[whose] = context.new_page()
    yield opened
    for page in opened.values():
        page.context.close()


def test_no_screen_has_a_finding(desk, pages, screenshots) -> None:
    """By axe-core, WCAG 2.2 A and AA; nothing wider than the window, nor heavy to fetch.

    In light and left to right; then in the dark, narrow, and from right to left, what depends on
    that. Colours do not depend on the direction: see below.
    """
    found = []
    for name, (address, whose) in desk[1].all.items():
        page = pages[whose]
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        answer = page.goto(address)
        if answer is None or answer.status != 200 or page.url != desk[0] + address:
            found.append(f"{name}: {page.url} answers {answer and answer.status}")
            continue
        said = list(look(page, EVERYTHING))
        if (size := fetched(page)) > MOST_BYTES:
            said.append(f"{size:,} bytes")
        _picture(page, screenshots, f"{name}-light")
        page.set_viewport_size(NARROW)
        page.emulate_media(color_scheme="dark")
        turn(page, f"{address}{'&' if '?' in address else '?'}lang=ar")
        said += [f"dark, from right to left: {one}" for one in look(page, OF_LOOKS)]
        said += _read(page)
        _picture(page, screenshots, f"{name}-dark-arabic-narrow")
        found += [f"{name}: {one}" for one in said]

    assert not found, "\n".join(found)


def _picture(page: Page, folder, name: str) -> None:
    if folder:
        page.screenshot(path=folder / f"desk-{name}.png", full_page=True)


def _read(page: Page) -> Iterator[str]:
    """Say what is not there in a page whose scripts have not run: `turn` runs none."""
    if page.locator("main h1").count() != 1:
        yield "needs a script to be read"
    inside = page.locator("body.outside").count() == 0
    if inside and page.locator("nav.side a").count() < len(AREAS):
        yield "needs a script for its menu"


def test_no_screen_needs_a_script_to_be_used(desk, chromium: Browser) -> None:
    """What scripts do is done by a button where there are none."""
    url, screens = desk
    context = chromium.new_context(base_url=url, java_script_enabled=False, locale="en")
    cookies = screens.cookies["ana"].items()
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies])
    page = context.new_page()

    page.goto(screens.all["entry"][0])
    page.get_by_label("on a phone").check()
    page.locator("#looks-tools button").click()
    expect(page.locator(".frame-of.phone")).to_be_visible()
    page.goto(screens.all["calendar-list"][0])
    expect(page.locator("main h1")).to_be_visible()
    context.close()


def test_every_screen_of_the_desk_is_looked_at(desk) -> None:
    """Each address that can be asked for is in the list above, or shows no screen."""
    seen = {resolve(address.partition("?")[0]).route for address, _ in desk[1].all.values()}
    asked = {
        one.name: route
        for route, one in _addresses()
        if route.lstrip("^").startswith("desk/") and _gets(one)
    }

    unseen = {name for name, route in asked.items() if route not in seen}
    assert unseen == set(NO_SCREENS), unseen ^ set(NO_SCREENS)


def _addresses(patterns=None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route, one
        else:
            yield from _addresses(one.url_patterns, route)


def _gets(one: URLPattern) -> bool:
    """Whether an address can be asked for: its view, or what it wraps, is not only posted to."""
    view = one.callback
    while view is not None:
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list", ["GET"])
        if "GET" not in methods:
            return False
        view = getattr(view, "__wrapped__", None)
    return True


def test_no_colour_depends_on_the_direction() -> None:
    """So that colours seen from left to right in both themes are seen in both directions."""
    static = Path(publisher.web.__path__[0]) / "static"
    rules = [
        rule
        for sheet in static.rglob("*.css")
        for rule in re.findall(r"[^{}]+\{[^{}]*\}", sheet.read_text("utf-8"))
    ]
    turned = [one for one in rules if re.search(r":dir\(|\[dir|:lang\(", one.partition("{")[0])]
    assert turned
    assert not [one for one in turned if re.search(r"(color|background)\s*:", one)]
