"""Which yeses a change of an entry would undo, said before it is saved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.db.models import F

from publisher.flows.prepare import prepare
from publisher.flows.unsaved import Unsaved, only_wall_time
from publisher.flows.waiting import NAMES, UNDECIDED
from publisher.models import Approval, Launch, Placement, Vote
from publisher.models.cell import Cell
from publisher.models.errors import PlanError
from publisher.models.specs import EntrySpec
from publisher.render.rendition import forms, render
from publisher.schedule.matrix import Place
from publisher.schedule.occasions import events
from publisher.schedule.occurrences import occurrences, zone_of
from publisher.settings import settings


@dataclass(frozen=True, kw_only=True)
class Fall:
    """A placement whose yeses a change would undo."""

    placement: Placement
    organisations: tuple[str, ...]  #: slugs of those that said yes
    because: Literal["words", "gone"]  #: other words, or nothing goes there any more


def falling(words: Unsaved, *, now: datetime) -> list[Fall]:
    """Give the yeses that would not count for the words as they are typed.

    A yes is to words: what would still say the same keeps it, whatever else changes.
    """
    rows = Placement.objects.filter(
        occurrence__entry__slug=words.entry.slug, state__in=UNDECIDED, approvals__vote=Vote.YES
    ).distinct()
    prepare(rows, now=now)  # a change before may have left words to be rendered, and yeses to count
    said = yeses(rows.values_list("id", flat=True))
    asked = Placement.objects.filter(id__in=said).select_related(*NAMES).order_by("due_at", "id")
    coming = _Coming(words, now)
    return [
        Fall(placement=row, organisations=said[row.pk], because=because)
        for row in asked
        if (because := coming.undoes(row))
    ]


def yeses(placements: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Give the organisations whose last word on a placement's present words is yes."""
    last = (
        Approval.objects.filter(placement__in=list(placements), rendition=F("placement__rendition"))
        .order_by("placement_id", "organisation_id", "-at", "-id")
        .distinct("placement_id", "organisation_id")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for placement, slug, vote in last.values_list("placement", "organisation__slug", "vote"):
        if vote == Vote.YES:
            found[placement].append(slug)
    return {placement: tuple(slugs) for placement, slugs in found.items()}


class _Coming:
    """The entry as it would be, asked placement by placement."""

    def __init__(self, words: Unsaved, now: datetime) -> None:
        self.words = words
        self.once = only_wall_time(words.entry)
        self.keys = set() if self.once else _keys(words, now)
        self.cells: dict[datetime | None, dict[Place, Cell]] = {}

    def undoes(self, row: Placement) -> Literal["words", "gone", ""]:
        """Say what would become of a placement's yeses; empty: they stand."""
        if not self.once and row.occurrence.key not in self.keys:
            return "gone"
        cell = self._cell(row)
        if cell is None or cell.form not in forms():
            return "gone"
        try:
            content = render(cell, self.words.stands.sources, site_url=settings().site_url)
        except PlanError:
            return "words"
        return "" if content.sha256 == row.rendition_id else "words"

    def _cell(self, row: Placement) -> Cell | None:
        kept = row.occurrence.at_local
        at = self.once or (kept.replace(tzinfo=None) if kept else None)
        if at not in self.cells:
            again = replace(self.words, at_local=at)
            self.cells[at] = {_place(cell): cell for cell in again.cells}
        place = Place(audience=row.audience.slug, outlet=row.outlet.slug, language=row.language)
        cell = self.cells[at].get(place)
        return replace(cell, material=row.material) if cell and row.material else cell


def _keys(words: Unsaved, now: datetime) -> set[str]:
    """Give the keys of the occurrences that there would be."""
    entry: EntrySpec = words.entry
    plan = replace(words.stands.plan, entries={**words.stands.plan.entries, entry.slug: entry})
    launch = Launch.objects.first()
    known = Placement.objects.filter(occurrence__entry__slug=entry.slug)
    moments = occurrences(
        entry,
        zone=zone_of(entry, plan.organisations),
        now=now,
        launched_at=launch.at if launch else None,
        events=events(plan),
        known=set(known.values_list("occurrence__key", flat=True)),
    )
    return {moment.key for moment in moments}


def _place(cell: Cell) -> Place:
    return Place(audience=cell.audience.slug, outlet=cell.outlet.slug, language=cell.language)
