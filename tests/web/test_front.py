"""The front page, the register, the calendar, and the figures."""

import json
from datetime import timedelta

import icalendar
import pytest
from django.db import connection
from prometheus_client.parser import text_string_to_metric_families

from publisher.kit import clock
from publisher.models import Event
from publisher.web.tour import near, stories
from tests.rows import WHEN

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20260101T000000Z
DTSTART:{start:%Y%m%dT%H%M%SZ}
DTEND:{start:%Y%m%dT%H%M%SZ}
SUMMARY:{uid}
CLASS:{kind}
END:VEVENT
END:VCALENDAR
"""


def test_the_tour_gathers_an_entry_by_form_outlet_and_language(made):
    """One line an outlet, however many languages; a page shown once, whatever the audiences."""
    made.placement(language="en")
    made.placement(language="fr")
    made.placement("iso-website", url="http://127.0.0.1:8000/site/iso/en/statement/")
    made.placement("iso-mastodon", url="http://127.0.0.1:8000/capture/timeline/x.0/")

    (story,) = stories("fr")

    assert story.title == "Travailler ensemble"
    assert list(story.forms) == ["newsletter", "page", "post"]
    (line,) = story.forms["newsletter"]
    assert [stop.language for stop in line.stops] == ["en", "fr"]
    assert line.captured
    assert story.forms["page"][0].stops[0].address == "/site/iso/en/statement/"
    assert story.forms["post"][0].stops[0].address == ""


def test_a_boards_papers_are_on_no_page(browser, made):
    """Neither the files nor their title, nor the news that there are some."""
    outlet = made.outlets["iso-website"]
    outlet.spec["adapter"] = "documents"
    outlet.save()
    made.placement("iso-website", url="file:///srv/documents/iso/statement/")

    assert stories("en") == []
    for page in ("/", "/calendar.ics", "/documents/iso/"):
        said = browser.get(page).content.decode()
        assert "Working together" not in said
        assert "file:" not in said


def test_what_is_planned_is_not_on_the_front_page(browser, made):
    """Nobody learns of it before its time."""
    made.placement(state="planned", started_at=None)

    assert "Working together" not in browser.get("/").content.decode()


def test_links_work_by_whatever_name_the_pages_are_asked_for():
    """Our own addresses lose their host; others keep it."""
    assert near("http://127.0.0.1:8000/site/iso/") == "/site/iso/"
    assert near("http://127.0.0.1:80000/x") == "http://127.0.0.1:80000/x"


@pytest.mark.parametrize(
    ("accept", "query", "lang", "direction"),
    [
        ("fr-CH,fr;q=0.9", "", "fr", "ltr"),
        ("fr", "?lang=ar", "ar", "rtl"),
        ("zh-CN", "", "zh", "ltr"),
        ("de", "", "en", "ltr"),
        ("fr", "?lang=xx", "fr", "ltr"),
    ],
)
def test_a_page_speaks_the_readers_language(browser, made, accept, query, lang, direction):
    """The browser's, unless another is chosen; and its links keep the choice."""
    page = browser.get(f"/archive/{query}", headers={"accept-language": accept})
    text = page.content.decode()

    assert f'<html lang="{lang}" dir="{direction}">' in text
    assert page["Content-Language"] == lang
    assert ("/subscribe/?lang=ar" in text) is (query == "?lang=ar")


def test_the_register_lists_circulars_with_their_documents(browser, made):
    """By organisation and year, each with its number."""
    made.circular(url="http://127.0.0.1:8000/circulars/iso/2027/1-en.pdf")

    text = browser.get("/circulars/").content.decode()

    assert "ISO 2027/1" in text
    assert 'href="/circulars/iso/2027/1-en.pdf"' in text


def test_the_calendar_has_what_went_out_and_what_is_to_come(browser, made):
    """With the same UIDs at each reading; nothing embargoed, private or over."""
    made.placement()
    made.placement(entry="secret", state="planned", started_at=None)
    soon, past = clock.now() + timedelta(days=30), clock.now() - timedelta(days=30)
    for uid, start, kind in (
        ("soon", soon, "PUBLIC"),
        ("past", past, "PUBLIC"),
        ("mine", soon, "PRIVATE"),
    ):
        ics = ICS.format(uid=uid, start=start, kind=kind)
        spec = {"slug": uid, "uid": uid, "summary": uid, "ics": ics}
        Event.objects.create(slug=uid, spec=spec)

    first, second = (browser.get("/calendar.ics").content for _ in range(2))

    read = icalendar.Calendar.from_ical(first)
    events = {str(event["SUMMARY"]): event for event in read.walk("VEVENT")}
    assert set(events) == {"soon", "Working together"}
    assert events["Working together"]["DTSTART"].dt == WHEN
    assert events["Working together"]["URL"].startswith("http://127.0.0.1:8000/archive/")
    assert first == second


def test_figures_come_from_the_placements_counters(browser, made):
    """So that asking for them costs nothing, however long the ledger is."""
    made.placement(accepted=3, refused=1, uncertain=2, candidates=6)
    made.placement(language="fr", state="missed", started_at=None)
    made.placement(language="ar", state="planned", started_at=None, due_at=WHEN)

    text = browser.get("/metrics").content.decode()

    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["publisher_deliveries", "accepted"] == 3
    assert found["publisher_deliveries", "uncertain"] == 2
    assert found["publisher_placements", "missed"] == 1
    assert found["publisher_placements", "cancelled"] == 0
    assert found["publisher_next_due_timestamp_seconds",] == WHEN.timestamp()
    assert found["publisher_info", "0.1.0"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "word", "status"), [("5 seconds", "beats", 200), ("5 minutes", "silent", 503)]
)
def test_a_worker_that_fell_silent_is_seen(browser, age, word, status):
    """Its heartbeat is in the database; no worker at all is no fault of the pages."""
    assert browser.get("/healthz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval)",
            [age],
        )

    answer = browser.get("/healthz")

    assert answer.status_code == status
    assert json.loads(answer.content)["worker"] == word


@pytest.mark.parametrize(
    ("age", "word", "status"),
    [(timedelta(minutes=1), "none", 200), (timedelta(minutes=10), "silent", 503)],
)
def test_a_clock_that_misses_what_is_due_is_seen(browser, made, age, word, status):
    """What is still planned long after it fell due has no clock; else none may be needed."""
    made.placement(state="planned", started_at=None, due_at=clock.now() - age)

    answer = browser.get("/healthz")

    assert (answer.status_code, json.loads(answer.content)["clock"]) == (status, word)
