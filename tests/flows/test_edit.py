"""Changing the plan at the desk."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from publisher.flows.apply import apply, changes
from publisher.flows.audit import Doer
from publisher.flows.edit import Changed, edit, mark, take_out
from publisher.models import (
    AuditRow,
    Entry,
    Occurrence,
    Organisation,
    Outlet,
    Person,
    Role,
    RoleName,
    Version,
    Via,
)
from publisher.models.errors import PlanError, Refused
from tests.plans import ORGANISATION, SMALLEST, smallest_plan

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(tmp_path):
    """The smallest plan with a second organisation, applied."""
    ours = (SMALLEST / ORGANISATION).read_text()
    other = "\n".join(ours.splitlines()[: ours.splitlines().index("choices:")])
    smallest_plan(tmp_path, {"channels/organisations/another.yaml": other})
    apply(tmp_path, now=NOW)
    return tmp_path


@pytest.fixture
def officer():
    """Somebody, with no role yet."""
    return Person.objects.create(username="ana")


def may(person, role, slug="our-organisation"):
    """Give a role."""
    organisation = Organisation.objects.get(slug=slug)
    Role.objects.create(person=person, organisation=organisation, name=role)
    return Doer(person=person, via=Via.DESK)


def first_entry():
    return Entry.objects.order_by("slug").first()


def test_an_entry_moves_with_its_occurrence(plan, officer):
    """What the desk says is laid out at once, kept as a version, and written down."""
    row, doer = first_entry(), may(officer, RoleName.EDITOR)
    when = {"kind": "wall", "at": "2027-05-03T09:00:00"}

    edit("entry", row.spec | {"when": when}, seen=mark(row), doer=doer, now=NOW)

    assert Occurrence.objects.filter(entry=row, at_local__date="2027-05-03").exists()
    assert Version.objects.get().thing == f"entry/{row.slug}"
    assert AuditRow.objects.filter(act="entry.edit").count() == 1
    assert changes(plan).kept


def test_what_somebody_else_changed_is_not_overwritten(plan, officer):
    """Two people with the same page open."""
    row, doer = first_entry(), may(officer, RoleName.EDITOR)
    seen = mark(row)
    edit("entry", row.spec | {"link": "https://example.org/1"}, seen=seen, doer=doer, now=NOW)

    with pytest.raises(Changed):
        edit("entry", row.spec | {"link": "https://example.org/2"}, seen=seen, doer=doer, now=NOW)


def test_what_cannot_be_meant_changes_nothing(plan, officer):
    """As a file would be refused."""
    row, doer = first_entry(), may(officer, RoleName.EDITOR)

    with pytest.raises(PlanError, match="audiences"):
        edit("entry", row.spec | {"audiences": ["nobody"]}, seen=mark(row), doer=doer, now=NOW)
    assert not Version.objects.exists()


def test_another_organisations_entry_is_left_alone(plan, officer):
    """An editor of one does not change what another alone says, nor take it over."""
    doer = may(officer, RoleName.EDITOR, "another")
    row = first_entry()
    Entry.objects.filter(pk=row.pk).update(spec=row.spec | {"speaks_for": ["our-organisation"]})
    row.refresh_from_db()

    with pytest.raises(Refused, match="another organisation"):
        edit("entry", row.spec | {"speaks_for": ["another"]}, seen=mark(row), doer=doer, now=NOW)


def test_a_viewer_changes_nothing(plan, officer):
    """Looking is not editing."""
    row, doer = first_entry(), may(officer, RoleName.VIEWER)

    with pytest.raises(Refused):
        take_out("entry", row.slug, seen=mark(row), doer=doer, now=NOW)


def test_an_entry_is_taken_out(plan, officer):
    """And its file alone does not bring it back."""
    row, doer = first_entry(), may(officer, RoleName.EDITOR)

    take_out("entry", row.slug, seen=mark(row), doer=doer, now=NOW)

    assert not Occurrence.objects.filter(entry=row).exists()
    assert any(change.slug == row.slug for change in changes(plan).kept)


def test_nobody_changes_the_audit_trail(plan, officer):
    """The database itself refuses."""
    row, doer = first_entry(), may(officer, RoleName.EDITOR)
    edit("entry", row.spec | {"link": "https://example.org/"}, seen=mark(row), doer=doer, now=NOW)

    with pytest.raises(DatabaseError, match="only added"), transaction.atomic():
        AuditRow.objects.update(act="nothing")
    with pytest.raises(DatabaseError, match="only added"), transaction.atomic():
        AuditRow.objects.all().delete()


@pytest.mark.parametrize(
    ("change", "allowed"),
    [({"pace": {"per_minute": 5}}, True), ({"account": "theirs"}, False)],
)
def test_where_an_outlet_reaches_is_for_administrators(plan, officer, change, allowed):
    """Else an editor could send with another's account, or a credential to another's server."""
    row, doer = Outlet.objects.get(), may(officer, RoleName.EDITOR)
    said = row.spec | change

    if allowed:
        assert edit("outlet", said, seen=mark(row), doer=doer, now=NOW)
        return
    with pytest.raises(Refused, match="Only an administrator"):
        edit("outlet", said, seen=mark(row), doer=doer, now=NOW)
