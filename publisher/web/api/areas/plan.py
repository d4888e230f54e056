"""The plan and its files: every object, how files and database differ, and whose word counts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from publisher.flows.apply import apply, changes
from publisher.flows.edit import edit, take_out
from publisher.flows.export import export, proposal
from publisher.flows.ownership import hand
from publisher.flows.plan_rows import BY_KIND
from publisher.flows.rights import Owners, owners
from publisher.kit import clock
from publisher.models import Act, Owner, PlanObject
from publisher.models.errors import Refused
from publisher.plan.diff import Change, Changes
from publisher.settings import settings
from publisher.web.api.door import Area, doer
from publisher.web.api.shapes import Page, Paged, Sent, Shown, Values, cut, marked, seen

area = Area("Plan", "Every object of the plan, and how the files and the database differ.")
#: a kind as it stands in an address
KINDS = {kind.replace(" ", "-"): kind for kind in BY_KIND}


class ObjectLine(Shown):
    """An object of the plan in a list."""

    slug: str
    path: str
    owner: Owner
    changed_at: datetime
    changed: bool = Field(description="Since the files were applied last.")


class ObjectShown(ObjectLine):
    """An object of the plan with all that it says; the fields are those of its file."""

    kind: str
    says: Values


class ObjectSent(Sent):
    """An object as it is to be."""

    says: Values = Field(description="As `read_object` gives it; `slug` may be left out.")


class OwnerSent(Sent):
    """Whose word counts."""

    owner: Owner


class DifferenceShown(Shown):
    """One field, before and after."""

    field: str
    old: object
    new: object


class ChangeShown(Shown):
    """What applying the files would do to one object, or did."""

    action: str
    kind: str
    slug: str
    path: str
    owner: str
    differences: list[DifferenceShown]
    because: str


class ChangesShown(Shown):
    """What applying the files would do, or did."""

    changes: list[ChangeShown]
    conflicts: list[ChangeShown] = Field(description="Changed on both sides: somebody chooses.")
    kept: list[ChangeShown] = Field(description="The desk’s word stands.")
    notices: list[str]


class Taken(Sent):
    """Whose word is taken where both sides changed."""

    take: dict[str, Literal["file", "desk"]] = Field(
        default_factory=dict, description="By `<kind>/<slug>`."
    )


class WrittenShown(Shown):
    """What became of one file."""

    path: str
    action: str
    because: str


def owners_of(_request: HttpRequest, *, kind: str, slug: str) -> Owners:
    """Give whose an object is; of one that is not there yet, the flow asks."""
    found = _noun(kind)._default_manager.filter(slug=slug, retired_at=None).first()
    return owners(KINDS[kind], found.spec) if found else None


@area.get("/plan/differences", gives=ChangesShown)
def plan_differences(request: HttpRequest) -> dict[str, object]:
    """Say what applying the plan’s files would do; nothing is changed."""
    del request
    return _changes(changes(settings().plan_folder))


@area.post("/plan/apply", Act.ADMINISTER, gives=ChangesShown)
def apply_plan(request: HttpRequest, said: Taken) -> dict[str, object]:
    """Make the database say what the plan’s files say, in one transaction."""
    found = apply(settings().plan_folder, now=clock.now(), take=said.take, doer=doer(request))
    return _changes(found)


@area.post("/plan/export", Act.ADMINISTER, gives=list[WrittenShown])
def export_plan(request: HttpRequest) -> list[object]:
    """Make the plan’s files say what the database says, comments and order kept."""
    try:
        return list(export(settings().plan_folder, doer=doer(request), now=clock.now()))
    except OSError as error:
        raise Refused(f"The files cannot be written: {error}") from error


@area.get("/plan/proposal", gives=str, media_type="text/x-diff")
def plan_proposal(request: HttpRequest) -> HttpResponse:
    """Give what the desk changed as a patch, for whoever keeps the files under review."""
    del request
    patch = proposal(settings().plan_folder)
    return HttpResponse(patch, content_type="text/x-diff; charset=utf-8")


@area.get("/plan/objects/{slug:kind}", gives=Page[ObjectLine])
def plan_objects(
    request: HttpRequest, response: HttpResponse, kind: str, asked: Query[Paged]
) -> dict[str, object]:
    """Give the objects of a kind: such as key-message, audience, channel, outlet or choice."""
    rows = _noun(kind)._default_manager.filter(retired_at=None).order_by("slug")
    found = [_line(row) for row in rows]
    return cut(request, response, found, asked, lambda one: str(one["slug"]))


@area.get("/plan/objects/{slug:kind}/{path:slug}", gives=ObjectShown)
def read_object(
    request: HttpRequest, response: HttpResponse, kind: str, slug: str
) -> dict[str, object]:
    """Give one object with all that it says; its `ETag` is what a change is made from."""
    del request
    row = _noun(kind)._default_manager.filter(slug=slug, retired_at=None).first()
    if row is None:
        raise Http404
    marked(response, row)
    return {**_line(row), "kind": KINDS[kind], "says": row.spec}


@area.put("/plan/objects/{slug:kind}/{path:slug}", Act.EDIT, owners_of, gives=ObjectShown,
          needs_mark=True)  # fmt: skip
def write_object(
    request: HttpRequest, response: HttpResponse, kind: str, slug: str, said: ObjectSent
) -> dict[str, object]:
    """Make an object say this, or create it."""
    row = _noun(kind)._default_manager.filter(slug=slug).first()
    mark = seen(request, row)
    says = _named(kind, slug, said.says)
    edit(KINDS[kind], says, seen=mark, doer=doer(request), now=clock.now())
    return read_object(request, response, kind, slug)


@area.delete("/plan/objects/{slug:kind}/{path:slug}", Act.EDIT, owners_of, status=204,
             needs_mark=True)  # fmt: skip
def take_object_out(request: HttpRequest, kind: str, slug: str) -> None:
    """Take an object out of the plan; what was sent from it keeps its record."""
    row = _noun(kind)._default_manager.filter(slug=slug, retired_at=None).first()
    if row is None:
        raise Http404
    mark = seen(request, row)
    take_out(KINDS[kind], slug, seen=mark, doer=doer(request), now=clock.now())


@area.put("/plan/owners/{slug:kind}/{path:slug}", Act.EDIT, owners_of, gives=ObjectLine)
def set_owner(request: HttpRequest, kind: str, slug: str, said: OwnerSent) -> dict[str, object]:
    """Let the desk take an object over, or give it back to its file."""
    if not _noun(kind)._default_manager.filter(slug=slug, retired_at=None).exists():
        raise Http404
    row = hand(KINDS[kind], slug, said.owner, doer=doer(request), now=clock.now())
    return _line(row)


def _noun(kind: str) -> type[PlanObject]:
    if kind not in KINDS:
        raise Http404
    return BY_KIND[KINDS[kind]]


def _named(kind: str, slug: str, says: Values) -> Values:
    """Give a spec the slug of its address: of a choice, its outlet and audience."""
    if kind == "choice":
        outlet, _, audience = slug.partition("/")
        return {**says, "outlet": outlet, "audience": audience}
    return {**says, "slug": slug}


def _line(row: PlanObject) -> dict[str, object]:
    names = ("slug", "path", "owner", "changed_at")
    changed = row.applied is not None and row.applied != row.spec
    return {**{name: getattr(row, name) for name in names}, "changed": changed}


def _changes(found: Changes) -> dict[str, object]:
    return {
        "changes": [_change(one) for one in found.changes],
        "conflicts": [_change(one) for one in found.conflicts],
        "kept": [_change(one) for one in found.kept],
        "notices": found.notices,
    }


def _change(one: Change) -> dict[str, object]:
    names = ("kind", "slug", "path", "owner", "differences", "because")
    return {**{name: getattr(one, name) for name in names}, "action": one.action.value}
