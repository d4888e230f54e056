"""Reading what waits, and voting on it, at the desk."""

import re

import pytest

from publisher.models import Approval, Placement, Version
from tests.desk.people import desk_of, person
from tests.flows.stored import NOW, entry, joint_plan, store

pytestmark = pytest.mark.django_db
JOINT = entry(when="2027-03-20 09:00", speaks_for=["iso", "iec"])
SHEET = "/desk/approvals/statement/{}/"


@pytest.fixture
def sheet():
    """The address of the joint entry's words."""
    store(joint_plan(JOINT))
    return SHEET.format(Placement.objects.first().occurrence.key.replace(" ", "%20"))


def ticked(page):
    return [*re.findall(r'name="words" value="([^"]+)"', page)]


def test_each_organisation_sees_what_waits_for_it(sheet):
    """And what waits for others, below."""
    page = desk_of(person("ana", "approver", "iso")).get("/desk/approvals/").content.decode()

    assert sheet in page
    assert "ISO" in page


def test_a_yes_is_given_to_the_words_that_were_shown(sheet):
    """By both organisations; then nothing waits any more."""
    for name, organisation in (("ana", "iso"), ("bea", "iec")):
        desk = desk_of(person(name, "approver", organisation))
        page = desk.get(sheet).content.decode()
        said = {"organisation": organisation, "vote": "yes", "words": ticked(page)}
        assert desk.post(f"{sheet}vote", said).status_code == 302

    assert Approval.objects.count() == 4
    assert "Still owed" not in desk.get("/desk/approvals/").content.decode()


def test_a_no_needs_its_reason(sheet):
    """The page comes back with what is missing, and what was typed."""
    desk = desk_of(person("ana", "approver", "iso"))
    page = desk.get(sheet).content.decode()
    said = {"organisation": "iso", "vote": "no", "words": ticked(page)}

    answer = desk.post(f"{sheet}vote", said)

    assert answer.status_code == 422
    assert "needs a reason" in answer.content.decode()
    assert not Approval.objects.exists()


def test_nobody_votes_for_another_organisation(sheet):
    """An approver of IEC has no word for ISO, nor has an editor of ISO."""
    for who in (person("bea", "approver", "iec"), person("cleo", "editor", "iso")):
        desk = desk_of(who)
        said = {
            "organisation": "iso",
            "vote": "yes",
            "words": ticked(desk.get(sheet).content.decode()),
        }
        assert desk.post(f"{sheet}vote", said).status_code == 403

    assert not Approval.objects.exists()


def test_what_an_edit_undid_is_shown(sheet):
    """Who had said yes to the words before."""
    ana = person("ana", "approver", "iso")
    desk = desk_of(ana)
    page = desk.get(sheet).content.decode()
    desk.post(f"{sheet}vote", {"organisation": "iso", "vote": "yes", "words": ticked(page)})
    changed = entry(
        when="2027-03-20 09:00",
        speaks_for=["iso", "iec"],
        words=[{"language": "en", "words": "Other words."}],
    )
    store(joint_plan(changed), now=NOW)
    Version.objects.create(thing="entry/statement", spec={}, at=NOW)

    assert "no longer counts" in desk.get(sheet).content.decode()


def test_the_words_stand_in_a_frame_in_which_nothing_runs(sheet):
    """They are templates' and officers' words, not the product's."""
    desk = desk_of(person("ana", "viewer", "iso"))
    framed = re.search(r'<iframe src="([^"]+)"', desk.get(sheet).content.decode())

    answer = desk.get(framed[1])

    assert "script-src" not in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert desk.get("/desk/words/0123456789abcdef0123/").status_code == 404
