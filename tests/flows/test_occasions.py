"""Who registered for a webinar gets a seat or waits, and hears of it, and nobody else does."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from asgiref.sync import async_to_sync
from icalendar import Calendar
from procrastinate.contrib.django.models import ProcrastinateJob

from publisher.flows.export_readers import about
from publisher.flows.forget import forget
from publisher.flows.hand_over import hand_over
from publisher.flows.leave import leave
from publisher.flows.occasions import find, free, note_changes
from publisher.flows.prepare import prepare
from publisher.flows.registrations import (
    ask,
    attend,
    cancel,
    confirm,
    move_all_up,
    of_reader,
    take,
)
from publisher.flows.seat_letters import send_seat_letter
from publisher.flows.subscribe import forget_unconfirmed
from publisher.kit.signing import address_hash
from publisher.models import (
    Channel,
    Consent,
    Delivery,
    DeliveryState,
    Occasion,
    Occurrence,
    Organisation,
    Placement,
    Reader,
    Registration,
    Seat,
    Suppression,
)
from publisher.models.errors import Refused
from publisher.settings import settings
from tests.occasions import NOW, STARTS, keep, started, webinar_plan, wish
from tests.unit.schedule.specs import entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(db) -> None:
    keep(webinar_plan())


def reader(name: str) -> Reader:
    return Reader.objects.create(address=f"{name}@example.org", created_at=NOW)


def seated(*names: str) -> list[str]:
    """Let readers take a seat one after the other; give where each stands."""
    return [
        take(reader(name), wish(), now=NOW + timedelta(minutes=number)).state
        for number, name in enumerate(names)
    ]


def states() -> dict[str, str]:
    rows = Registration.objects.select_related("reader")
    return {row.reader.address.partition("@")[0]: row.state for row in rows}


def letters() -> list[str]:
    jobs = ProcrastinateJob.objects.filter(task_name="seat_letter").order_by("id")
    return [job.args["what"] for job in jobs]


def ledger(placement: Placement) -> dict[str, str]:
    return {
        row.address.partition("@")[0]: row.answer or DeliveryState(row.state).label
        for row in Delivery.objects.filter(placement=placement)
    }


def test_a_seat_is_asked_for_and_taken_when_the_link_is_pressed(made):
    """Nothing is counted before, and what was agreed to is kept as it was shown."""
    ask(wish(), "ana@example.org", "fr", now=NOW)

    held = find("look-first", now=NOW)
    row = Registration.objects.get()
    assert (row.state, row.wording, free(held, held.dates[0])) == (Seat.ASKED, "I agree.", 2)
    confirm(row.reader_id, NOW, now=NOW)
    confirm(row.reader_id, NOW, now=NOW)
    assert (states(), free(held, held.dates[0])) == ({"ana": "registered"}, 1)
    assert letters() == ["confirm", "registered"]
    assert Reader.objects.get().language == "fr"


def test_who_asks_again_is_told_of_the_seat_it_has(made):
    """A second request neither takes a second seat nor loses the first."""
    seated("ana")
    ask(wish(), "Ana@example.org", "en", now=NOW)

    assert states() == {"ana": "registered"}
    assert letters() == ["registered", "registered"]


def test_a_suppressed_address_is_neither_kept_nor_written_to(made):
    """And whoever asked for it learns nothing."""
    Suppression.objects.create(address_hash=address_hash("ana@example.org"), reason="x", at=NOW)
    ask(wish(), "ana@example.org", "en", now=NOW)

    assert (Registration.objects.count(), Reader.objects.count(), letters()) == (0, 0, [])


def test_what_is_never_confirmed_is_erased(made):
    """With the reader, if nothing else is known of it."""
    ask(wish(), "ana@example.org", "en", now=NOW)
    forget_unconfirmed(now=NOW + timedelta(days=8))

    assert (Registration.objects.count(), Reader.objects.count()) == (0, 0)


def test_who_comes_late_waits_and_moves_up_in_order(made):
    """A seat given back goes to who waits longest, who is told; the plan's new seats do, too."""
    assert seated("a", "b", "c", "d", "e") == ["registered", "registered", *["waiting"] * 3]

    ana = Reader.objects.get(address="a@example.org")
    cancel(ana.pk, find("look-first", now=NOW), "look-first", now=NOW)
    cancel(ana.pk, find("look-first", now=NOW), "look-first", now=NOW)
    assert states() == {
        "a": "cancelled", "b": "registered", "c": "registered", "d": "waiting", "e": "waiting",
    }  # fmt: skip
    assert letters()[-1] == "moved_up"

    keep(webinar_plan(capacity=4))
    assert move_all_up(now=NOW) == 2
    assert set(states().values()) == {"registered", "cancelled"}
    assert move_all_up(now=NOW) == 0


def test_a_seat_is_told_of_and_given_on_when_its_reader_is_erased(made):
    """To who may know of it; nothing of it stays, and who waits longest moves up."""
    seated("a", "b", "c")

    [told] = about("a@example.org")["registrations"]
    assert (told["entry"], told["state"], told["wording"]) == (
        "look-first", "registered", "I agree.",
    )  # fmt: skip
    forget("a@example.org", now=NOW)
    assert states() == {"b": "registered", "c": "registered"}
    assert letters()[-1] == "moved_up"


def test_nobody_moves_up_once_it_has_begun(made):
    """It would be told of a seat it cannot take any more."""
    seated("a", "b", "c")
    ana = Reader.objects.get(address="a@example.org")

    cancel(ana.pk, find("look-first", now=STARTS), "look-first", now=STARTS)
    assert states()["c"] == "waiting"


def test_registration_ends_when_the_plan_says(made):
    """An hour before it begins."""
    with pytest.raises(Refused, match="has ended"):
        take(reader("late"), wish(), now=STARTS - timedelta(minutes=59))


def test_a_reminder_goes_to_those_who_have_a_seat(made):
    """By their registration: no consent is asked for, and a consent alone is not enough."""
    seated("a", "b", "c")
    other = reader("other")
    Consent.objects.create(
        reader=other, organisation=Organisation.objects.get(), channel=Channel.objects.get(),
        given_at=NOW, confirmed_at=NOW, source="paper", wording="I agree.",
    )  # fmt: skip

    due = Occurrence.objects.get(entry__slug="reminder")
    placement = started("reminder")

    assert due.due_at == STARTS - timedelta(days=1)
    assert ledger(placement) == {"a": "queued", "b": "queued"}
    assert ledger(started("look-first")) == {
        "a": "There is no consent to this from ISO.",
        "b": "There is no consent to this from ISO.",
        "c": "There is no consent to this from ISO.",
        "other": "queued",
    }


@pytest.mark.django_db(transaction=True)
def test_who_gives_its_seat_back_at_the_last_moment_gets_no_reminder():
    """It is looked at once more when each mail is handed over; the others get theirs."""
    keep(webinar_plan())
    seated("a", "b")
    placement = started("reminder")
    ana = Reader.objects.get(address="a@example.org")
    cancel(ana.pk, find("look-first", now=NOW), "look-first", now=NOW)
    async_to_sync(hand_over)(placement.pk)

    outcome = ledger(placement)
    assert outcome["b"] == "accepted"
    assert outcome["a"] != "accepted"
    text = captured(f"{placement.key}.{Reader.objects.get(address='b@example.org').pk}")
    assert "/events/seat/" in text
    assert "text/calendar" not in text


def captured(key: str) -> str:
    box = settings().data_folder / "capture" / "mailbox" / "new"
    return message_from_bytes((box / key).read_bytes(), policy=policy.default).as_string()


def test_leaving_a_reminder_keeps_the_seat_and_ends_the_mails(made):
    """One click on “unsubscribe” in a mail program does not give a seat away."""
    seated("a", "b")
    ana = Reader.objects.get(address="a@example.org")
    leave(ana.pk, Placement.objects.get(occurrence__entry__slug="reminder").key, now=NOW,
          how="one-click")  # fmt: skip

    assert states()["a"] == "registered"
    assert ledger(started("reminder")) == {"b": "queued"}


def test_who_came_and_who_did_not_are_written_to_apart(made):
    """From a list of addresses; one that had no seat is counted and makes no row."""
    seated("a", "b", "c")
    held = find("look-first", now=NOW)
    done = attend(held, held.dates[0], ["A@example.org", "stranger@example.org"], now=STARTS)

    assert (done.attended, done.absent, done.unknown) == (1, 1, 1)
    assert ledger(started("attended")) == {"a": "queued"}
    assert ledger(started("absent")) == {"b": "queued"}
    ends = STARTS + timedelta(hours=1)
    assert Occurrence.objects.get(entry__slug="attended").due_at == ends + timedelta(hours=2)


def test_a_move_and_a_cancellation_count_up_and_take_what_hangs_on_it_along(made):
    """The UID stays; an invitation again goes out under the same name, with the new times."""
    again = entry("moved", invites_to="look-first", when="2027-03-02 09:00")
    first = calendar("look-first")
    keep(webinar_plan(again, starts="2027-03-15T14:00"))
    second = calendar("moved")
    assert Occurrence.objects.get(entry__slug="reminder").due_at == STARTS + timedelta(days=2)
    keep(webinar_plan(again, starts="2027-03-15T14:00", cancelled=True))
    third = calendar("moved")
    keep(webinar_plan(again, starts="2027-03-15T14:00", cancelled=True, capacity=9))

    events = [found.walk("VEVENT")[0] for found in (first, second, third, calendar("moved"))]
    assert len({str(event["UID"]) for event in events}) == 1
    start = events[0]["SEQUENCE"]
    assert [event["SEQUENCE"] - start for event in events] == [0, 1, 2, 2]
    assert [str(found["METHOD"]) for found in (first, second, third)] == [
        "REQUEST", "REQUEST", "CANCEL",
    ]  # fmt: skip
    # What is cancelled takes place nowhere, so that nothing reminds of it.
    assert not Occurrence.objects.filter(entry__slug="reminder").exists()


def test_a_database_made_anew_does_not_number_invitations_from_the_start(made):
    """Calendars leave a change unread whose SEQUENCE they have seen, and ours was lost."""
    keep(webinar_plan(starts="2027-03-15T14:00"))
    sent = calendar("look-first").walk("VEVENT")[0]["SEQUENCE"]
    Occasion.objects.all().delete()

    note_changes(now=NOW + timedelta(hours=1))

    assert Occasion.objects.get(entry__slug="look-first").sequence > sent


def calendar(slug: str) -> Calendar:
    placement = Placement.objects.get(occurrence__entry__slug=slug)
    assert prepare([placement], now=NOW) == []
    placement.refresh_from_db()
    return Calendar.from_ical(placement.rendition.content["parts"]["calendar"])


def test_each_date_of_a_series_has_seats_and_a_reminder_of_its_own():
    """Over the change of clocks it stays at two in the afternoon."""
    keep(webinar_plan(repeat="FREQ=WEEKLY;COUNT=4", skip=["2027-03-19"], capacity=1))
    held = find("look-first", now=NOW)
    for number, name in enumerate(("a", "b")):
        take(reader(name), wish(date=number), now=NOW)

    assert [f"{date.starts:%m-%d %H:%M}" for date in held.dates] == [
        "03-12 13:00", "03-26 13:00", "04-02 12:00",
    ]  # fmt: skip
    assert states() == {"a": "registered", "b": "registered"}
    due = Occurrence.objects.filter(entry__slug="reminder").order_by("due_at")
    assert [one.key for one in due] == [date.key for date in held.dates]
    assert len(of_reader(Reader.objects.get(address="b@example.org").pk, held)) == 1


@pytest.mark.parametrize("what", ["confirm", "registered", "waiting", "moved_up"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_mail_about_a_seat_has_one_link_and_says_when(made, what, language):
    """To the page that confirms, or to the reader's own."""
    started("look-first")
    row = take(reader("ana"), wish(), now=NOW)
    Reader.objects.update(language=language)

    key = async_to_sync(send_seat_letter)(row.pk, what)

    box = settings().data_folder / "capture" / "mailbox" / "new"
    mail = message_from_bytes((box / key).read_bytes(), policy=policy.default)
    text = mail.get_body(("plain",)).get_content()
    assert mail["Content-Language"] == language
    assert ("/events/confirm/" if what == "confirm" else "/events/look-first/seat/") in text
    assert "2027-03-12 14:00" in text
