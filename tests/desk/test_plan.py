"""Files and desk brought together at the desk."""

import pytest

from publisher.flows.apply import apply
from publisher.flows.audit import Doer
from publisher.flows.edit import edit, mark
from publisher.models import Entry, Owner, Via
from publisher.settings import settings
from tests.desk.people import desk_of, person
from tests.flows.stored import NOW
from tests.plans import ENTRY, change, smallest_plan

pytestmark = pytest.mark.django_db
OURS = "our-organisation"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The smallest plan, applied, in the folder that the product is told of."""
    monkeypatch.setenv("PUBLISHER_PLAN", str(tmp_path))
    settings.cache_clear()
    smallest_plan(tmp_path)
    apply(tmp_path, now=NOW)
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def desk(folder):
    """The desk of an administrator."""
    return desk_of(person("ana", "administrator", OURS))


def at_desk(link):
    """Change the entry as an officer would."""
    row = Entry.objects.get()
    said = row.spec | {"link": link}
    edit("entry", said, seen=mark(row), doer=Doer(person=None, via=Via.DESK), now=NOW)


def in_file(folder, link):
    change(folder, {ENTRY: ("title: Hello\n", f"title: Hello\nlink: {link}\n")})


def test_what_a_file_says_anew_is_applied(desk, folder):
    """After it was shown."""
    in_file(folder, "https://example.org/file")
    assert "https://example.org/file" in desk.get("/desk/plan/").content.decode()

    desk.post("/desk/plan/apply")

    assert Entry.objects.get().spec["link"] == "https://example.org/file"


@pytest.mark.parametrize("side", ["file", "desk"])
def test_a_conflict_waits_for_somebody_to_choose(desk, folder, side):
    """Both texts are shown; without a choice nothing is applied."""
    in_file(folder, "https://example.org/file")
    at_desk("https://example.org/desk")

    page = desk.get("/desk/plan/").content.decode()
    assert "https://example.org/file" in page
    assert "https://example.org/desk" in page
    assert desk.post("/desk/plan/apply").status_code == 422

    desk.post("/desk/plan/apply", {"take-entry/hello": side})
    assert Entry.objects.get().spec["link"] == f"https://example.org/{side}"


def test_what_the_desk_changed_is_a_patch_and_then_a_file(desk, folder):
    """Whoever keeps the files under review gets the first; an administrator does the second."""
    at_desk("https://example.org/desk")

    patch = desk.get("/desk/plan/proposal.patch").content.decode()
    assert "+++ b/calendar/hello.md" in patch
    assert "+link: https://example.org/desk" in patch

    desk.post("/desk/plan/export")
    assert "link: https://example.org/desk" in (folder / ENTRY).read_text()
    assert "say the same" in desk.get("/desk/plan/").content.decode()


def test_the_desk_takes_over_and_gives_back(desk, folder):
    """What it took over, a file no longer changes."""
    desk.post("/desk/plan/owner", {"thing": "entry/hello", "to": "desk"})
    assert Entry.objects.get().owner == Owner.DESK
    in_file(folder, "https://example.org/file")
    desk.post("/desk/plan/apply")
    assert Entry.objects.get().spec["link"] == ""

    desk.post("/desk/plan/owner", {"thing": "entry/hello", "to": "file"})
    assert Entry.objects.get().owner == Owner.FILE


def test_a_broken_file_is_named_and_the_plan_runs_on(desk, folder):
    """With its line."""
    change(folder, {ENTRY: ("audiences: [everybody]", "audiences: [nobody]")})

    page = desk.get("/desk/plan/").content.decode()

    assert "calendar/hello.md:6:13" in page
    assert desk.post("/desk/plan/apply").status_code == 422


@pytest.mark.parametrize("thing", ["entry/none", "nonsense/hello", "", "entry/hello"])
def test_nonsense_is_refused_with_a_sentence(desk, thing):
    """As is an owner there is not."""
    to = "nobody" if thing == "entry/hello" else "desk"
    assert desk.post("/desk/plan/owner", {"thing": thing, "to": to}).status_code == 422


def test_an_editor_proposes_and_does_not_apply(folder):
    """Applying is for administrators: files speak for all organisations."""
    desk = desk_of(person("bea", "editor", OURS))

    assert desk.get("/desk/plan/proposal.patch").status_code == 200
    assert desk.post("/desk/plan/apply").status_code == 403
    assert desk.post("/desk/plan/export").status_code == 403
