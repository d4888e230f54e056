"""Writing the database back into files."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.flows.apply import apply, changes
from publisher.flows.audit import TERMINAL
from publisher.flows.edit import edit
from publisher.flows.export import export
from publisher.models import Audience, Choice, Entry, Outlet, Owner, Template
from publisher.models.errors import PlanError, Refused
from tests.plans import ENTRY, ORGANISATION, change, entry, smallest_plan

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    made = smallest_plan(tmp_path / "plan")
    apply(made, now=NOW)
    return made


def texts(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def at_the_desk(noun, slug: str, **update) -> None:
    row = noun.objects.get(slug=slug)
    row.spec = {**row.spec, **update}
    row.save()


@pytest.mark.django_db
def test_what_did_not_change_is_not_touched(folder):
    """`export` then `apply` changes nothing, byte for byte."""
    before = texts(folder)

    assert export(folder) == []

    assert texts(folder) == before
    assert changes(folder).empty


@pytest.mark.django_db
def test_the_desks_changes_are_written_and_comments_survive(folder):
    """Only the lines that say something else are other lines."""
    before = texts(folder)
    at_the_desk(Entry, "hello", title={"en": "Good day"})
    at_the_desk(Outlet, "our-website", languages=["en", "fr"])
    at_the_desk(Choice, "our-website/everybody", reason={"en": "Because", "fr": "Parce que"})
    at_the_desk(Audience, "everybody", kind="secondary")

    written = export(folder)

    assert {one.action for one in written} == {"changed"}
    expected = {
        ENTRY: ("title: Hello", "title: Good day"),
        "channels/website.yaml": ("languages: [en]", "languages: [en, fr]"),
        ORGANISATION: (
            "    reason: Whoever looks for us looks there first.",
            "    reason:\n      en: Because\n      fr: Parce que",
        ),
        "audiences/everybody.yaml": ("kind: primary #", "kind: secondary #"),
    }
    for path, (old, new) in expected.items():
        before[path] = before[path].replace(old.encode(), new.encode())
    assert texts(folder) == before
    assert changes(folder).empty
    assert apply(folder, now=NOW).kept == ()


@pytest.mark.django_db
def test_a_folder_without_a_plan_gets_all_of_it(folder, tmp_path):
    """The database alone is enough to have the files again."""
    export(tmp_path / "new")

    assert changes(tmp_path / "new").empty


@pytest.mark.django_db
def test_what_was_made_at_the_desk_gets_a_file(folder):
    """An object of the desk's is never a dead end."""
    spec = {**Entry.objects.get(slug="hello").spec, "slug": "new"}
    Entry.objects.create(slug="new", spec=spec, owner=Owner.DESK, first_applied_at=NOW)

    [written] = export(folder)

    assert (written.path, written.action) == ("calendar/new.md", "created")
    assert changes(folder).empty


@pytest.mark.django_db
def test_changes_that_were_not_applied_are_left_alone(folder):
    """Whoever is at work on a file does not lose it to an export."""
    change(folder, {ENTRY: ("title: Hello", "title: Half done"), "calendar/new.md": entry()})
    before = texts(folder)

    [kept] = export(folder)

    assert (kept.path, kept.action) == (ENTRY, "kept")
    assert texts(folder) == before


@pytest.mark.django_db
def test_a_change_on_both_sides_is_refused_by_name(folder):
    """A person chooses; nothing is written before."""
    change(folder, {ENTRY: ("title: Hello", "title: In the file")})
    at_the_desk(Entry, "hello", title={"en": "At the desk"})
    before = texts(folder)

    with pytest.raises(Refused, match="entry/hello"):
        export(folder)
    assert texts(folder) == before

    export(folder, force=True)
    assert changes(folder).empty


@pytest.mark.django_db
def test_what_the_desk_deleted_loses_its_file(folder):
    """A deletion at the desk reaches the files by export, not by surprise."""
    change(folder, {"calendar/other.md": entry(title="Other")})
    apply(folder, now=NOW)
    Entry.objects.filter(slug="other").update(retired_at=NOW)

    assert [one.because for one in changes(folder).kept] == [
        "it was deleted at the desk; `publisher export` removes it"
    ]
    [removed] = export(folder)

    assert (removed.path, removed.action) == ("calendar/other.md", "removed")
    assert changes(folder).empty


@pytest.mark.django_db
def test_windows_line_ends_and_byte_order_mark_stay(folder):
    """A file keeps the habits of the editor it came from."""
    text = (folder / ENTRY).read_bytes().replace(b"\n", b"\r\n")
    (folder / ENTRY).write_bytes(b"\xef\xbb\xbf" + text)
    at_the_desk(Entry, "hello", title={"en": "Good day"})

    export(folder)

    assert (folder / ENTRY).read_bytes() == b"\xef\xbb\xbf" + text.replace(b"Hello", b"Good day")


@pytest.mark.django_db
def test_the_reference_plan_comes_back_from_the_database(reference_plan, tmp_path):
    """Every word of the example survives the way into the database and out again."""
    apply(reference_plan, now=NOW)

    export(tmp_path / "copy")

    assert changes(tmp_path / "copy").empty
    assert changes(reference_plan).empty


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["../../outside.j2", "/outside.j2", "feed/../../outside", "a//b"])
def test_a_template_is_not_written_anywhere_else(folder, path):
    """Neither by a name that is refused today, nor by one that was let through before."""
    with pytest.raises(PlanError, match="is a path such as"):
        edit("template", {"slug": path, "source": "x"}, seen="", doer=TERMINAL, now=NOW)

    Template.objects.create(slug=path, spec={"slug": path, "source": "x"}, path="templates/x")
    before = sorted(folder.parent.rglob("*"))
    with pytest.raises((Refused, ValueError)):
        export(folder, force=True)

    assert sorted(folder.parent.rglob("*")) == before
