"""The calendar at the desk: what comes when, and moving it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from publisher.flows.approve import approve
from publisher.flows.launch import launch
from publisher.kit import clock
from publisher.models import CalendarFeed, Entry, Occurrence, Placement
from publisher.models.specs import EventSpec
from tests.desk.people import desk_of, everywhere, person
from tests.flows.stored import entry, joint_plan, store

pytestmark = pytest.mark.django_db
PLENARY = EventSpec(
    slug="plenary",
    uid="plenary@example.org",
    summary="Plenary meeting",
    ics="""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//example//EN\r
BEGIN:VEVENT\r
UID:plenary@example.org\r
DTSTAMP:20260101T000000Z\r
DTSTART;TZID=Europe/Zurich:20270415T090000\r
DTEND;TZID=Europe/Zurich:20270416T170000\r
SUMMARY:Plenary meeting\r
END:VEVENT\r
END:VCALENDAR\r
""",
)


@pytest.fixture(autouse=True)
def _on_the_eve(monkeypatch):
    """The desk's clock shows the day before all this."""
    now = datetime(2027, 3, 12, 8, 0, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def desk():
    """The desk of who may edit for all whose outlets the entries go through."""
    return lambda: desk_of(everywhere("ana", "publisher"))


def shown(desk, query="month=2027-03"):
    return desk.get(f"/desk/calendar/?{query}").content.decode()


def moved(desk, page, **said):
    """Do what the page of a move offers."""
    hidden = dict(
        re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.split("follows")[-1])
    )
    hidden.pop("csrfmiddlewaretoken", None)
    return hidden | said


def address_of(slug="statement"):
    row = Occurrence.objects.filter(entry__slug=slug).first()
    return f"/desk/calendar/move/{slug}/{row.key}/"


def test_a_month_shows_entries_events_and_today(desk):
    """In the viewer's zone and the entry's; weeks begin as where the language is spoken."""
    far = entry("far", when="2027-03-20 09:00", zone="Asia/Tokyo", title="From afar")
    store(joint_plan(entry(when="2027-03-29 10:00"), far, events=[PLENARY]))
    ana = desk()

    page = shown(ana)

    assert 'aria-current="date"' in page
    assert re.search(r"<time>10:00</time> <bdi>statement", page)
    assert "09:00 Asia/Tokyo" in page
    assert "Plenary meeting" in shown(ana, "month=2027-04")
    assert page.index(">Monday<") < page.index(">Sunday<")
    arabic = shown(ana, "month=2027-03&lang=ar")
    assert 'dir="rtl"' in arabic
    assert re.search(r'<th scope="col">السبت', arabic)


@pytest.mark.parametrize("view", ["month", "week", "list", "day"])
def test_each_view_can_be_narrowed_and_linked(desk, view):
    """What the address does not ask for is left out; nonsense is taken for nothing."""
    store(joint_plan(entry(when="2027-03-29 10:00")))
    ana = desk()
    day = f"view={view}&day=2027-03-29&month=2027-03"

    assert ">statement<" in shown(ana, f"{day}&organisation=iso&channel=news&state=planned")
    assert ">statement<" not in shown(ana, f"{day}&organisation=nobody")
    assert ">statement<" not in shown(ana, f"{day}&state=finished")
    wrong = ana.get(f"/desk/calendar/?view=x&day=9999-99-99&month=9&audience=%22{day}")
    assert wrong.status_code == 200


def test_a_page_asks_as_often_for_a_hundred_entries_as_for_one(desk):
    """No statement is made for each of them."""
    store(joint_plan(entry("e0", when="2027-03-29 10:00"), form="newsletter"))
    ana = desk()
    numbers = []
    for _ in range(2):
        shown(ana)  # what is read once for a while is read
        with CaptureQueriesContext(connection) as asked:
            shown(ana)
        numbers.append(len(asked))
        many = [entry(f"e{at}", when=f"2027-03-{at % 28 + 1:02} 10:00") for at in range(100)]
        store(joint_plan(*many, form="newsletter"))

    assert numbers[0] == numbers[1]


def test_the_same_readers_too_often_is_said(desk):
    """Three mails in a day, on the day and below."""
    many = [entry(f"e{at}", when=f"2027-03-29 1{at}:00") for at in range(3)]
    plan = joint_plan(*many, form="newsletter")
    news = plan.channels["news"].model_copy(update={"asks_consent": True})
    store(type(plan)(**vars(plan) | {"channels": {"news": news}}))

    page = shown(desk())

    assert "Clashes: 1" in page
    assert "members: addressed 3 times in a day (e0; e1; e2)." in page


def test_a_move_across_summer_time_keeps_the_wall_time_and_the_yes(desk):
    """Ten o'clock stays ten o'clock, and words that do not name the day keep their approval."""
    store(joint_plan(entry(when="2027-03-26 10:00")))
    ana = desk()
    approve(entry="statement", organisation="iso", person="ana", now=clock.now())
    before = Occurrence.objects.get().due_at

    page = ana.get(f"{address_of()}?by=3").content.decode()
    assert "it stays 10:00 on the wall" in page
    assert "Texts that keep their yes: 1" in page
    assert "lost" not in page
    answer = ana.post(address_of(), moved(ana, page))

    assert answer.status_code == 302
    row = Occurrence.objects.get()
    assert row.due_at - before == timedelta(days=3, hours=-1)
    assert row.at_local.hour == 10
    assert row.placements.filter(approvals__isnull=False).exists()


def test_words_that_name_the_day_lose_their_yes(desk):
    """And the page says so before."""
    said = entry(
        when="2027-03-26 10:00",
        words=[{"language": "en", "words": "On {{ entry.at | date }}, we meet."}],
    )
    store(joint_plan(said))
    approve(entry="statement", organisation="iso", person="ana", now=clock.now())

    page = desk().get(f"{address_of()}?by=3").content.decode()

    assert "its words name the date. Yes of: ISO" in page


def test_quiet_days_are_said(desk):
    """With the moment at which the outlet speaks again."""
    store(joint_plan(entry(when="2027-03-26 10:00"), quiet={"days": ["sat", "sun"]}))

    page = desk().get(f"{address_of()}?by=1").content.decode()

    assert "iso-news is silent then; it goes out there on 29 March 2027, 00:00" in page


def test_one_time_of_a_series_becomes_an_entry_of_its_own(desk):
    """The series skips that day; its other times stay."""
    store(joint_plan(entry(when="2027-03-15 10:00", repeat="FREQ=WEEKLY;COUNT=3")))
    ana = desk()

    page = ana.get(f"{address_of()}?by=1&way=once").content.decode()
    assert ana.post(address_of(), moved(ana, page)).status_code == 302

    days = Occurrence.objects.order_by("due_at").values_list("entry__slug", "at_local__day")
    assert [*days] == [("statement-2027-03-16", 16), ("statement", 22), ("statement", 29)]


def test_a_whole_series_moves_if_its_rule_lets_it(desk):
    """A rule that names the days itself says so."""
    named = entry("named", when="2027-03-15 10:00", repeat="FREQ=WEEKLY;BYDAY=MO;COUNT=3")
    store(joint_plan(entry(when="2027-03-15 10:00", repeat="FREQ=WEEKLY;COUNT=3"), named))
    ana = desk()

    page = ana.get(f"{address_of()}?by=1&way=series").content.decode()
    assert "Its other times move as well: 2" in page
    ana.post(address_of(), moved(ana, page))
    days = Occurrence.objects.filter(entry__slug="statement").values_list(
        "at_local__day", flat=True
    )
    assert sorted(days) == [16, 23, 30]

    page = ana.get(f"{address_of('named')}?by=1&way=series").content.decode()
    assert "Its rule says on which days it comes" in page


def test_what_hangs_on_an_event_keeps_following_or_not(desk):
    """Another distance, or a date of its own."""
    hung = entry(when={"event": "plenary", "before": "2 days", "at": "10:00"})
    store(joint_plan(hung, events=[PLENARY]))
    ana = desk()

    page = ana.get(f"{address_of()}?by=-3").content.decode()
    assert "“2 days before plenary” now, and then on “5 days before plenary”" in page
    ana.post(address_of(), moved(ana, page))
    assert Entry.objects.get().said.when.before == "5 days"
    assert Occurrence.objects.get().at_local.day == 10

    page = ana.get(f"{address_of()}?by=9&way=detach").content.decode()
    ana.post(address_of(), moved(ana, page))
    assert str(Entry.objects.get().said.when) == "2027-04-19 10:00"


def test_what_waits_for_the_launch_can_be_given_a_day(desk):
    """And after the launch, another distance from it."""
    store(
        joint_plan(entry(when="launch + 9 days at 10:00"), entry("first", when="launch + 8 days"))
    )
    ana = desk()
    assert "Waiting for the launch: 2" in shown(ana)

    page = ana.get(f"{address_of('first')}?to=2027-04-01&time=11:00").content.decode()
    ana.post(address_of("first"), moved(ana, page))
    assert str(Entry.objects.get(slug="first").said.when) == "2027-04-01 11:00"

    launch(now=clock.now())
    page = ana.get(f"{address_of()}?by=2").content.decode()
    ana.post(address_of(), moved(ana, page))
    assert str(Entry.objects.get(slug="statement").said.when) == "launch + 11 days at 10:00"
    page = ana.get(f"{address_of()}?to=2027-03-01&time=11:00").content.decode()
    assert "before the launch" in page


def test_what_cannot_be_done_is_refused_with_its_reason(desk):
    """The past, what started, what changed meanwhile, and what is another's."""
    store(joint_plan(entry(when="2027-03-26 10:00", speaks_for=["iso"])))
    ana = desk()
    here = address_of()
    page = ana.get(f"{here}?by=1").content.decode()
    asked = moved(ana, page)

    assert "That moment has passed" in ana.get(f"{here}?by=-20").content.decode()
    assert ana.post(here, asked | {"to": "2027-03-01"}).status_code == 422
    assert "changed it since" in ana.post(here, asked | {"seen": "x"}).content.decode()
    assert ana.get("/desk/calendar/move/statement/nothing/").status_code == 404
    assert desk_of(person("bea", "editor", "iec")).post(here, asked).status_code == 403
    assert desk_of(person("vic", "viewer", "iso")).get(here).status_code == 403
    store(joint_plan(entry(when="2027-03-26 10:00")))
    cyn = desk_of(person("cyn", "publisher", "iso"))
    shown = cyn.get(f"{here}?by=1").content.decode()
    assert "goes out through another’s outlets" in shown
    assert "Move it" not in shown
    assert cyn.post(here, asked).status_code == 422
    store(joint_plan(entry(when="2027-03-26 10:00", speaks_for=["iso"])))
    Placement.objects.update(state="sending")
    assert "what started cannot be moved" in ana.get(f"{here}?by=1").content.decode()
    assert ana.post(here, asked | {"back": "https://example.org/"}).status_code == 422


def test_a_spreadsheet_runs_nothing(desk):
    """A title that begins like a formula stays words."""
    store(joint_plan(entry(when="2027-03-26 10:00", title="=cmd()")))

    text = desk().get("/desk/calendar/entries.csv?month=2027-03").content.decode("utf-8-sig")

    assert "statement,'=cmd(),members,news" in text


def test_a_private_calendar_is_read_by_its_token_until_it_is_taken_back(desk):
    """The token is shown once and kept as a hash; nobody else's can be taken back."""
    store(joint_plan(entry(when="2027-03-26 10:00"), entry("other", when="launch")))
    ana = desk()
    page = ana.post("/desk/calendar/feeds/make", {"name": "Telephone", "organisation": "iso"})
    token = re.search(r"/desk/calendar/feed/([\w-]+)\.ics", page.content.decode())[1]
    anybody = desk_of(person("nobody"))
    feed = f"/desk/calendar/feed/{token}.ics"

    read = Calendar.from_ical(anybody.get(feed).content)
    assert [str(one["SUMMARY"]) for one in read.walk("VEVENT")] == ["statement"]
    row = CalendarFeed.objects.get()
    assert token not in str(vars(row))
    assert "Telephone" in ana.get("/desk/calendar/feeds/").content.decode()

    revoke = f"/desk/calendar/feeds/{row.pk}/revoke"
    assert desk_of(person("bea", "editor", "iec")).post(revoke).status_code == 404
    assert ana.post(revoke).status_code == 302
    assert anybody.get(feed).status_code == 404


def test_who_lost_its_roles_has_no_calendar_either(desk):
    """The address reads what its person may read now."""
    store(joint_plan(entry(when="2027-03-26 10:00")))
    page = desk().post("/desk/calendar/feeds/make", {"name": ""}).content.decode()
    feed = re.search(r"/desk/calendar/feed/[\w-]+\.ics", page)[0]
    person("ana").roles.all().delete()

    assert desk_of(person("nobody")).get(feed).status_code == 404


def test_an_entry_begins_on_a_day(desk):
    """With the words of its key messages, and without what would leave it unheard."""
    store(joint_plan())
    ana = desk_of(person("ana", "publisher", "iso"))
    form = ana.get("/desk/calendar/new/?day=2027-03-30").content.decode()
    assert 'value="2027-03-30"' in form
    said = {"title": "Réunion d’été", "day": "2027-03-30", "time": "09:30", "language": "en"}
    said |= {"audience": "members", "message": "together", "speaks_for": "iso"}

    assert ana.post("/desk/calendar/new/", said).status_code == 302

    made = Entry.objects.get()
    assert (made.slug, str(made.said.when)) == ("reunion-dete", "2027-03-30 09:30")
    assert made.said.words[0].words == "together"
    nobody = ana.post("/desk/calendar/new/", said | {"audience": "", "title": "x"})
    assert nobody.status_code == 422
    assert ana.post("/desk/calendar/new/", said | {"speaks_for": "iec"}).status_code == 422
