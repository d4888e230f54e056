"""What landscapes and circulations are made of: gathered, compared with the last, and published."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from publisher.flows.landscape import gather_items
from publisher.flows.materials import Asked, circulation, landscape
from publisher.models import Entry, Placement, Rendition
from publisher.models.specs import LandscapeSpec
from tests.rows import rows

NOW = datetime(2027, 3, 12, 8, 0, tzinfo=UTC)
MONTH = timedelta(days=31)
ISO = [
    {
        "id": "ISO/NP 1",
        "title": "Smart charging of electric vehicles",
        "committee": ["ISO/TC 22/SC 37"],
        "ics": ["43.120"],
        "stage": "10.20",
    },
    {"id": "ISO 2:2020", "title": "Spices - Ginger", "ics": ["67.220.10"], "stage": "60.60"},
    {"id": "ISO 3:1990", "title": "Spices - Mace", "ics": ["67.220.10"], "stage": "95.99"},
]
IEC = [
    {
        "id": "IEC 63000:2025",
        "title": "Smart charging of electric vehicles - Requirements",
        "committee": ["TC 69"],
        "ics": ["43.120"],
        "stage": "PUBLISHED",
    },
    {"id": "IEC 7", "title": "Radio relays", "committee": ["SyC Smart Energy"], "stage": "NP"},
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path):
    """A plan with an entry, and a way to gather work items."""
    placement = rows().placement("iso-website")
    entry = placement.occurrence.entry

    class World:
        asked = Asked(
            entry=entry.slug,
            organisation="iso",
            audience=placement.audience.slug,
            outlet=placement.outlet.slug,
            language="en",
            at_local=None,
            now=NOW,
        )

        def bring(self, said, organisation="iso", now=NOW):
            file = tmp_path / f"{organisation}.json"
            file.write_text(json.dumps(said))
            gather_items(str(file), organisation=organisation, now=now)

        def meant(self, **said):
            spec = LandscapeSpec(**said).model_dump()
            Entry.objects.filter(pk=entry.pk).update(spec={**entry.spec, "landscape": spec})

        def went_out(self, material, at=NOW):
            """Keep an edition as one that readers have seen."""
            names = ("gathered", "kept", "seen_until", "meant")
            data = {name: material[name] for name in names if name in material}
            rendition = Rendition.objects.create(
                sha256=f"{at:%m}" * 32,
                form="landscape",
                language="en",
                content={"parts": {"data": json.dumps(data)}},
                made_at=at,
            )
            Placement.objects.filter(pk=placement.pk).update(rendition=rendition, started_at=at)

    return World()


def identifiers(material):
    """Give what stands in the sections, in order."""
    return [line["identifier"] for one in material["sections"] for line in one["lines"]]


def test_a_landscape_has_what_is_alive_by_field_with_what_is_close(world):
    """Each organisation's items, the others' beside them, and what was read when."""
    world.bring(ISO)
    world.bring(IEC, "iec")

    made = landscape.gather(world.asked)

    assert [one["slug"] for one in made["sections"]] == ["energy", "road-vehicles", "food"]
    assert identifiers(made) == ["IEC 7", "IEC 63000:2025", "ISO/NP 1", "ISO 2:2020"]
    proposal = made["sections"][1]["lines"][1]
    assert [near["identifier"] for near in proposal["near"]] == ["IEC 63000:2025"]
    assert "titles" in proposal["near"][0]["why"][0]
    assert {one["date"] for one in made["sources"]} == {"2027-03-12"}
    assert (made["since"], made["counts"]["new"]) == ("", 0)


def test_an_entry_says_which_work_items_it_means(world):
    """By ICS with what is below, by committee, and by the field of who has no ICS."""
    world.bring(ISO)
    world.bring(IEC, "iec")

    world.meant(ics=["43"])
    assert identifiers(landscape.gather(world.asked)) == ["IEC 63000:2025", "ISO/NP 1"]
    world.meant(committees=["ISO/TC 22"])
    assert identifiers(landscape.gather(world.asked)) == ["ISO/NP 1"]
    world.meant(ics=["27"])
    assert identifiers(landscape.gather(world.asked)) == ["IEC 7"]
    world.meant(states=["withdrawn"], organisations=["iso"])
    assert identifiers(landscape.gather(world.asked)) == ["ISO 3:1990"]


def test_what_changed_is_said_against_what_readers_saw(world):
    """New, changed with the old value, and gone; another choice is not compared with."""
    world.bring(ISO)
    world.went_out(landscape.gather(world.asked))
    world.bring(
        [
            {**ISO[0], "stage": "40.20"},
            {**ISO[1], "stage": "95.99"},
            {"id": "ISO 9", "title": "New"},
        ],
        now=NOW + MONTH,
    )

    made = landscape.gather(world.asked)

    lines = {line["identifier"]: line for one in made["sections"] for line in one["lines"]}
    assert made["counts"] == {"new": 1, "changed": 1, "gone": 1}
    assert lines["ISO/NP 1"]["was"]["stage"] == "10.20"
    assert lines["ISO 9"]["change"] == "new"
    assert [line["identifier"] for line in made["gone"]] == ["ISO 2:2020"]
    world.meant(ics=["43"])
    assert landscape.gather(world.asked)["since"] == ""


def test_what_a_source_dropped_is_a_change_that_readers_see(world):
    """It stands among what is gone, with what was known of it; and in no later edition."""
    world.bring(ISO)
    world.bring(IEC, "iec")
    world.went_out(landscape.gather(world.asked))
    world.bring([ISO[1]], now=NOW + MONTH)

    made = landscape.gather(world.asked)

    assert [(line["identifier"], line["title"]) for line in made["gone"]] == [
        ("ISO/NP 1", "Smart charging of electric vehicles")
    ]
    assert made["counts"] == {"new": 0, "changed": 0, "gone": 1}
    near = [one for part in made["sections"] for line in part["lines"] for one in line["near"]]
    assert "ISO/NP 1" not in [one["identifier"] for one in near]
    world.went_out(made, at=NOW + MONTH)
    assert landscape.gather(world.asked)["gone"] == []


def test_a_circulation_has_what_nobody_was_told_yet(world):
    """Proposals once each, with what they may overlap with, and who is quiet."""
    world.bring(ISO)
    world.bring(IEC[:1], "iec")
    first = circulation.gather(world.asked)
    world.went_out(first)
    world.bring([*ISO, {**ISO[0], "id": "ISO/NP 9", "title": "Zeppelins"}], now=NOW + MONTH)

    second = circulation.gather(world.asked)

    assert identifiers(first) == ["ISO/NP 1"]
    assert first["quiet"] == ["IEC"]
    assert {"iso-tc-22", "iso-tc-22-sc-37", "iec-tc-69"} <= set(first["sections"][0]["followers"])
    assert identifiers(second) == ["ISO/NP 9"]
    (line,) = second["sections"][0]["lines"]
    assert line["near"] == []
    assert line["searched"]["organisations"] == ["IEC"]
    assert (line["searched"]["titles"], line["searched"]["date"]) == ("1", "2027-03-12")


def test_more_than_a_document_holds_is_counted_and_not_cut(world, monkeypatch):
    """The form refuses it, with how many there are."""
    world.bring(ISO)
    monkeypatch.setattr(landscape, "MOST", 1)

    made = landscape.gather(world.asked)

    assert (made["too_many"], made["sections"]) == (2, [])
