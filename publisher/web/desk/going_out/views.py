"""What is being sent, what is held up and what nobody knows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publisher.flows.rights import organisations
from publisher.flows.uncertain import uncertain
from publisher.kit import clock
from publisher.models import Act, Audience, Entry, Outlet, Placement, PlacementState
from publisher.models.specs import in_language
from publisher.web.desk.door import person
from publisher.web.desk.going_out.progress import UNDER_WAY, shown
from publisher.web.desk.screen import screen, spoken
from publisher.web.names import Names


@require_safe
def going_out(request: HttpRequest) -> HttpResponse:
    """Live progress, a placement a row."""
    return page(request)


@dataclass(frozen=True)
class Group:
    """The placements of one occurrence, and their figures as one."""

    entry: Entry
    at: datetime | None
    rows: Sequence[Placement]

    @property
    def key(self) -> int:
        """What tells it from the others, as long as it is shown."""
        return self.rows[0].occurrence_id

    @property
    def open(self) -> bool:
        """Whether somebody may have to do something about it."""
        settled = {PlacementState.FINISHED, PlacementState.CANCELLED}
        return any(row.state not in settled or row.uncertain for row in self.rows)

    @property
    def states(self) -> Counter[str]:
        """How many placements stand where."""
        return Counter(row.state for row in self.rows)

    def sum(self, figure: str) -> int:
        """Add up one figure."""
        return sum(getattr(row, figure) for row in self.rows)


def _by_occurrence(rows: Sequence[Placement]) -> list[Group]:
    found: dict[int, list[Placement]] = defaultdict(list)
    for row in rows:
        found[row.occurrence_id].append(row)
    groups = [Group(many[0].occurrence.entry, many[0].due_at, many) for many in found.values()]
    return sorted(groups, key=lambda group: not group.open)


def page(request: HttpRequest, *, problems: Sequence[str] = (), status: int = 200) -> HttpResponse:
    """Show the page, with what could not be done."""
    rows = list(shown(clock.now()))
    mine = organisations(person(request), Act.PUBLISH)
    return screen(
        request,
        "going_out/going_out",
        at="going-out",
        status=status,
        groups=_by_occurrence(rows),
        doubtful=_doubts(spoken(request).tag),
        under_way=any(row.state in UNDER_WAY for row in rows),
        mine=set(Outlet.objects.filter(organisation__slug__in=mine).values_list("id", flat=True)),
        may_hold=bool(mine),
        may_search=bool(organisations(person(request), Act.READERS)),
        names=Names(spoken(request).tag),
        problems=problems,
    )


def _doubts(language: str) -> list[dict[str, object]]:
    """Give what nobody knows of, as people name it."""
    found = uncertain()
    titles = dict(
        Entry.objects.filter(slug__in={one.entry for one in found}).values_list(
            "slug", "spec__title"
        )
    )
    outlets = {one.slug: one for one in Outlet.objects.select_related("organisation", "channel")}
    audiences = dict(Audience.objects.values_list("slug", "spec__name"))
    return [
        {
            "entry": one.entry,
            "title": in_language(titles[one.entry], language),
            "organisation": outlets[one.outlet].organisation.said.short,
            "channel": in_language(outlets[one.outlet].channel.said.name, language),
            "audience": in_language(audiences[one.audience], language),
            "language": one.language,
            "count": one.count,
            "answer": one.answer,
        }
        for one in found
    ]
