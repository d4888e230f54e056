"""What an organisation chooses, and what a file and the desk both say, followed on the screens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as framework
from playwright.sync_api import Browser, Page, expect

from publisher.flows.apply import apply
from publisher.flows.audit import Doer
from publisher.flows.edit import edit, mark
from publisher.kit import clock
from publisher.models import Entry, Placement, Via
from publisher.settings import settings
from tests.desk.people import desk_of, person
from tests.plans import ENTRY, change, entry, smallest_plan

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OURS = "our-organisation"
BOARD = """\
name: The board
kind: primary
who: {attribute: board, equals: ["yes"]}
hears:
  - {message: we-are-here, through: [website]}
"""


@pytest.fixture
def page(server, chromium: Browser, tmp_path, monkeypatch) -> Page:
    """The desk of an administrator, of a plan whose board nobody chose anything for."""
    monkeypatch.setenv("PUBLISHER_PLAN", str(tmp_path))
    settings.cache_clear()
    soon = clock.now() + timedelta(days=60)
    telling = entry(audiences="[everybody, board]", when=f"{soon:%Y-%m-%d} 09:00")
    smallest_plan(tmp_path, {"audiences/board.yaml": BOARD, ENTRY: telling})
    apply(tmp_path, now=clock.now())
    cookie = desk_of(person("ana", "administrator", OURS)).cookies[framework.SESSION_COOKIE_NAME]
    context = chromium.new_context(base_url=server, locale="en")
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server}])
    yield context.new_page()
    context.close()
    monkeypatch.undo()
    settings.cache_clear()


def test_matrix_and_placements_follow_a_choice(page: Page) -> None:
    """What an organisation takes up is planned; what it leaves is nobody's again."""
    square = page.locator("a[href='/desk/matrix/board/we-are-here/']")
    for use, stands in (("on", "planned"), ("off", "chosen by nobody")):
        _choose(page, use)

        page.get_by_role("link", name="Matrix").click()
        expect(square).to_contain_text(stands)
        assert Placement.objects.filter(audience__slug="board").exists() is (use == "on")


def _choose(page: Page, use: str) -> None:
    page.goto("/desk/menu/")
    channel = page.locator("details.dish", has=page.locator("tr", has_text="The board"))
    if channel.get_attribute("open") is None:
        channel.locator("summary").click()
    line = channel.locator("tr", has_text="The board")
    line.locator("select").select_option(use)
    line.locator("input[name=reason]").fill("They asked us to.")
    line.get_by_role("button").click()
    expect(page.locator("#notices .notice")).to_be_visible()


@pytest.mark.parametrize("side", ["file", "desk"])
def test_a_conflict_is_settled_on_plan(page: Page, tmp_path, side: str) -> None:
    """Both are shown side by side; without a choice nothing is applied, and then the choice is."""
    change(tmp_path, {ENTRY: ("title: Hello\n", "title: Hello\nlink: https://example.org/file\n")})
    row = Entry.objects.get()
    said = row.spec | {"link": "https://example.org/desk"}
    edit("entry", said, seen=mark(row), doer=Doer(person=None, via=Via.DESK), now=clock.now())

    page.goto("/desk/plan/")
    conflict = page.locator("fieldset.conflict")
    expect(conflict).to_contain_text("https://example.org/file")
    expect(conflict).to_contain_text("https://example.org/desk")
    applies = page.locator("form[action='/desk/plan/apply'] button")
    applies.click()
    assert page.evaluate("document.activeElement.type") == "radio", "the browser asks for a choice"
    page.locator(f"input[type=radio][value={side}]").check()
    applies.click()

    expect(page.locator("#notices .notice")).to_be_visible()
    expect(conflict).to_have_count(0)
    assert Entry.objects.get().spec["link"] == f"https://example.org/{side}"
