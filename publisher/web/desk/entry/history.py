"""What an entry said before, and what each change was."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publisher.models import Entry, Version
from publisher.plan.diff import Said
from publisher.web.desk.entry.compared import Compared, compared
from publisher.web.desk.entry.views import entry_called
from publisher.web.desk.screen import screen

SHOWN = 30  #: the latest


@dataclass(frozen=True, kw_only=True)
class Step:
    """One change."""

    version: Version
    fields: list[Compared]
    first: bool  #: nothing is known of before
    now: bool  #: it says this now


@require_safe
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every change that the desk made, the latest first, each against the one before."""
    row = entry_called(slug)
    rows = list(Version.objects.filter(thing=f"entry/{slug}").select_related("person")[: SHOWN + 1])
    return screen(
        request,
        "entry/versions",
        at="entries",
        entry=row,
        steps=[_step(row, rows, at) for at in range(min(len(rows), SHOWN))],
    )


def _step(entry: Entry, rows: list[Version], at: int) -> Step:
    after = rows[at].spec or {}
    before = _before(entry, rows, at)
    return Step(
        version=rows[at],
        fields=compared(before, after) if before and after else [],
        first=before is None,
        now=after == entry.spec,
    )


def _before(entry: Entry, rows: list[Version], at: int) -> Said | None:
    """Give what it said before a change: the version before, or the file's last word."""
    if at + 1 < len(rows):
        earlier: Said | None = rows[at + 1].spec
        return earlier
    applied: Said | None = entry.applied
    return applied
