"""What tests in the browser look at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

from playwright.sync_api import Browser, Page

from publisher.flows.occasions import find
from publisher.flows.propose import confirm
from publisher.flows.registrations import Wish, take
from publisher.kit import clock
from publisher.kit.signing import numbered_token, reader_token
from publisher.models import Entry, Placement, Proposal, Reader
from publisher.settings import settings
from tests.rows import ENTRY, WHEN, Rows, open_doors


@dataclass
class Site:
    """The pages and the browser that shows them."""

    url: str
    browser: Browser
    made: Rows
    placement: Placement
    reader: Reader

    @classmethod
    @contextmanager
    def open(
        cls, url: str, browser: Browser, made: Rows, placement: Placement, reader: Reader
    ) -> Iterator[Site]:
        """Show the pages for one test."""
        site = cls(url, browser, made, placement, reader)
        try:
            yield site
        finally:
            for context in browser.contexts:
                context.close()

    def page(self, address: str, **context) -> Page:
        """Open an address in a window of its own."""
        page = self.browser.new_context(**context).new_page()
        page.goto(self.url + address)
        return page

    @property
    def addresses(self) -> dict[str, str]:
        """Every page a reader can come to, by a short name."""
        token = reader_token(self.reader.pk, self.placement.key)
        mail = f"/capture/mail/{self.placement.key}.{self.reader.pk}/"
        return {
            "front": "/",
            "archive": "/archive/",
            "issue": f"/archive/{self.placement.key}/",
            "circulars": "/circulars/",
            "subscribe": "/subscribe/",
            "sign-in": "/desk/sign-in/",
            "forgotten": "/desk/password/",
            "preferences": f"/preferences/{token}",
            "leave": f"/leave/{token}",
            "events": "/events/",
            "event": "/events/a-webinar/",
            "seat": f"/events/a-webinar/seat/{reader_token(self.reader.pk, '')}",
            "propose": "/propose/iso/",
            "proposal": f"/proposal/{numbered_token('proposal', Proposal.objects.get().pk)}",
            "intake": "/intake/",
            "programs": "/api/v1/",
            "your-link": "/leave/",
            "bad-link": "/confirm/nonsense",
            "not-found": "/nothing-here/",
            "mailbox": "/capture/mail/",
            "mail": mail,
            "mail-text": f"{mail}?view=text",
            "mail-source": f"{mail}?view=source",
            "timeline": "/capture/timeline/",
            "post": "/capture/timeline/one.0/",
        }


def hold_webinar(made: Rows, reader: Reader) -> None:
    """Announce a series in a month's time, of which the reader has a seat at the first."""
    starts = clock.now().replace(hour=14, minute=0, second=0, microsecond=0, tzinfo=None)
    occasion = {
        "starts": (starts + timedelta(days=30)).isoformat(),
        "lasts": "1 hour",
        "zone": "UTC",
        "repeat": "FREQ=WEEKLY;COUNT=2",
        "capacity": 1,
        "join": "our-room",
    }
    spec = ENTRY | {"slug": "a-webinar", "occasion": occasion}
    Entry.objects.create(slug="a-webinar", spec=spec, first_applied_at=WHEN)
    made.placement(entry="a-webinar")
    held = find("a-webinar", now=clock.now())
    wish = Wish(held=held, date=held.dates[0], wording="I agree.", source="paper")
    take(reader, wish, now=clock.now())


def file_proposal(made: Rows) -> None:
    """Propose new work to ISO, like a work item of IEC."""
    open_doors(made)
    found = {
        "organisation": "iec",
        "identifier": "IEC 60000:2020",
        "title": "Invented things",
        "why": [{"key": "shared", "values": {"words": "“things”"}}],
        "likely": True,
        "answer": "Ours were not invented.",
    }
    filed = Proposal.objects.create(
        organisation=made.organisations["iso"],
        language="en",
        fields={"title": "Things", "scope": "All things.", "committee": "ISO/TC 1"},
        evidence={"found": [found]},
        body="Somebody",
        asked_at=clock.now(),
    )
    assert confirm(filed.pk, now=clock.now())


def fill_capture(placement: Placement, reader: Reader) -> None:
    """Put a mail and two posts where the capture adapter puts them."""
    capture = settings().data_folder / "capture"
    box = capture / "mailbox" / "new"
    box.mkdir(parents=True, exist_ok=True)
    (box / f"{placement.key}.{reader.pk}").write_bytes(bytes(_mail()))
    timeline = capture / "timeline"
    timeline.mkdir(parents=True, exist_ok=True)
    for name, language, texts in (
        ("one", "en", ["A thread begins. https://iso.example.org", "And it ends."]),
        ("two", "ar", ["نعمل معا من أجل معايير أفضل."]),
    ):
        said = _post(f"{name}.0", language, texts)
        (timeline / f"{name}.0.json").write_text(json.dumps(said), "utf-8")


def _mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "ISO <news@iso.example.org>"
    mail["To"] = "Ana <ana@example.org>"
    mail["Subject"] = "Working together"
    mail["Date"] = WHEN
    mail["Content-Language"] = "en"
    mail.set_content("Working together\n\nWhat we agreed.\n")
    html = (
        "<!DOCTYPE html><html lang='en'><head><title>News</title></head><body>"
        "<h1>Working together</h1><p>What we agreed.</p><script>document.title='x'</script>"
        "</body></html>"
    )
    mail.add_alternative(html, subtype="html")
    return mail


def _post(key: str, language: str, texts: list[str]) -> dict[str, object]:
    return {
        "label": "Captured, not sent to the world",
        "key": key,
        "network": "mastodon",
        "outlet": "iso-mastodon",
        "organisation": "iso",
        "entry": "statement",
        "audience": "members",
        "language": language,
        "dir": "rtl" if language == "ar" else "ltr",
        "at": WHEN.isoformat(),
        "texts": texts,
        "link": "",
        "pictures": [],
    }
