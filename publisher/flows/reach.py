"""How many readers an entry would reach through each outlet: counted, and nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from publisher.dispatch.recipients import Offer, judged_counts
from publisher.flows.occasions import about_entry
from publisher.flows.unsaved import Unsaved
from publisher.models import Audience, Channel, Organisation
from publisher.models.cell import Cell
from publisher.models.specs import in_language
from publisher.render.rendition import forms
from publisher.schedule.matrix import wholes


@dataclass(frozen=True, kw_only=True)
class Reach:
    """One cell that goes to readers, and how many."""

    outlet: str  #: slug
    adapter: str  #: that carries it
    audience: str  #: slug
    language: str
    readers: int  #: who would get it
    excluded: int  #: in the audience, but without consent, or served by another copy


def reach(words: Unsaved) -> list[Reach]:
    """Count by the same statement that writes the ledger."""
    cells = [cell for cell in words.cells if _to_readers(cell)]
    if not cells:
        return []
    counts = _counts(words, cells)
    return [
        Reach(
            outlet=cell.outlet.slug,
            adapter=cell.outlet.carrier,
            audience=cell.audience.slug,
            language=cell.language,
            readers=counts.get((at, False), 0),
            excluded=counts.get((at, True), 0),
        )
        for at, cell in enumerate(cells)
    ]


def _to_readers(cell: Cell) -> bool:
    return cell.form in forms() and forms()[cell.form].addressed_to == "readers"


def _counts(words: Unsaved, cells: Sequence[Cell]) -> dict[tuple[int, bool], int]:
    ids = dict(Audience.objects.values_list("slug", "id"))
    rules = {ids[cell.audience.slug]: cell.audience.who for cell in cells}
    query = judged_counts(
        _offers(words, cells, ids),
        rules,
        messages=words.entry.messages,
        about=about_entry(words.entry),
    )
    with connection.cursor() as cursor:
        cursor.execute(query.sql, query.parameters)
        return {(at, excluded): number for at, excluded, number in cursor.fetchall()}


def _offers(words: Unsaved, cells: Sequence[Cell], audiences: dict[str, int]) -> list[Offer]:
    organisations = dict(Organisation.objects.values_list("slug", "id"))
    channels = dict(Channel.objects.values_list("slug", "id"))
    return [
        Offer(
            placement=at,
            audience=audiences[cell.audience.slug],
            audience_name=in_language(cell.audience.name, "en"),
            depth=len(list(wholes(words.stands.plan, cell.audience))),
            organisation=organisations[cell.organisation.slug],
            slug=cell.organisation.slug,
            short=cell.organisation.short,
            channel=channels[cell.channel.slug],
            language=cell.language,
            fallback=_standing(cell),
            competes=True,
            written=False,
            now=True,
            registered=cell.audience.who.seats is not None,
        )
        for at, cell in enumerate(cells)
    ]


def _standing(cell: Cell) -> int:
    spoken = cell.organisation.languages
    return spoken.index(cell.language) if cell.language in spoken else len(spoken)
