"""Work items as landscapes and circulations show them: JSON values, each with what is close."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import Max, QuerySet

from publisher.flows import landscape_sql as statements
from publisher.flows.find_related import Related, find_related
from publisher.flows.materials import Asked
from publisher.kit.text import one_line
from publisher.landscape.fields import committee_key, field_of, fields
from publisher.models import (
    Entry,
    Gathering,
    IndexedTitle,
    Organisation,
    Placement,
    PlacementState,
    WorkItem,
    WorkItemState,
)
from publisher.models.adapter import Json
from publisher.models.errors import Refused
from publisher.models.specs import LandscapeSpec, in_language

MOST = 500  #: work items in one document; more is no map any more
NEAR = 0.45  #: below this score two titles share little more than their field
_RECENT = 24  #: how many editions of an outlet are looked through for the last of a kind
_CLOSE = 3  #: how many close items are shown beside one
_DEAD = (WorkItemState.WITHDRAWN, WorkItemState.CANCELLED)


def wanted(asked: Asked, states: Sequence[str] = ()) -> QuerySet[WorkItem]:
    """Give the work items that an entry's `landscape` names; all that are alive if it has none.

    Args:
        asked: by whose entry.
        states: which are meant where the entry says nothing of states.
    """
    said = _said(asked) or LandscapeSpec()
    items = WorkItem.objects.exclude(title="").filter(unconfirmed=False, missing_since=None)
    items = items.select_related("organisation")
    chosen = said.states or states
    items = items.filter(state__in=chosen) if chosen else items.exclude(state__in=_DEAD)
    if said.organisations:
        items = items.filter(organisation__slug__in=said.organisations)
    if said.ics or said.committees:
        items = items.filter(pk__in=_fitting(said))
    return items.order_by("organisation__slug", "identifier")


def lines(items: Iterable[WorkItem], asked: Asked) -> list[Json]:
    """Give a line for each work item, with the close ones of the other organisations."""
    around = _Around(
        language=asked.language,
        version=_version(),
        searched=_searched(asked.language),
        shorts={one.slug: _short(one, asked.language) for one in Organisation.objects.all()},
    )
    return [_line(item, around) for item in items]


def sections(found: Sequence[Json], language: str) -> list[Json]:
    """Put lines under their fields, in the order of the ICS."""
    return [
        {"slug": field.slug, "name": in_language(field.names, language), "lines": inside}
        for field in fields().values()
        if (inside := [line for line in found if line["field"] == field.slug])
    ]


def sources(language: str) -> list[Json]:
    """Say what was read, and when."""
    return [
        {
            "organisation": _short(one.organisation, language),
            "source": one.source.rpartition("/")[2],
            "items": figure(one.items),
            "date": one.at.date().isoformat(),
        }
        for one in Gathering.objects.select_related("organisation").order_by(
            "organisation__slug", "source"
        )
    ]


def committees_in(codes: Sequence[str]) -> dict[str, set[str]]:
    """Give the keys of the committees that work in each field, by its code of two digits."""
    found: dict[str, set[str]] = {code: set() for code in codes}
    with connection.cursor() as cursor:
        cursor.execute(statements.COMMITTEES, [list(codes)])
        for code, organisation, committee in cursor.fetchall():
            found[code].add(committee_key(committee, organisation))
    return found


def meant(asked: Asked) -> Json:
    """Say which work items an entry means, as its front matter does; null: all."""
    said = _said(asked)
    return said.model_dump() if said else None


def last_edition(asked: Asked) -> Json:
    """Give what the last edition that went out was made of; empty: this is the first.

    It is that of the same outlet, audience, language and choice of work items, whichever entry
    of the calendar brought it.
    """
    went_out = Placement.objects.filter(
        audience__slug=asked.audience,
        outlet__slug=asked.outlet,
        language=asked.language,
        state=PlacementState.FINISHED,
        rendition__isnull=False,
    ).order_by("-started_at")
    wanted = meant(asked)
    for content in went_out.values_list("rendition__content", flat=True)[:_RECENT]:
        data = json.loads(content["parts"].get("data", "{}"))
        if data.get("meant", "") == wanted:
            return data
    return {}


def figure(number: int) -> str:
    """Write a number as readers of any language do: 102 933."""
    return f"{number:,}".replace(",", "\u202f")


def _said(asked: Asked) -> LandscapeSpec | None:
    entry = Entry.objects.filter(slug=asked.entry).first()
    return entry.said.landscape if entry else None


def _fitting(said: LandscapeSpec) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statements.FITTING, {"ics": said.ics, "committees": said.committees})
        rows = cursor.fetchall()
    return [
        pk
        for pk, fits, organisation, names in rows
        if fits
        or field_of([], [committee_key(name, organisation) for name in names]).code in said.ics
    ]


@dataclass(frozen=True, kw_only=True)
class _Around:
    """What is the same for every line."""

    language: str
    version: str  #: of the index
    searched: Mapping[str, Json]  #: by whose item it is
    shorts: Mapping[str, str]  #: organisations' short names


def _line(item: WorkItem, around: _Around) -> Json:
    slug = item.organisation.slug
    keys = [committee_key(name, slug) for name in item.committees]
    near = _close(item.pk, around.version)
    field = field_of(item.ics, keys)
    return {
        "key": f"{slug} {item.identifier}",
        "organisation": around.shorts[slug],
        "slug": slug,
        "identifier": one_line(item.identifier),
        "title": one_line(item.title),
        "committees": [one_line(name) for name in item.committees],
        "keys": keys,
        "ics": item.ics,
        "field": field.slug,
        "field_name": in_language(field.names, around.language),
        "state": item.state,
        "stage": one_line(item.stage),
        "date": item.published,
        "edition": item.edition,
        "url": item.url,
        "answer_by": item.answer_by,
        "answer_to": one_line(item.answer_to) or item.organisation.said.sender.reply_to,
        "conflicts": [one_line(one) for titles in item.conflicts.values() for one in titles],
        "near": [_near(one, around) for one in near],
        "searched": around.searched[slug],
    }


def _near(found: Related, around: _Around) -> Json:
    return {
        "organisation": around.shorts[found.organisation],
        "identifier": one_line(found.identifier),
        "title": one_line(found.title),
        "twin": found.kind == "twin",
        "committees": [one_line(name) for name in found.committees],
        "keys": [committee_key(name, found.organisation) for name in found.committees],
        "why": [one_line(reason.text(around.language)) for reason in found.why],
        "url": found.url,
    }


@lru_cache(maxsize=4 * MOST)
def _close(item: int, version: str) -> tuple[Related, ...]:
    """Give what is close to a work item; `version` changes with the index."""
    del version
    row = WorkItem.objects.select_related("organisation").get(pk=item)
    try:
        searched = find_related(row.identifier, organisation=row.organisation.slug, most=_CLOSE)
    except Refused:  # its title has no word to search by
        return ()
    said = [one for one in searched.found if not one.unconfirmed]
    return tuple(one for one in said if one.kind == "twin" or one.score >= NEAR)


def _version() -> str:
    last = WorkItem.objects.aggregate(at=Max("changed_at"))["at"]
    return f"{connection.settings_dict['NAME']} {last} {IndexedTitle.objects.count()}"


def _searched(language: str) -> dict[str, Json]:
    """Say, for items of each organisation, in what the others' were looked for."""
    owners = list(Organisation.objects.filter(work_items__isnull=False).distinct().order_by("slug"))
    titles = {one.slug: IndexedTitle.objects.filter(organisation=one).count() for one in owners}
    read = {one.slug: one.gatherings.aggregate(at=Max("at"))["at"] for one in owners}
    return {
        owner.slug: {
            "titles": figure(sum(titles[one.slug] for one in owners if one != owner)),
            "organisations": [_short(one, language) for one in owners if one != owner],
            # The oldest of them: what is newer than that may be missing.
            "date": min(
                (at.date().isoformat() for slug, at in read.items() if slug != owner.slug and at),
                default="",
            ),
        }
        for owner in owners
    }


def _short(organisation: Organisation, language: str) -> str:
    said = organisation.said
    return said.short or in_language(said.name, language)
