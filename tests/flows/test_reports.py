"""A report says what really happened, and goes on saying what somebody said yes to."""

from datetime import UTC, datetime, timedelta

import pytest

from publisher.flows.approve import approve
from publisher.flows.circular_numbers import numbered_values
from publisher.flows.materials import Asked, sample
from publisher.flows.materials.period_figures import gather
from publisher.flows.prepare import prepare
from publisher.models import Occurrence, Organisation, Placement, PlacementState, WorkItem
from tests.flows.stored import NOW, entry, joint_plan, store

pytestmark = pytest.mark.django_db
REPEATED = {"when": "2027-03-15 09:00", "repeat": "FREQ=WEEKLY", "until": "2027-04-30"}
FIRST, SECOND = (datetime(2027, 3, day, 9, tzinfo=UTC) for day in (15, 22))


def asked(at: datetime, now: datetime) -> Asked:
    return Asked(
        entry="statement",
        organisation="iso",
        audience="members",
        outlet="iso-news",
        language="fr",
        at_local=at.replace(tzinfo=None),
        now=now,
    )


def finished(at: datetime, **figures: int) -> None:
    rows = Placement.objects.filter(occurrence__at_local=at)
    row = rows.get(outlet__slug="iso-news")
    for name, value in {"state": PlacementState.FINISHED, **figures}.items():
        setattr(row, name, value)
    row.save()


def test_figures_have_their_denominators_and_their_period():
    """What was due since the last report, by organisation and channel; nothing before it."""
    store(joint_plan(entry(**REPEATED)))
    finished(FIRST, candidates=10, accepted=7, refused=1, excluded=2)
    finished(SECOND, candidates=20, accepted=20)

    first = gather(asked(FIRST, FIRST + timedelta(days=1)))
    second = gather(asked(SECOND, SECOND + timedelta(days=1)))

    assert (first["since"], second["since"]) == ("", "15 mars 2027")
    assert second["until"] == "23 mars 2027"
    assert first["total"] == {
        "candidates": 10, "accepted": 7, "refused": 1, "excluded": 2, "uncertain": 0
    }  # fmt: skip
    assert second["total"]["candidates"] == 20
    assert second["placements"] == {"finished": 1, "all": 2}
    assert [(row["organisation"], row["finished"]) for row in second["channels"]] == [
        ("IEC", 0),
        ("ISO", 1),
    ]
    assert second["promises"]["all"] == sum(
        number for name, number in second["promises"].items() if name != "all"
    )


def test_only_work_items_of_the_period_are_new():
    """With no report before it, none is new: the first import would fill the page."""
    store(joint_plan(entry(**REPEATED)))
    for identifier, day in (("ISO/AWI 1", 10), ("ISO/AWI 2", 18)):
        WorkItem.objects.create(
            organisation=Organisation.objects.get(slug="iso"),
            identifier=identifier,
            work=identifier,
            title="A title",
            source="a file",
            first_seen_at=NOW.replace(day=day),
            changed_at=NOW,
        )

    first = gather(asked(FIRST, NOW.replace(day=16)))
    second = gather(asked(SECOND, NOW.replace(day=22, hour=10)))

    assert first["work"]["all"] == 0
    assert [one["identifier"] for one in second["work"]["items"]] == ["ISO/AWI 2"]


def test_the_sample_has_the_shape_of_the_figures():
    """Whoever checks a plan without a database sees what templates will see."""
    store(joint_plan(entry(**REPEATED)))
    given, shown = gather(asked(FIRST, NOW)), sample("period_figures")

    assert set(given) == set(shown)
    for name in ("promises", "placements", "total", "work"):
        assert set(given[name]) == set(shown[name])


def test_figures_stay_once_an_approver_has_spoken():
    """A change of template does not move them; before anybody spoke they are gathered anew."""
    store(joint_plan(entry(**REPEATED), form="report"))
    rows = Placement.objects.filter(occurrence__at_local=FIRST)
    assert prepare(rows, now=NOW) == []
    approve(entry="statement", organisation="iso", person="Anna Keller", now=NOW)
    approved = dict(rows.values_list("outlet__slug", "rendition"))
    rows.update(rendition=None)

    prepare(rows, now=NOW + timedelta(days=2))

    now = dict(rows.values_list("outlet__slug", "rendition"))
    assert now["iso-news"] == approved["iso-news"]
    assert now["iec-news"] != approved["iec-news"]


def test_papers_and_circulars_are_counted_apart():
    """A board's third paper is number 3, whatever the secretariat sent round meanwhile."""
    store(joint_plan(entry(**REPEATED)))
    iso = Organisation.objects.get(slug="iso")
    one, other = Occurrence.objects.order_by("due_at")[:2]

    circular = numbered_values("circular", one, iso, "en", now=NOW)
    papers = [
        numbered_values("agenda-item", occurrence, iso, "fr", now=NOW)
        for occurrence in (one, other, one)
    ]

    assert circular["circular.number"].endswith("2027/1")
    assert [paper["paper.number"] for paper in papers] == ["1", "2", "1"]
    assert papers[0] | {"paper.number": "1"} == {
        "paper.number": "1", "paper.year": "2027", "paper.date": "12 mars 2027"
    }  # fmt: skip
