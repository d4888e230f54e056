"""A site says what went out, and nothing of what did not."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync

from publisher.adapters import registry
from publisher.flows.consign import consignment
from publisher.flows.doors import doors
from publisher.flows.refresh_sites import refresh_sites
from publisher.flows.surroundings import around
from publisher.kit.ids import parcel_key
from publisher.models import (
    Circular,
    Delivery,
    Entry,
    Event,
    KeyMessage,
    Occurrence,
    Outlet,
    PlacementState,
    Rendition,
    WorkItem,
)
from publisher.models.adapter import Parcel
from publisher.models.content import Content
from tests.rows import ENTRY, WHEN, open_doors, rows

pytestmark = pytest.mark.django_db
#: a word that is in everything that has not gone out, and in no file that we ship
SECRET = "Zanzibar"


def rendition(title: str, *, form: str = "page") -> Rendition:
    """Keep words of a form that say their title."""
    html = f"<html><body><main><article><h1>{title}</h1></article></main></body></html>"
    parts = {"title": title, "summary": f"{title}, in short", "html": html}
    content = Content(form=form, language="en", direction="ltr", parts=parts)
    return Rendition.objects.create(
        sha256=content.sha256, form=form, language="en", content=content.to_json(), made_at=WHEN
    )


def under_embargo(made):
    """Put what nobody may see yet everywhere that a site is made of."""
    said = {"title": {"en": SECRET}, "summary": {"en": SECRET}, "slug": SECRET.lower()}
    Entry.objects.create(slug=SECRET.lower(), spec={**ENTRY, **said}, first_applied_at=WHEN)
    planned = {"entry": SECRET.lower(), "state": PlacementState.PLANNED, "started_at": None}
    made.placement("iso-website", rendition=rendition(SECRET), **planned)
    made.placement("iso-circular", rendition=rendition(SECRET, form="circular"), **planned)
    Circular.objects.create(
        organisation=made.organisations["iso"],
        year=2027,
        number=9,
        occurrence=Occurrence.objects.get(entry__slug=SECRET.lower()),
        dated=WHEN.date(),
    )
    message = {"slug": "secret", "name": {"en": SECRET}, "text": {"en": SECRET}}
    KeyMessage.objects.create(slug="secret", spec=message)
    WorkItem.objects.create(
        organisation=made.organisations["iso"],
        identifier=SECRET,
        work=SECRET,
        title=SECRET,
        source="file",
        first_seen_at=WHEN,
        changed_at=WHEN,
    )
    event("secret", SECRET, "CLASS:PRIVATE")


def event(slug: str, summary: str, more: str = "CLASS:PUBLIC") -> None:
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", f"UID:{slug}"),
        *("DTSTAMP:20270101T000000Z", "DTSTART;VALUE=DATE:20270401", f"SUMMARY:{summary}"),
        *(more, "END:VEVENT", "END:VCALENDAR", ""),
    ]
    spec = {"slug": slug, "uid": slug, "summary": summary, "ics": "\r\n".join(lines)}
    Event.objects.create(slug=slug, spec=spec)


def hand_over(placement) -> None:
    made = consignment(placement)
    parcel = Parcel(delivery=1, key=parcel_key(made.key, 0))

    async def windows():
        yield [parcel]

    reported = []
    service = registry.adapter(made.outlet.adapter)
    asyncio.run(service.hand_over(made, windows(), reported.append))
    assert [one.answer for one in reported] == [""]


@pytest.mark.slow
def test_what_is_not_out_is_nowhere_on_a_site(settings_data: Path):
    """Not in a page, a list, the search, a feed, the site map, a picture's or a file's name."""
    made = rows()
    under_embargo(made)
    event("open", "Open day")
    hand_over(made.placement("iso-website", rendition=rendition("Working together")))

    files = [path for path in settings_data.rglob("*") if path.is_file()]
    wanted = [needle.encode() for needle in (SECRET, SECRET.lower(), SECRET.upper(), "2027/9")]
    leaks = [
        (path, needle)
        for path in files
        for needle in wanted
        if needle in path.read_bytes() or needle in str(path.relative_to(settings_data)).encode()
    ]

    said = b"".join(path.read_bytes() for path in files)
    assert leaks == []
    assert b"Working together" in said
    assert b"Open day" in said


def test_a_site_is_made_again_when_what_is_around_its_pages_changes(settings_data: Path):
    """An event that was planned since stands on it; nothing of the page or the ledger changes."""
    made = rows()
    placement = made.placement("iso-website", rendition=rendition("Working together"), accepted=1)
    hand_over(placement)
    page = settings_data / "site/iso/en/statement/index.html"
    before = page.read_bytes()
    event("open", "Open day")

    done = async_to_sync(refresh_sites)()

    events = (settings_data / "site/iso/en/events/index.html").read_text()
    assert [(one.outlet, one.problem) for one in done] == [("iso-website", "")]
    assert "Open day" in events
    assert "/propose/" not in "".join(one.read_text() for one in page.parents[2].rglob("*.html"))
    assert page.read_bytes() == before
    assert not Delivery.objects.exists()


def test_circulars_and_the_landscape_are_there_once_they_are_out():
    """With the title that was approved, whatever the plan says by now."""
    made = rows()
    under_embargo(made)
    iso, iec = made.organisations["iso"], made.organisations["iec"]
    words, url = rendition("A new group", form="circular"), "https://news.example.org/1.pdf"
    made.circular(rendition=words, url=url)
    Entry.objects.filter(slug="statement").update(spec={**ENTRY, "title": {"en": SECRET}})
    now = WHEN + timedelta(days=1)

    (circular,) = around(iso, now=now)["circulars"]
    before = around(iso, now=now)["landscape"]
    made.channels["feed"].spec["form"] = "landscape"
    made.channels["feed"].save()
    made.placement("iso-feed", rendition=rendition("The map", form="landscape"), url=url)
    after = around(iso, now=now)["landscape"]

    assert (circular["number"], circular["title"]) == ("ISO 2027/1", {"en": "A new group"})
    assert around(iec, now=now)["circulars"] == []
    assert (before["documents"], before["items"]) == ([], [])
    assert [one["title"] for one in after["documents"]] == ["The map"]
    assert [one["identifier"] for one in after["items"]] == [SECRET]


@pytest.fixture
def settings_data(tmp_path: Path, monkeypatch) -> Path:
    """Let what is published go into a folder of the test's own."""
    from publisher.settings import settings

    monkeypatch.setattr(type(settings()), "data_folder", tmp_path / "data")
    return tmp_path / "data"


def test_a_site_leads_to_the_forms_that_stand_open(settings_data: Path):
    """To its own organisation's form for new work, and to the one where others offer."""
    made = rows()
    open_doors(made)
    Outlet.objects.filter(slug="iec-new-work").update(retired_at=WHEN)
    hand_over(made.placement("iso-website", rendition=rendition("Working together"), accepted=1))

    for name in ("", "landscape/", "about/"):
        page = (settings_data / f"site/iso/en/{name}index.html").read_text()
        assert "/propose/iso/?lang=en" in page, name
        assert "/intake/?lang=en" in page, name
    assert doors("iec") == {"propose": False, "intake": True}
