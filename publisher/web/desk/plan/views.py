"""What the files say, what the database says, and the acts that bring them together."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from publisher.flows.apply import apply, changes
from publisher.flows.export import export, proposal
from publisher.flows.ownership import hand
from publisher.flows.plan_rows import BY_KIND
from publisher.flows.rights import act_of_changing, may, may_change
from publisher.kit import clock
from publisher.models import Act, Owner, PlanObject
from publisher.models.errors import PublisherError, Refused
from publisher.plan.diff import Changes, Side
from publisher.settings import settings
from publisher.web.desk.door import doer, person
from publisher.web.desk.screen import guarded, screen, spoken


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The differences between files and database, and every object with its owner."""
    return _shown(request)


@require_POST
def apply_files(request: HttpRequest) -> HttpResponse:
    """Make the database say what the files say, with the sides that were chosen."""
    try:
        found = apply(
            settings().plan_folder, now=clock.now(), take=_taken(request), doer=doer(request)
        )
    except PublisherError as error:
        return _shown(request, problems=str(error).splitlines(), status=422)
    for notice in found.notices:
        messages.warning(request, notice)
    messages.success(request, spoken(request).say("desk.plan.applied", count=len(found.changes)))
    return _back()


@require_POST
def write_files(request: HttpRequest) -> HttpResponse:
    """Make the files say what the database says."""
    try:
        found = export(settings().plan_folder, doer=doer(request), now=clock.now())
    except (PublisherError, OSError) as error:
        return _shown(request, problems=str(error).splitlines(), status=422)
    written = [one for one in found if one.action != "kept"]
    messages.success(request, spoken(request).say("desk.plan.exported", count=len(written)))
    return _back()


@require_safe
def propose(request: HttpRequest) -> HttpResponse:
    """What the desk changed, as a patch for whoever keeps the files under review."""
    try:
        patch = proposal(settings().plan_folder)
    except PublisherError as error:
        return _shown(request, problems=str(error).splitlines(), status=422)
    response = guarded(HttpResponse(patch, content_type="text/x-diff; charset=utf-8"))
    response["Content-Disposition"] = 'attachment; filename="plan.patch"'
    return response


@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    """Take an object over for the desk, or give it back to its file."""
    kind, _, slug = request.POST.get("thing", "").partition("/")
    try:
        if kind not in BY_KIND:
            raise Refused(f"There is no {kind or 'thing'} “{slug}”.")
        row = hand(
            kind, slug, Owner(request.POST.get("to", "")), doer=doer(request), now=clock.now()
        )
    except (PublisherError, ValueError) as error:
        return _shown(request, problems=[str(error)], status=422)
    key = "desk.plan.is_desks" if row.owner == Owner.DESK else "desk.plan.is_files"
    messages.success(request, spoken(request).say(key, name=row.slug))
    return _back()


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("desk-plan"))


def _taken(request: HttpRequest) -> dict[str, Side]:
    """Read `take-<kind>/<slug>` = file or desk."""
    sides: dict[str, Side] = {"file": "file", "desk": "desk"}
    return {
        name.removeprefix("take-"): sides[value]
        for name, value in request.POST.items()
        if name.startswith("take-") and value in sides
    }


def _shown(
    request: HttpRequest, *, problems: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    found, wrong = _compared()
    return screen(
        request,
        "plan",
        at="plan",
        status=status,
        found=found,
        problems=[*problems, *(line for line in wrong if line not in problems)],
        folder=settings().plan_folder,
        kinds={kind: _rows(kind).count() for kind in BY_KIND},
        kind=(kind := request.GET.get("kind", "")),
        objects=[_told(kind, row, request) for row in _rows(kind)] if kind in BY_KIND else [],
        may_apply=may(person(request), Act.ADMINISTER),
    )


def _compared() -> tuple[Changes | None, list[str]]:
    """Compare, or give what is wrong with the files: the last good plan keeps running."""
    try:
        return changes(settings().plan_folder), []
    except PublisherError as error:
        return None, str(error).splitlines()


def _rows(kind: str) -> QuerySet[PlanObject]:
    return BY_KIND[kind]._default_manager.filter(retired_at=None).order_by("slug")


def _told(kind: str, row: PlanObject, request: HttpRequest) -> dict[str, object]:
    return {
        "slug": row.slug,
        "path": row.path,
        "owner": row.owner,
        "changed": row.applied is not None and row.applied != row.spec,
        "mine": may_change(person(request), act_of_changing(kind, row.spec, None), kind, row.spec),
    }
