"""An officer's whole way, from her invitation to the mail in a reader's box."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import uvicorn
from django.conf import settings as framework
from playwright.sync_api import Browser, Page, expect

from publisher.flows.audit import TERMINAL
from publisher.flows.invite import invite, link
from publisher.flows.people import give_role
from publisher.kit import clock
from publisher.kit.listening import listening
from publisher.models import Channel, Consent, Occurrence, Organisation, Person, Placement, Reader
from publisher.models.specs import Plan
from publisher.settings import settings
from publisher.worker.clock import tick
from publisher.worker.hands import drain
from tests.browser.conftest import sessions_ended
from tests.browser.hands import Hands, Keyboard, Mouse, untranslated
from tests.desk.people import desk_of, person
from tests.flows.stored import joint_plan, store
from tests.unit.schedule.specs import audience, channel, choice, message, organisation, outlet, plan

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BODIES = ("iso", "iec", "itu")
ADDRESS = "ana@iso.example.org"
PASSWORD = "three bodies speak as one"


@dataclass(frozen=True)
class Said:
    """What she writes, in her language."""

    language: str
    direction: str
    name: str
    title: str
    words: str
    bold: str  #: the part of the words that is shown in bold


ENGLISH = Said(
    language="en",
    direction="ltr",
    name="Ana Diallo",
    title="Look before you propose",
    words="We looked **first**, and found that it was there already.",
    bold="first",
)
ARABIC = Said(
    language="ar",
    direction="rtl",
    name="آنا ديالو",
    title="ابحثوا قبل أن تقترحوا",
    words="بحثنا **أولاً** فوجدنا أنه موجود من قبل.",
    bold="أولاً",
)
#: what stands in Latin letters on an Arabic page, and rightly so
NAMES = ("Publisher", "ISO", "IEC", "ITU", "Europe/Zurich", "Markdown", "YAML", "English",
         "Français", "Español", "CSV", "PNG", "JPEG", "GIF", "WebP", "Gmail", "[Test]",
         "FREQ=MONTHLY;BYDAY=1MO", "2 hours", "1 day")  # fmt: skip


@pytest.mark.parametrize(
    ("hands_of", "said"),
    [
        pytest.param(Mouse, ENGLISH, id="by mouse"),
        pytest.param(Keyboard, ENGLISH, id="by keyboard"),
        pytest.param(Mouse, ARABIC, id="in Arabic"),
    ],
)
def test_an_officer_plans_sends_and_reads_the_result(
    streaming: str,
    chromium: Browser,
    monkeypatch: pytest.MonkeyPatch,
    hands_of: Callable[[Page], Hands],
    said: Said,
) -> None:
    """Three organisations say yes to the very words; the clock sends; a reader has the mail."""
    store(_plan(said), now=clock.now())
    _somebody_reads(said)
    page = _browser(chromium, streaming)
    officer = Officer(hands_of(page), said)

    officer.comes(_invitation())
    slug = officer.plans_an_entry()
    officer.writes_it_and_sees_each_preview(slug)
    for body in BODIES:
        _says_yes(_browser(chromium, streaming, f"approver-of-{body}", body), slug, said)
    officer.waits_for_it_to_go_out()
    _its_moment_comes(monkeypatch)
    officer.sees_it_go()
    drain_beside()
    officer.sees_it_finished()
    officer.finds_what_a_reader_got(slug)
    officer.reads_it_as_the_reader_does()

    assert page.wrong == []


class Officer:
    """What she does, and what she then sees."""

    def __init__(self, hands: Hands, said: Said) -> None:
        self.hands, self.page, self.said = hands, hands.page, said

    def comes(self, invitation: str) -> None:
        """Take up an invitation with a password, and say which language she reads."""
        page, hands = self.page, self.hands
        page.goto(invitation)
        hands.write(page.locator("#full_name"), self.said.name)
        hands.write(page.locator("#password1"), PASSWORD)
        hands.write(page.locator("#password2"), PASSWORD)
        hands.press(page.locator("main form button").first)
        expect(page.locator("nav.side")).to_be_visible()
        _speaks_for_all()
        if self.said.language != "en":
            hands.press(page.locator("p.me a"))
            hands.pick(page.locator("#language"), self.said.language)
            hands.press(page.locator("main form:has(#language) button"))
        self._looks()

    def plans_an_entry(self) -> str:
        """Put it on a day of the calendar; give its short name."""
        page, hands = self.page, self.hands
        hands.press(page.locator("nav.side a[href='/desk/calendar/']"))
        self._looks()
        hands.press(page.locator(".head-of-screen a[href*='/calendar/new/']"))
        self._looks()
        hands.write(page.locator("#title"), self.said.title)
        hands.put_day(page.locator("#day"), (clock.now() + timedelta(days=2)).date())
        for body in BODIES:
            hands.tick(page.locator(f"input[name=speaks_for][value={body}]"))
        hands.tick(page.locator("input[name=audience]"))
        hands.tick(page.locator("input[name=message]"))
        hands.press(page.locator("main form button"))
        expect(page.locator("#notices .notice")).to_be_visible()
        self._looks()
        return Occurrence.objects.get().entry.slug

    def writes_it_and_sees_each_preview(self, slug: str) -> None:
        """Write the words, see them as each outlet shows them, and save them for approval."""
        page, hands = self.page, self.hands
        assert page.url.endswith(f"/desk/entry/{slug}/")
        hands.write(page.locator("textarea.markdown"), self.said.words)
        shown = page.frame_locator("iframe#frame").get_by_text(self.said.bold, exact=True)
        cells = page.locator("#cell option").evaluate_all("all => all.map(one => one.value)")
        assert len(cells) == len(BODIES)
        for cell in cells:
            hands.pick(page.locator("#cell"), cell)
            expect(shown).to_be_visible()
        for look in ("phone", "dark", "no_pictures"):
            hands.tick(page.locator(f"#looks-{look}"))
        expect(page.locator(".frame-of.phone.dark")).to_be_visible()
        expect(shown).to_be_visible()
        self._looks()
        hands.press(page.locator(".save-bar button[value=save]"))
        expect(page.locator("#notices .notice")).to_be_visible()
        expect(page.locator("aside a[href*='/desk/approvals/']")).to_be_visible()
        self._looks()

    def waits_for_it_to_go_out(self) -> None:
        """Have nothing to see there yet, and stay."""
        self.hands.press(self.page.locator("nav.side a[href='/desk/going-out/']"))
        expect(self.page.locator("#going .empty")).to_be_visible()
        self._looks()

    def sees_it_go(self) -> None:
        """Without asking for the screen anew."""
        rows = self.page.locator("tr[data-state=sending]")
        expect(rows).to_have_count(len(BODIES))
        self.hands.press(self.page.locator("summary"))  # folds it, and again unfolds it
        self.hands.press(self.page.locator("summary"))
        self._looks()

    def sees_it_finished(self) -> None:
        """What was unfolded stays so, and the keyboard stands where it stood."""
        expect(self.page.locator("tr[data-state=finished]")).to_have_count(len(BODIES))
        expect(self.page.locator("summary")).to_be_focused()
        self._looks()

    def finds_what_a_reader_got(self, slug: str) -> None:
        """By how an address begins: one copy, though three organisations speak."""
        page, hands = self.page, self.hands
        hands.press(page.locator(".head-of-screen a[href='/desk/deliveries/']"))
        hands.write(page.locator("#address"), "bea@")
        hands.write(page.locator("#entry"), slug)
        hands.press(page.locator("form.filters button"))
        self._looks()
        hands.press(page.locator("tbody tr:has(.state-finished) th a"))
        expect(page.locator("dl.facts")).to_contain_text("bea@example.org")
        self._looks()

    def reads_it_as_the_reader_does(self) -> None:
        """In the box where it lies instead of the world's."""
        self.hands.press(self.page.locator("dl.facts a[href*='/capture/mail/']"))
        expect(self.page.locator("h1")).to_have_text(self.said.title)
        expect(self.page.locator("dl.head")).to_contain_text("bea@example.org")
        mail = self.page.frame_locator("iframe.mail")
        expect(mail.locator("html")).to_have_attribute("dir", self.said.direction)
        expect(mail.get_by_text(self.said.bold, exact=True)).to_be_visible()

    def _looks(self) -> None:
        """See her own language, and nothing else but names."""
        page = self.page.locator("html")
        expect(page).to_have_attribute("dir", self.said.direction)
        expect(page).to_have_attribute("lang", self.said.language)
        if self.said.direction == "rtl":
            assert not (found := untranslated(self.page, NAMES)), "\n".join(found)


def _plan(said: Said) -> Plan:
    """Give three bodies' mail to members, chosen by each, in one language."""
    tongue = [said.language]
    named = {"name": {"en": "Members", "ar": "الأعضاء"}}
    told = {**named, "text": {"en": "We speak together.", "ar": "نتكلم معاً."}}
    news = {"name": {"en": "News", "ar": "الأخبار"}, "description": {"en": "Mail", "ar": "بريد"}}
    nouns = [
        *[organisation(slug, languages=tongue) for slug in BODIES],
        channel("news", form="newsletter", **news),
        *[outlet(slug, "news", languages=tongue) for slug in BODIES],
        *[choice(f"{slug}-news") for slug in BODIES],
        audience(hears=[{"message": "together", "through": ["news"]}], **named),
        message(**told),
    ]
    return replace(plan(*nouns), templates=joint_plan().templates)


def _somebody_reads(said: Said) -> None:
    """Have one reader, who asked all three for their mail."""
    now = clock.now()
    reader = Reader.objects.create(
        address="bea@example.org", language=said.language, created_at=now
    )
    for body in Organisation.objects.all():
        Consent.objects.create(
            reader=reader,
            organisation=body,
            channel=Channel.objects.get(),
            given_at=now,
            confirmed_at=now,
            source="a form",
            wording="Yes.",
        )


def _invitation() -> str:
    """Invite her for one organisation; give where the link leads."""
    made = invite(
        ADDRESS, organisation=BODIES[0], roles=["publisher"],
        by_mail=False, doer=TERMINAL, now=clock.now(),
    )  # fmt: skip
    assert made is not None
    return link(made).removeprefix(settings().site_url)


def _speaks_for_all() -> None:
    """The other organisations have her speak for them, too."""
    who = Person.objects.get(email=ADDRESS)
    for body in BODIES[1:]:
        give_role(who, body, "publisher", doer=TERMINAL, now=clock.now())


def _says_yes(page: Page, slug: str, said: Said) -> None:
    """Read the frozen words as an organisation's approver, and say yes to them."""
    page.goto("/desk/approvals/")
    page.locator(f"th a[href*='{slug}']").click()
    words = page.frame_locator("article iframe").first
    expect(words.get_by_text(said.bold, exact=True)).to_be_visible()
    page.locator("input[name=vote][value=yes]").check()
    page.locator("fieldset.vote button").click()
    expect(page.locator("#notices .notice")).to_be_visible()
    page.context.close()


def _its_moment_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the time be that at which it is due, and the clock look at its calendar."""
    at = Occurrence.objects.get().due_at
    assert at is not None
    monkeypatch.setattr("publisher.kit.clock.now", lambda: at)
    tick(clock.now())


def drain_beside() -> None:
    """Do the worker's work in a thread of its own: the browser's loop runs in this one."""
    work = threading.Thread(target=drain)
    work.start()
    work.join()
    assert set(Placement.objects.values_list("state", flat=True)) == {"finished"}


def _browser(chromium: Browser, url: str, who: str = "", body: str = "") -> Page:
    """Open a browser of somebody's own; signed in, where it is an organisation's approver."""
    context = chromium.new_context(base_url=url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    if who:
        cookie = desk_of(person(who, "approver", body)).cookies[framework.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])
    page = context.new_page()
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    return page


@pytest.fixture
def streaming(transactional_db) -> Iterator[str]:
    """Serve the pages as `publisher web` does, so that they can tell of progress as it goes."""
    from publisher.web.asgi import application

    with sessions_ended(), listening("127.0.0.1:0") as door:
        config = uvicorn.Config(
            application, lifespan="off", log_config=None, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = True
        thread.join()
