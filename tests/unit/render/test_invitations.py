"""An invitation is one that calendars accept, and moves and is called off in their own words."""

import subprocess
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from icalendar import Calendar

from publisher.adapters.mail.message import Mailing, message
from publisher.flows.materials.occasion import SAMPLE
from publisher.models.adapter import Parcel
from publisher.models.specs import OccasionSpec
from publisher.render.rendition import check, fill, render
from tests.adapters.consignments import consignment
from tests.unit.render.cells import SHIPPED, SITE, VALUES, cell

LONG = "a.reader.whose.local.part.is.as.long.as.one.may.be.and.has+a-tag@a-long-name.example.org"
OCCASION = {"starts": "2027-03-12T14:00", "lasts": "1 hour", "place": "Geneva"}


def content(form="webinar", language="en", **said):
    """Render an invitation; `said` changes its occasion."""
    material = {"occasion": SAMPLE | said}
    return render(
        cell(form, language=language, material=material, occasion=OCCASION), SHIPPED, site_url=SITE
    )


def goods_of(found):
    """Give a consignment of an invitation."""
    goods = consignment("newsletter", Path("nowhere"))
    return replace(goods, content=found, values={}, fill=lambda values: fill(found, values))


def mailed(found, address="anna@example.org"):
    """Give an invitation as the mail one reader gets, in bytes."""
    goods = goods_of(found)
    values = VALUES | {"reader.address": address}
    return message(goods, Parcel(delivery=1, key="k.1", address=address, values=values))


def invited(raw):
    """Give the calendar's part of a mail with its headers, and the file that goes with it."""
    mail = message_from_bytes(raw, policy=policy.default)
    parts = {part.get_content_type(): part for part in mail.walk()}
    return parts["text/calendar"], parts["application/ics"]


@pytest.mark.parametrize("form", ["webinar", "workshop"])
@pytest.mark.parametrize("address", ["anna@example.org", LONG, "ānna@exāmple.org"])
def test_the_part_is_what_calendars_ask_for(form, address):
    """METHOD in the type and the body, one VEVENT, whole lines of 75 octets at most, CRLF."""
    part, file = invited(mailed(content(form), address))

    raw = part.get_payload(decode=True)
    assert part.get_param("method") == "REQUEST"
    assert part.get_content_charset() == "utf-8"
    assert file.get_payload(decode=True) == raw
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    found = Calendar.from_ical(raw)
    (event,) = found.walk("VEVENT")
    assert found["METHOD"] == "REQUEST"
    assert event["ATTENDEE"].lower().startswith("mailto:")
    assert {"UID", "DTSTAMP", "SEQUENCE", "ORGANIZER", "DTSTART", "DTEND", "SUMMARY"} <= set(event)
    assert len(event["ATTENDEE"]) >= len("mailto:") + len(address)


def test_alternatives_go_from_the_plainest_to_the_calendar():
    """A program that knows calendars shows the invitation; others show the words."""
    mail = message_from_bytes(mailed(content()), policy=policy.default)

    assert mail.get_content_type() == "multipart/mixed"
    alternatives, file = mail.iter_parts()
    kinds = [part.get_content_type() for part in alternatives.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    assert file.get_filename() == "invite.ics"


def test_a_move_keeps_the_uid_and_counts_up_and_a_cancellation_says_so():
    """RFC 5546: the same event, with a higher SEQUENCE; CANCEL where it does not take place."""
    first, moved, gone = (
        Calendar.from_ical(invited(mailed(content(**said)))[0].get_payload(decode=True))
        for said in (
            {},
            {"sequence": 1, "starts": "2027-03-13T15:00:00"},
            {"sequence": 2, "cancelled": True},
        )
    )

    events = [found.walk("VEVENT")[0] for found in (first, moved, gone)]
    assert len({event["UID"] for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [found["METHOD"] for found in (first, moved, gone)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert events[2]["STATUS"] == "CANCELLED"


def test_a_series_over_a_change_of_clocks_keeps_its_wall_time():
    """14:00 in Zurich is 13:00 UTC before the last Sunday of March, and 12:00 after it."""
    found = content(starts="2027-03-22T14:00:00", repeat="FREQ=WEEKLY;COUNT=2")
    raw = invited(mailed(found))[0].get_payload(decode=True)

    read = Calendar.from_ical(raw)
    (zone,) = read.walk("VTIMEZONE")
    assert {part.name for part in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}
    assert read.walk("VEVENT")[0]["RRULE"].to_ical() == b"FREQ=WEEKLY;COUNT=2"


def test_khal_reads_it(tmp_path):
    """A calendar that people use takes it in."""
    file = tmp_path / "invite.ics"
    file.write_bytes(
        invited(mailed(content("workshop", place="Geneva, room A")))[0].get_payload(decode=True)
    )

    config = tmp_path / "config"
    config.write_text(
        "[calendars]\n[[mine]]\npath = /nonexistent\ntype = calendar\n"
        "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\n"
    )
    shown = _khal(
        "--config",
        str(config),
        "printics",
        "--format",
        "{start-long} {end} {title} @ {location}",
        str(file),
    )

    assert "2027" in shown
    assert "A webinar @ Geneva, room A" in shown


def _khal(*words):
    try:
        done = subprocess.run(["khal", *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("khal is not installed")
    return done.stdout + done.stderr


def test_the_same_frozen_words_give_the_same_bytes():
    """And who has nobody's address sees the same words filled in full."""
    found = content()

    assert mailed(found) == mailed(content())
    assert "mailto:anna@example.org" in fill(found, VALUES)["calendar"]


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_the_mail_says_when_where_and_how_to_register(language, direction):
    """In each language, for those whose program knows no calendars."""
    found = content(language=language, capacity=40)
    copy = fill(found, VALUES)

    assert found.direction == direction
    for part in ("html", "text"):
        assert f"{SITE}/events/seat/t" in copy[part]
        assert "14:00–15:00" in copy[part]
        assert "40" in copy[part]


def test_what_follows_an_occasion_carries_no_invitation():
    """Nobody is asked to come to what is over."""
    found = content(invites=False, over=True, audience="attended")

    assert "calendar" not in found.parts
    assert "/events/seat/" not in fill(found, VALUES)["html"]


def test_an_entry_without_an_occasion_is_named():
    """A webinar has a time and a place."""
    made = cell("webinar", material={"occasion": None})

    (problem,) = check(made, render(made, SHIPPED, site_url=SITE))
    assert "needs an occasion" in str(problem)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"capacity": 0}, "greater than or equal to 1"),
        ({"lasts": "0 minutes"}, "ends when it starts"),
        ({"lasts": "-1 hour"}, "is not a duration"),
        ({"starts": "2027-03-12T14:00+01:00"}, "wall time"),
        ({"repeat": "FREQ=HOURLY"}, "FREQ=DAILY"),
        ({"skip": ["2027-03-12"]}, "nothing says repeat"),
        ({"place": {}}, "where it is"),
    ],
)
def test_an_occasion_that_makes_no_sense_is_refused(wrong, sentence):
    """Nothing is guessed."""
    with pytest.raises(ValueError, match=sentence):
        OccasionSpec.model_validate(OCCASION | wrong)


def test_a_mailing_is_built_once():
    """A reader's calendar differs in the attendee alone."""
    goods = goods_of(content())
    made = Mailing(goods)
    one, two = (
        made.to(
            Parcel(delivery=1, key="k.1", address=name, values=VALUES | {"reader.address": name})
        )
        for name in ("a@example.org", "b@example.org")
    )

    assert invited(one)[0].get_payload(decode=True) == invited(two)[0].get_payload(
        decode=True
    ).replace(b"b@example.org", b"a@example.org")
