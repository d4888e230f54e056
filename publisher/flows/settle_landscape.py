"""Decide which title an identifier has, where sources differ: a person's act, on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from publisher.flows import landscape_sql as statements
from publisher.flows.landscape import index
from publisher.kit.nearest import meant
from publisher.landscape import normalise
from publisher.models import WorkItem
from publisher.models.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """One identifier, and every title that sources give it."""

    organisation: str
    identifier: str
    title: str  #: the one that stands
    source: str  #: who says so
    others: dict[str, list[str]]  #: by source


def conflicts(organisation: str = "") -> list[Conflict]:
    """Give what waits for a decision."""
    items = WorkItem.objects.exclude(conflicts={}).select_related("organisation")
    if organisation:
        items = items.filter(organisation__slug=organisation)
    return [_conflict(item) for item in items.order_by("organisation__slug", "identifier")]


def settle(
    identifier: str, *, organisation: str, title: str, person: str, why: str, now: datetime
) -> Conflict:
    """Let one of the titles stand, and keep who decided it and why.

    Later imports that repeat the other titles change nothing; a title nobody has seen yet is a
    conflict again. Scopes, stages and dates still come from the sources.

    Raises:
        Refused: there is no such conflict, or the title is none of those that sources give.
    """
    if not person.strip():
        raise Refused("A decision is a person's: say whose with --as “Anna Keller”.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.ALONE)
        item = _waiting(identifier, organisation)
        before = _conflict(item)
        titles = _titles(before)
        if title not in titles:
            shown = "”, “".join(titles)
            raise Refused(f"{identifier}: no source calls it so; choose one of “{shown}”")
        item.decided = {
            "title": title,
            "over": [one for one in titles if one != title],
            "by": person.strip(),
            "at": now.isoformat(),
            "why": why.strip(),
        }
        item.title, item.conflicts, item.changed_at = title, {}, now
        item.words = list(normalise.title_words(title))
        item.save()
        index()
    return before


def _waiting(identifier: str, organisation: str) -> WorkItem:
    open_ones = WorkItem.objects.filter(organisation__slug=organisation).exclude(conflicts={})
    item = open_ones.select_for_update(of=("self",)).filter(identifier=identifier).first()
    if item is None:
        names = list(open_ones.values_list("identifier", flat=True)[:2000])
        raise Refused(f"{identifier}: no conflict of that name waits{meant(identifier, names)}")
    return item


def _conflict(item: WorkItem) -> Conflict:
    return Conflict(
        organisation=item.organisation.slug,
        identifier=item.identifier,
        title=item.title,
        source=item.source,
        others=dict(item.conflicts),
    )


def _titles(conflict: Conflict) -> Sequence[str]:
    others = (title for titles in conflict.others.values() for title in titles)
    return list(dict.fromkeys([conflict.title, *others]))
