"""Applying a plan: all or nothing, and the desk's word is heard."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from django.db import connection, transaction

from publisher.flows.apply import apply, changes
from publisher.flows.stored_plan import stored_plan
from publisher.models import (
    Audience,
    Choice,
    Entry,
    Occurrence,
    Outlet,
    Owner,
    Picture,
    Placement,
    PlacementState,
)
from publisher.models.errors import PlanError, Refused
from publisher.plan.read import read
from publisher.plan.said import said
from tests.plans import AUDIENCE, ENTRY, ORGANISATION, change, entry, smallest_plan

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def folder(tmp_path):
    return smallest_plan(tmp_path)


def at_the_desk(slug: str = "hello", title: str = "Changed at the desk") -> None:
    row = Entry.objects.get(slug=slug)
    row.spec = {**row.spec, "title": {"en": title}}
    row.save()


def actions(found) -> list[tuple[str, str]]:
    return [(change.action.value, change.thing) for change in found.changes]


@pytest.mark.django_db
def test_the_database_says_what_the_files_say(folder):
    """What is read from the database is the plan that was read from the files."""
    apply(folder, now=NOW)

    assert said(stored_plan()) == said(read(folder))
    assert Placement.objects.get().state == PlacementState.PLANNED


@pytest.mark.django_db
def test_a_plan_applied_twice_changes_nothing(folder):
    """`publisher plan` after `apply` is empty, and so is a second `apply`."""
    assert not changes(folder).empty
    apply(folder, now=NOW)

    assert changes(folder).empty
    assert apply(folder, now=NOW).empty
    assert Occurrence.objects.count() == 1


@pytest.mark.django_db
def test_planning_changes_nothing(folder):
    """To look is not to do."""
    changes(folder)

    assert stored_plan().entries == {}


@pytest.mark.django_db
def test_a_change_is_shown_field_by_field_before_it_is_made(folder):
    """An officer sees what would change, old and new."""
    apply(folder, now=NOW)
    change(folder, {ENTRY: ("title: Hello", "title: Good day")})

    [found] = changes(folder).changes

    assert (found.action.value, found.thing, found.owner) == ("change", "entry/hello", "file")
    [difference] = found.differences
    assert (difference.field, difference.old, difference.new) == ("title.en", "Hello", "Good day")


@pytest.mark.django_db
def test_a_bad_file_applies_nothing_and_the_last_good_plan_stays(folder):
    """A slip in one file does not half-apply the others."""
    apply(folder, now=NOW)
    change(
        folder,
        {ENTRY: ("title: Hello", "title: New"), AUDIENCE: ("kind: primary", "kind: primry")},
    )

    with pytest.raises(PlanError, match="did you mean “primary”"):
        apply(folder, now=NOW)

    assert stored_plan().entries["hello"].title == {"en": "Hello"}


@pytest.mark.django_db
def test_an_entry_nobody_would_hear_is_refused_with_the_reason(folder):
    """Approved and never published is the failure this product exists to prevent."""
    change(folder, {ORGANISATION: ("use: true", "use: false")})

    with pytest.raises(PlanError, match="nobody would hear it: no organisation chose an outlet"):
        apply(folder, now=NOW)


@pytest.mark.django_db
def test_the_desks_change_is_kept_while_the_file_stays_as_it_was(folder):
    """A change at the desk is not undone by applying files that nobody touched."""
    apply(folder, now=NOW)
    at_the_desk()

    found = apply(folder, now=NOW)

    assert found.empty
    assert "publisher export" in found.kept[0].because
    assert stored_plan().entries["hello"].title == {"en": "Changed at the desk"}


@pytest.mark.django_db
def test_a_change_on_both_sides_is_refused_by_name(folder):
    """Nobody's work is lost unseen."""
    apply(folder, now=NOW)
    at_the_desk()
    change(folder, {ENTRY: ("title: Hello", "title: In the file")})

    with pytest.raises(PlanError) as error:
        apply(folder, now=NOW)

    assert str(error.value) == (
        "calendar/hello.md: entry “hello” is a conflict: it was changed in its file and changed at "
        "the desk since the last apply (title.en); choose with --take file:hello or "
        "--take desk:hello"
    )
    assert [one.thing for one in changes(folder).conflicts] == ["entry/hello"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("side", "title"), [("file", "In the file"), ("desk", "Changed at the desk")]
)
def test_a_person_chooses_whose_word_counts(folder, side, title):
    """After the choice there is no conflict any more."""
    apply(folder, now=NOW)
    at_the_desk()
    change(folder, {ENTRY: ("title: Hello", "title: In the file")})

    apply(folder, now=NOW, take={"hello": side})

    assert stored_plan().entries["hello"].title == {"en": title}
    assert changes(folder).empty


@pytest.mark.django_db
def test_to_take_what_there_is_not_is_refused(folder):
    """A slip in the choice chooses nothing."""
    with pytest.raises(Refused, match="nothing called “helo” to take; did you mean “hello”"):
        changes(folder, take={"helo": "file"})


@pytest.mark.django_db
def test_what_the_desk_owns_is_not_touched_by_files(folder):
    """An object made at the desk is neither deleted nor changed by an apply."""
    apply(folder, now=NOW)
    Entry.objects.filter(slug="hello").update(owner=Owner.DESK)
    change(folder, {ENTRY: ("title: Hello", "title: In the file")})

    assert apply(folder, now=NOW).empty
    assert stored_plan().entries["hello"].title == {"en": "Hello"}


@pytest.mark.django_db
def test_files_that_do_not_fit_what_the_desk_keeps_are_refused(folder):
    """The files hold together by themselves; with what the desk owns they may not."""
    change(folder, {"calendar/other.md": entry(title="Other")})
    apply(folder, now=NOW)
    row = Entry.objects.get(slug="other")
    row.owner, row.spec = Owner.DESK, {**row.spec, "messages": ["gone"]}
    row.save()

    with pytest.raises(PlanError, match="key message “gone” is unknown"):
        apply(folder, now=NOW)


@pytest.mark.django_db
def test_what_was_never_sent_is_deleted_with_its_placements(folder):
    """An entry taken out of the files leaves nothing behind."""
    change(folder, {"calendar/other.md": entry(title="Other")})
    apply(folder, now=NOW)
    (folder / "calendar/other.md").unlink()

    found = apply(folder, now=NOW)

    assert actions(found) == [("delete", "entry/other")]
    assert found.notices == []
    assert set(Entry.objects.values_list("slug", flat=True)) == {"hello"}


@pytest.mark.django_db
def test_what_was_sent_is_retired_and_may_come_back(folder):
    """A record of what went out is never lost; the same file brings the same entry back."""
    apply(folder, now=NOW)
    Placement.objects.update(state=PlacementState.FINISHED)
    text = (folder / ENTRY).read_text(encoding="utf-8")
    change(folder, {ENTRY: None, "calendar/other.md": entry(title="Other")})

    found = apply(folder, now=NOW)

    assert found.notices == [
        "entry “hello” has a history, so its record is kept; nothing more will come of it"
    ]
    assert set(stored_plan().entries) == {"other"}
    assert Placement.objects.filter(occurrence__entry__slug="hello").count() == 1
    assert changes(folder).empty

    change(folder, {ENTRY: text})
    apply(folder, now=NOW)

    assert set(stored_plan().entries) == {"hello", "other"}
    assert Placement.objects.get(occurrence__entry__slug="hello").state == PlacementState.FINISHED


@pytest.mark.django_db
def test_an_organisation_can_be_replaced_by_another(folder):
    """Outlets, choices and audiences go with it in one apply."""
    apply(folder, now=NOW)
    text = (folder / ORGANISATION).read_text(encoding="utf-8").replace("our-website", "new-website")
    change(
        folder,
        {
            ORGANISATION: None,
            "channels/organisations/new.yaml": text,
            "channels/website.yaml": (
                "our-website:\n    organisation: our-organisation",
                "new-website:\n    organisation: new",
            ),
        },
    )

    apply(folder, now=NOW)

    assert set(stored_plan().organisations) == {"new"}
    assert set(Outlet.objects.values_list("slug", flat=True)) == {"new-website"}
    assert set(Choice.objects.values_list("slug", flat=True)) == {"new-website/everybody"}


@pytest.mark.django_db
def test_pictures_are_kept_by_content(folder):
    """Two names for one picture are one row; what a rendition showed outlives its file."""
    change(
        folder,
        {
            "calendar/pictures/a.png": PNG,
            "calendar/pictures/b.png": PNG,
            "calendar/pictures/c.png": PNG + b"c",
        },
    )
    apply(folder, now=NOW)
    assert set(stored_plan().pictures) == {f"calendar/pictures/{name}.png" for name in "abc"}
    change(folder, {"calendar/pictures/a.png": None, "calendar/pictures/c.png": PNG + b"d"})

    found = apply(folder, now=NOW)

    assert actions(found) == [
        ("change", "picture/calendar/pictures/c.png"),
        ("delete", "picture/calendar/pictures/a.png"),
    ]
    assert set(stored_plan().pictures) == {f"calendar/pictures/{name}.png" for name in "bc"}
    assert Picture.objects.count() == 3
    assert changes(folder).empty


@pytest.mark.django_db
def test_a_word_that_goes_without_saying_is_no_change(folder):
    """A field that a later version adds, with its default, does not make every object differ."""
    apply(folder, now=NOW)
    for row in Audience.objects.all():
        row.spec.pop("description")
        row.applied.pop("description")
        row.save()

    assert changes(folder).empty


@pytest.mark.django_db(transaction=True)
def test_two_applies_do_not_mix(folder):
    """The second is refused while the first is at work."""
    refused = []

    def second() -> None:
        try:
            apply(folder, now=NOW)
        except Refused as error:
            refused.append(str(error))
        finally:
            connection.close()

    with transaction.atomic():
        apply(folder, now=NOW)
        thread = Thread(target=second)
        thread.start()
        thread.join()

    assert refused == ["Another `publisher apply` is at work; try again when it is done."]
