"""Every screen of the desk is usable by everybody, light to fetch, and readable without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from publisher.flows.apply import apply
from publisher.flows.approve import approve
from publisher.kit import clock
from publisher.models import Delivery, Intake, Occurrence, Placement, PlacementState, Reader
from publisher.web.desk.urls import AREAS
from tests.browser.test_accessibility import SERIOUS
from tests.conftest import ROOT
from tests.desk.people import desk_of, person
from tests.desk.test_intake import OFFER
from tests.desk.test_proposals import proposed

pytestmark = pytest.mark.browser
#: both themes, both directions, wide and narrow
WAYS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark-arabic-narrow": {"color_scheme": "dark", "viewport": {"width": 320, "height": 640}},
}
MOST_BYTES = 200_000  #: of everything that one page fetches
#: WCAG 2.2 at its levels A and AA, as axe-core names the rules
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {**SERIOUS, "runOnly": {"type": "tag", "values": WCAG}}


@dataclass
class Desk:
    """The reference plan's desk, and who is signed in."""

    url: str
    addresses: dict[str, str]
    cookie: dict[str, str]


@pytest.fixture
def desk(server) -> Desk:
    """Apply the reference plan, have something approved, sent and in doubt."""
    now = clock.now()
    apply(ROOT, now=now)
    approve(entry="letter-to-the-boards", organisation="iso", person="Ana", now=now)
    delivery = _sent()
    who = person("ana", "administrator")
    who.is_superuser = True
    who.save()
    cookie = desk_of(who).cookies["sessionid"].value
    return Desk(
        url=server,
        addresses=dict(_addresses(delivery)),
        cookie={"name": "sessionid", "value": cookie, "url": server},
    )


def _sent() -> Delivery:
    """Let one newsletter be under way, with a reader served and one of whom nobody knows."""
    row = Placement.objects.filter(outlet__channel__slug="newsletter").order_by("id").first()
    figures = {"candidates": 40, "accepted": 17, "refused": 2, "uncertain": 1}
    Placement.objects.filter(pk=row.pk).update(
        state=PlacementState.SENDING, started_at=clock.now(), addressed_at=clock.now(), **figures
    )
    reader = Reader.objects.create(address="ana@example.org", created_at=clock.now())
    return Delivery.objects.create(
        placement=row, recipient=reader.pk, address=reader.address, answer="250 2.0.0 Ok"
    )


def _offered() -> Intake:
    """Have a consortium wait for an answer that is late."""
    return Intake.objects.create(
        **OFFER,
        reference="INTAKE 2027-1",
        number=1,
        asked_at=clock.now(),
        confirmed_at=clock.now(),
        due_at=clock.now(),
    )


def _addresses(delivery: Delivery) -> Iterator[tuple[str, str]]:
    """Give each screen by a short name: the first of each area, and those beneath."""
    for area in AREAS:
        yield area.name, reverse(f"desk-{area.name}")
    waiting = Occurrence.objects.filter(entry__slug="letter-to-the-boards").first()
    yield "approval", f"/desk/approvals/letter-to-the-boards/{quote(waiting.key)}/"
    moved = Occurrence.objects.filter(
        due_at__gt=clock.now(), placements__state=PlacementState.PLANNED
    ).first()
    day = f"{moved.due_at:%Y-%m-%d}"
    for view in ("month", "week", "list", "day"):
        yield f"calendar-{view}", f"/desk/calendar/?view={view}&day={day}&month={day[:7]}"
    move = f"/desk/calendar/move/{moved.entry.slug}/{quote(moved.key, safe='')}/"
    yield "calendar-move", f"{move}?by=3"
    yield "calendar-new", "/desk/calendar/new/"
    yield "calendar-feeds", "/desk/calendar/feeds/"
    square = moved.placements.first().audience.slug, moved.entry.said.messages[0]
    yield "matrix-square", "/desk/matrix/{}/{}/".format(*square)
    yield "intake-one", reverse("desk-intake-one", args=[_offered().pk])
    yield "proposal", f"{reverse('desk-proposal', args=[proposed().pk])}?again=1"
    yield "proposal-file", reverse("desk-proposal-file", args=["iso"])
    yield "objects", "/desk/plan/?kind=entry"
    yield "entry", "/desk/entry/before-you-propose/"
    yield "entry-new", "/desk/entries/new/"
    yield "entry-versions", "/desk/entry/before-you-propose/versions/"
    yield "deliveries", "/desk/deliveries/?address=ana"
    yield "delivery", f"/desk/deliveries/{delivery.pk}/"
    yield "reader", f"/desk/readers/{delivery.recipient}/"
    yield "reader-erase", f"/desk/readers/{delivery.recipient}/erase/"
    yield "segments", "/desk/readers/segments/?audience=annual-meetings"
    yield "readers-files", "/desk/readers/files/"
    yield "account", "/desk/account/"
    yield "account-app", "/desk/account/app/"
    yield "account-passkey", "/desk/account/passkeys/add/"
    yield "person", f"/desk/people/{person('ed', 'editor').pk}/"
    yield "trail", "/desk/trail/"


@pytest.mark.parametrize("way", WAYS)
def test_no_screen_has_a_finding(desk, chromium, screenshots, way):
    """By axe-core, WCAG 2.2 A and AA; nothing wider than the window, nor heavy to fetch."""
    context = chromium.new_context(**WAYS[way])
    context.add_cookies([desk.cookie])
    page, fetched = context.new_page(), []
    # Playwright marks what it calls, and a list's own method bears no mark.
    page.on("response", lambda response: fetched.append(response))  # noqa: PLW0108
    # A stream has no end, and the server of these tests does not stream.
    page.route("**/stream", lambda route: route.abort())
    found = []
    for name, address in desk.addresses.items():
        fetched.clear()
        query = "lang=ar" if "arabic" in way else "lang=en"
        answer = page.goto(f"{desk.url}{address}{'&' if '?' in address else '?'}{query}")
        if answer.status != 200:
            found.append(f"{name}: answered {answer.status}")
            continue
        if screenshots:
            page.screenshot(path=screenshots / f"desk-{name}-{way}.png", full_page=True)
        found += [f"{name}: {finding}" for finding in _findings(page)]
        if (size := _bytes(fetched)) > MOST_BYTES:
            found.append(f"{name}: {size:,} bytes")
    context.close()

    assert not found, "\n".join(found)


def _findings(page: Page) -> Iterator[str]:
    for violation in Axe().run(page, options=RULES).response["violations"]:
        yield f"{violation['id']}: {violation['nodes'][0]['html']}"
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        yield "wider than the window"


def _bytes(fetched) -> int:
    """Add up what was fetched, but for what stands in a frame: that is somebody's mail or page."""
    return sum(
        len(response.body())
        for response in fetched
        if response.frame.parent_frame is None and response.status == 200
    )


def test_no_screen_needs_a_script_to_be_read(desk, chromium):
    """Its heading and its menu are there; what it says stands in the page."""
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies([desk.cookie])
    page = context.new_page()
    for name, address in desk.addresses.items():
        page.goto(f"{desk.url}{address}")
        assert page.locator("main h1").count() == 1, name
        assert page.locator("nav.side a").count() >= len(AREAS), name
    context.close()
