"""An officer writes at the desk: sees each preview, is warned, mends it, and saves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from publisher.kit import clock
from publisher.models import Draft, Entry, Version
from publisher.models.specs import Plan
from tests.desk.people import desk_of, person
from tests.flows.stored import entry, joint_plan, store
from tests.unit.schedule.specs import audience, channel, choice, message, organisation, outlet, plan

pytestmark = pytest.mark.browser
ADDRESS = "/desk/entry/statement/"


@pytest.fixture
def page(server, chromium) -> Page:
    """The desk of an editor of all three organisations, in a browser of her own."""
    store(_plan(), now=clock.now())
    who = person("ana", "editor")
    cookie = desk_of(who).cookies["sessionid"].value
    context = chromium.new_context(viewport={"width": 1400, "height": 1000}, locale="en")
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": server}])
    opened = context.new_page()
    opened.wrong = []  # what the browser complains of, such as a policy that stops a style
    opened.on(
        "console", lambda said: opened.wrong.append(said.text) if "Policy" in said.text else 0
    )
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.goto(server + ADDRESS)
    yield opened
    context.close()


def _plan() -> Plan:
    """Give ISO's news to members as mail, item, page and post, in English."""
    forms = {"newsletter": "capture", "feed": "feed", "site": "webpage", "post": "capture"}
    told = {"post": {"settings": {"network": "mastodon"}}}
    text = "They did not know where to look. [Here](https://www.iso.org) they are told.\n\n" * 9
    nouns = [
        organisation("iso"),
        audience(hears=[{"message": "together", "through": list(forms)}]),
        message(),
        entry(when="2037-03-20 09:00", title={"en": "Look"}, speaks_for=["iso"], words=[
            {"language": "en", "words": text}
        ]),
    ]  # fmt: skip
    for name, adapter in forms.items():
        form = {"site": "page"}.get(name, name)
        nouns.append(channel(name, form=form, asks_consent=name == "newsletter"))
        nouns.append(outlet("iso", name, adapter=adapter, languages=["en"], **told.get(name, {})))
        nouns.append(choice(f"iso-{name}"))
    return replace(plan(*nouns), templates=joint_plan().templates)


def test_an_officer_writes_sees_is_warned_mends_and_saves(page: Page):
    """What is typed is shown as it would go out before anything is saved, and then is the plan."""
    frame = page.frame_locator("iframe#frame")
    expect(frame.locator("body")).to_contain_text("They did not know where to look")

    words = page.locator("textarea.markdown").first
    words.fill("Typed **just now**, with [a link](no scheme).\n\n## A heading\n\nAnd more.")
    expect(frame.get_by_text("just now", exact=True)).to_be_visible()
    expect(page.locator("#kept")).to_contain_text("draft", timeout=15_000)
    assert Draft.objects.exists()
    assert not Version.objects.exists()

    _every_form(page)

    page.get_by_label("Title, English").fill("A TITLE THAT SHOUTS LOUDLY")
    expect(page.locator("#shown .problems")).to_contain_text("shouts")
    page.get_by_label("Title, English").fill("Look first")
    expect(page.locator("#shown .problems")).to_have_count(0)

    page.get_by_role("button", name="Save into the plan").click()
    expect(page.locator(".notice").first).to_contain_text("Saved")
    assert Entry.objects.get(slug="statement").said.title["en"] == "Look first"
    assert not Draft.objects.exists()
    assert page.wrong == []


def _every_form(page: Page) -> None:
    """Look at one cell of each form, on a phone, in the dark and without pictures."""
    options = page.locator("#cell option").evaluate_all("all => all.map(one => one.value)")
    seen: set[str] = set()
    for option in options:
        channel = option.split()[0].split("-", maxsplit=1)[-1]
        if channel not in seen:
            seen.add(channel)
            page.locator("#cell").select_option(option)
            expect(page.locator("#checks-head")).to_be_visible()
    assert len(seen) >= 4
    page.locator("#cell").select_option(options[0])
    for name in ("phone", "dark", "no_pictures"):
        page.locator(f"#looks-{name}").check()  # while the look before is on its way
    expect(page.locator(".frame-of.phone.dark")).to_be_visible()
    for name in ("phone", "dark", "no_pictures"):
        expect(page.locator(f"#looks-{name}")).to_be_checked()
