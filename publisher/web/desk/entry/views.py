"""The list of entries, and one of them opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publisher.flows import drafts
from publisher.flows.rights import Owners, may, owners
from publisher.flows.waiting import UNDECIDED
from publisher.models import Act, Comment, Draft, Entry, Version
from publisher.models.specs import in_language
from publisher.web.desk.door import person
from publisher.web.desk.entry.sheet import fresh, show
from publisher.web.desk.entry.typed import Typed, typed_of
from publisher.web.desk.screen import screen, spoken

ON_A_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry of the list."""

    entry: Entry
    title: str
    languages: tuple[str, ...]
    speaks_for: tuple[str, ...]
    due_at: datetime | None
    open_comments: int
    drafted: bool  #: there is a draft of who looks


def owners_of(request: HttpRequest, slug: str) -> Owners:  # the door passes it
    """Give whose an entry is."""
    del request
    return owners("entry", entry_called(slug).spec)


def entry_called(slug: str) -> Entry:
    """Give an entry of the plan in force; Http404 where there is none."""
    row = Entry.objects.filter(slug=slug, retired_at=None).first()
    if row is None:
        raise Http404
    return row


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every entry, what is due first on top."""
    asked = request.GET.get("q", "").strip().casefold()
    language = spoken(request).tag
    rows = Entry.objects.filter(retired_at=None).annotate(due_at=_due())
    found = [
        row
        for row in rows
        if not asked
        or asked in row.slug
        or any(asked in title.casefold() for title in row.spec["title"].values())
    ]
    found.sort(key=lambda row: (row.due_at is None, row.due_at or 0, row.slug))
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return screen(
        request,
        "entry/list",
        at="entries",
        lines=_lines(list(shown), request, language),
        shown=shown,
        asked=request.GET.get("q", ""),
        may_create=may(person(request), Act.EDIT),
    )


@require_safe
def opened(request: HttpRequest, slug: str) -> HttpResponse:
    """The entry as it is; with `draft` as it was last typed, with `version` as it once was."""
    row = entry_called(slug)
    typed, beside = _asked_for(request, row)
    return show(request, fresh(row, typed, beside=beside))


def _asked_for(request: HttpRequest, row: Entry) -> tuple[Typed, dict[str, object]]:
    if "draft" in request.GET and (kept := drafts.kept(person(request), row.slug)):
        return Typed(kept.fields), {"resumed": True}
    number = request.GET.get("version", "")
    if number.isdecimal():
        version = Version.objects.filter(pk=number, thing=f"entry/{row.slug}").first()
        if version is not None and version.spec:
            return typed_of(version.spec), {"old_version": version}
    return typed_of(row.spec), {}


def _due() -> Min:
    waits = Q(occurrences__placements__state__in=UNDECIDED)
    return Min("occurrences__due_at", filter=waits)


def _lines(rows: Iterable[Entry], request: HttpRequest, language: str) -> list[Line]:
    remarks: dict[str, int] = {}
    for slug in Comment.objects.filter(resolved_at=None).values_list("entry", flat=True):
        remarks[slug] = remarks.get(slug, 0) + 1
    mine = set(Draft.objects.filter(person=person(request)).values_list("entry", flat=True))
    return [
        Line(
            entry=row,
            title=in_language(row.spec["title"], language),
            languages=tuple(dict.fromkeys(words["language"] for words in row.spec["words"])),
            speaks_for=tuple(row.spec.get("speaks_for", [])),
            due_at=getattr(row, "due_at", None),
            open_comments=remarks.get(row.slug, 0),
            drafted=row.slug in mine,
        )
        for row in rows
    ]
