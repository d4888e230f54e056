"""Render placements and keep their words under their hash, to be shown, approved and sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import JSONField, Value

from publisher.flows.materials import Asked, gathered, of_the_plan
from publisher.flows.stored_plan import stored_plan
from publisher.flows.tell import tell_of_words
from publisher.flows.waiting import NAMES
from publisher.models import Approval, Occurrence, Placement, PlacementState, Rendition
from publisher.models.adapter import Json
from publisher.models.cell import Cell, PartnerItem
from publisher.models.content import Content, canonical
from publisher.models.errors import PlanError, Problem
from publisher.models.specs import EntrySpec
from publisher.render.cascade import PlanSources
from publisher.render.rendition import files_problems, forms, render, words_problems
from publisher.schedule.matrix import Matrix, Place
from publisher.settings import settings

#: whose words may still change
_OPEN = (PlacementState.PLANNED, PlacementState.MISSED)


def prepare(placements: Iterable[Placement], *, now: datetime) -> list[Problem]:
    """Render what has not started and has no words, store them, and set `rendition` on each row.

    Words once rendered stay, with the partners' items of that moment, until the plan changes.
    What a form asked for beyond the plan stays even then, once an approver has spoken: figures
    that somebody said yes to do not move because a template did.
    A placement with a problem gets no words, so nobody can approve it, and says what is wrong.

    Args:
        placements: rows, with or without what they point to.
        now: aware.
    """
    rows = _with_names(placements)
    if not rows:
        return []
    oven = Oven(now)
    problems: list[Problem] = []
    made: dict[str, Rendition] = {}
    spoken = _spoken(rows)
    for row in rows:
        content, wrong = oven.content(row, kept=row.pk in spoken)
        problems += wrong
        rendition = _rendition(content, now) if content and not wrong else None
        if rendition:
            made[rendition.sha256] = rendition
        row.rendition_id = rendition.sha256 if rendition else None
        if wrong or row.state == PlacementState.PLANNED:
            row.problem = "\n".join(map(str, wrong))
    _store(rows, made, now)
    return list(dict.fromkeys(problems))


class Oven:
    """The plan, loaded once, and the partners' items, gathered once; without `now`, not at all."""

    def __init__(self, now: datetime | None) -> None:
        self.plan = stored_plan()
        self.sources = PlanSources(self.plan)
        self._matrix = Matrix(self.plan)
        self._now = now
        self._cells: dict[int, dict[Place, Cell]] = {}
        self._materials: dict[tuple[str, Asked], Json] = {}
        self._sound: set[str] = set()  #: hashes of words whose files can be made
        self._items: dict[str, tuple[PartnerItem, ...]] = {}

    def cell(self, row: Placement) -> Cell:
        """Give a row's cell; PlanError if the plan has none."""
        place = Place(audience=row.audience.slug, outlet=row.outlet.slug, language=row.language)
        cells = self.cells(row.occurrence)
        if place not in cells:
            entry = row.occurrence.entry.slug
            sentence = (
                f"nothing goes to “{place.audience}” through “{place.outlet}” in "
                f"“{place.language}” any more"
            )
            raise PlanError([Problem(path=f"calendar/{entry}.md", sentence=sentence)])
        return cells[place]

    def cells(self, occurrence: Occurrence) -> Mapping[Place, Cell]:
        """Give the cells of an occurrence by their place."""
        if occurrence.pk not in self._cells:
            entry = self.plan.entries.get(occurrence.entry.slug)
            at_local = occurrence.at_local.replace(tzinfo=None) if occurrence.at_local else None
            found = self.cells_of(entry, at_local) if entry else []
            self._cells[occurrence.pk] = {_place(cell): cell for cell in found}
        return self._cells[occurrence.pk]

    def cells_of(self, entry: EntrySpec, at_local: datetime | None) -> list[Cell]:
        """Give the cells of an entry at a wall time."""
        found = self._matrix.cells(entry, at_local=at_local)
        return [self._with_material(self._with_items(cell)) for cell in found]

    def content(self, row: Placement, *, kept: bool) -> tuple[Content | None, list[Problem]]:
        """Render a row, and say what is wrong with it.

        Args:
            row: its `material` is filled in.
            kept: whether it is rendered with the material that it has.
        """
        try:
            cell = self.cell(row)
            if kept and row.material:
                fresh = {name: cell.material[name] for name in cell.material if of_the_plan(name)}
                cell = replace(cell, material={**_in_order(row.material), **fresh})
            row.material = dict(cell.material)
            content = render(cell, self.sources, site_url=settings().site_url)
        except PlanError as error:
            return None, error.problems
        return content, words_problems(cell, content) or self._files_problems(content)

    def _files_problems(self, content: Content) -> list[Problem]:
        """Say what is wrong with its files; what was kept before was kept because nothing was."""
        sha256 = content.sha256
        if sha256 in self._sound or Rendition.objects.filter(sha256=sha256).exists():
            return []
        problems = files_problems(content)
        if not problems:
            self._sound.add(sha256)
        return problems

    def _with_items(self, cell: Cell) -> Cell:
        if cell.form != "newsletter" or not cell.entry.partner_feed or self._now is None:
            return cell
        return replace(cell, partner_items=self._gathered(cell.entry.partner_feed, self._now))

    def _with_material(self, cell: Cell) -> Cell:
        form = forms().get(cell.form)
        if form is None or not form.needs:
            return cell
        asked = Asked.by(cell, self._now)
        return replace(cell, material={name: self._material(name, asked) for name in form.needs})

    def _material(self, name: str, asked: Asked) -> Json:
        if (name, asked) not in self._materials:
            self._materials[name, asked] = _in_order(gathered(name, asked))
        return self._materials[name, asked]

    def _gathered(self, url: str, now: datetime) -> tuple[PartnerItem, ...]:
        from publisher.flows.gather import gather

        if url not in self._items:
            self._items[url] = gather(url, now=now)
        return self._items[url]


def _in_order(material: Json) -> Json:
    """Give JSON values with their keys in one order: a database gives them back in another."""
    return json.loads(canonical(material))


def _spoken(rows: Iterable[Placement]) -> set[int]:
    """Give those of which an approver has said something."""
    votes = Approval.objects.filter(placement__in=[row.pk for row in rows])
    return set(votes.values_list("placement", flat=True))


def _place(cell: Cell) -> Place:
    return Place(audience=cell.audience.slug, outlet=cell.outlet.slug, language=cell.language)


def _with_names(placements: Iterable[Placement]) -> list[Placement]:
    """Give the rows that may be rendered and have no words, each with what it points to."""
    open_rows = [row for row in placements if row.state in _OPEN]
    known = Placement.objects.filter(pk__in=[row.pk for row in open_rows])
    words = dict(known.values_list("pk", "rendition"))
    for row in open_rows:
        row.rendition_id = words[row.pk]
    named = {row.pk: row for row in known.filter(rendition=None).select_related(*NAMES)}
    wanted = [row for row in open_rows if row.rendition_id is None and row.pk in named]
    for row in wanted:
        found = named[row.pk]
        row.audience, row.outlet, row.occurrence = found.audience, found.outlet, found.occurrence
        row.plan_digest, row.material = found.plan_digest, found.material
    kept = forms()
    return [row for row in wanted if row.outlet.channel.spec["form"] in kept]


def _rendition(content: Content, now: datetime) -> Rendition:
    return Rendition(
        sha256=content.sha256,
        form=content.form,
        language=content.language,
        content=Value(content.to_json(), JSONField()),  # long, and else escaped in an array
        made_at=now,
    )


@transaction.atomic
def _store(rows: Iterable[Placement], made: Mapping[str, Rendition], now: datetime) -> None:
    """Keep the words of what has neither started nor changed while they were rendered."""
    Rendition.objects.bulk_create(made.values(), ignore_conflicts=True, batch_size=500)
    locked = Placement.objects.select_for_update().order_by("id")
    kept = locked.filter(pk__in=[row.pk for row in rows], state__in=_OPEN)
    digests = dict(kept.values_list("pk", "plan_digest"))
    same = [row for row in rows if digests.get(row.pk) == row.plan_digest]
    Placement.objects.bulk_update(same, ["rendition", "problem", "material"], batch_size=500)
    tell_of_words(same, now=now)
