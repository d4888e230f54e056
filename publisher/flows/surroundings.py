"""Gather what stands around an organisation's pages: names, circulars, events, the landscape.

Nothing of an entry that has not gone out is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max
from icalendar import Calendar

from publisher.flows.doors import doors
from publisher.flows.init import starter
from publisher.models import (
    Audience,
    Channel,
    Circular,
    Event,
    Organisation,
    Outlet,
    Placement,
    PlacementState,
    Template,
    WorkItem,
)
from publisher.models.content import HOLE
from publisher.models.site import Shell
from publisher.models.specs import EventSpec, PictureFile
from publisher.render.shell import Looks
from publisher.schedule.events import happenings

AHEAD = timedelta(days=400)
NEWEST = 100  #: circulars, and work items, that a site lists
#: as frozen: the plan may say something else by now that nobody has approved
_TITLE = "rendition__content__parts__title"
PUBLIC = (PlacementState.SENDING, PlacementState.FINISHED)
#: RFC 5545 §3.8.1.3: what its author marks so is not for the public
_NOT_PUBLIC = frozenset({"PRIVATE", "CONFIDENTIAL"})


def shell(organisation: Organisation, *, now: datetime) -> Shell:
    """Give the looks of an organisation's site, and what it says beside its pages."""
    looks = Looks(organisation.said, _sources())
    return Shell(
        digest=looks.digest(),
        around=around(organisation, now=now),
        document=looks.document,
        cards=looks.cards,
    )


def around(organisation: Organisation, *, now: datetime) -> dict[str, Any]:
    """Give what the site shows beside its pages, as JSON values."""
    bodies = Organisation.objects.filter(retired_at=None).order_by("slug")
    return {
        "organisation": _body(organisation),
        "organisations": [_body(one) for one in bodies],
        "audiences": {one.slug: dict(one.said.name) for one in Audience.objects.all()},
        "circulars": _circulars(organisation),
        "events": list(_events(organisation, now)),
        "landscape": _landscape(),
        "doors": doors(organisation.slug),
    }


class _Templates:
    """The plan's templates for a site; what an older plan lacks is the starter's."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def source(self, path: str) -> str | None:
        """See `Sources`."""
        if path in self._sources or "/organisations/" in path or "/languages/" in path:
            return self._sources.get(path)
        return _starters().get(path)

    def master(self, path: str) -> PictureFile | None:
        """See `Sources`: a site has none."""
        del path
        return None


@lru_cache(maxsize=1)
def _starters() -> dict[str, str]:
    folder = starter() / "templates"
    files = [*(folder / "site").glob("*.j2"), folder / "labels.yaml"]
    return {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in files}


def _sources() -> _Templates:
    """Give the same object for the same templates, so that they are compiled once."""
    rows = Template.objects.filter(retired_at=None, slug__startswith="site/")
    changed = rows.aggregate(at=Max("changed_at"), count=Count("pk"))
    words = Template.objects.filter(slug="labels.yaml", retired_at=None).values_list("changed_at")
    return _read(str((changed, list(words))))


@lru_cache(maxsize=2)
def _read(_version: str) -> _Templates:
    rows = Template.objects.filter(retired_at=None)
    wanted = rows.filter(slug__startswith="site/") | rows.filter(slug="labels.yaml")
    return _Templates({row.slug: row.said.source for row in wanted})


def _body(organisation: Organisation) -> dict[str, Any]:
    said = organisation.said
    return {
        "slug": said.slug,
        "name": dict(said.name),
        "short": said.short,
        "website": said.website,
    }


def _circulars(organisation: Organisation) -> list[dict[str, Any]]:
    """Give the newest circulars: its own, or everybody's where it issues none."""
    rows = Circular.objects.select_related("organisation")
    numbered = Channel.objects.filter(spec__form="circular", retired_at=None)
    if Outlet.objects.filter(organisation=organisation, channel__in=numbered).exists():
        rows = rows.filter(organisation=organisation)
    newest = list(rows.order_by("-dated", "-year", "-number", "organisation__slug")[:NEWEST])
    documents = _documents(newest)
    return [
        {
            "number": row.cited,
            "title": {one["language"]: one["title"] for one in those},
            "dated": row.dated.isoformat(),
            "documents": those,
        }
        for row in newest
        if (those := documents.get((row.occurrence_id, row.organisation_id), []))
    ]


def _documents(rows: Iterable[Circular]) -> dict[tuple[int, int], list[dict[str, str]]]:
    """Give where each circular can be read, by occurrence and organisation."""
    found: dict[tuple[int, int], list[dict[str, str]]] = {}
    placements = _public("circular").filter(occurrence__in={row.occurrence_id for row in rows})
    for said in placements.order_by("language", "id").values_list(
        "occurrence_id", "outlet__organisation_id", "language", "url", _TITLE
    ):
        documents = found.setdefault((said[0], said[1]), [])
        document = {"language": said[2], "url": said[3], "title": _whole(said[4])}
        if document not in documents:
            documents.append(document)
    return found


def _whole(title: str | None) -> str:
    """Give a title as it was approved, without the marks of what was filled in later."""
    return " ".join(HOLE.sub("", title or "").split())


def _public(form: str) -> Any:  # noqa: ANN401  # a QuerySet; mypy's plugin wants its row type
    return Placement.objects.filter(
        outlet__channel__spec__form=form, state__in=PUBLIC, started_at__isnull=False
    ).exclude(url="")


def _events(organisation: Organisation, now: datetime) -> Iterable[dict[str, Any]]:
    zone = organisation.said.time_zone
    here = datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time())
    found = [
        (day, event.summary)
        for event in (row.said for row in Event.objects.filter(retired_at=None))
        for day in _days(event, zone, here)
    ]
    return ({"on": day, "title": title} for day, title in sorted(found))


@lru_cache(maxsize=512)  # asked at each publication; an event changes rarely, and days pass slowly
def _days(event: EventSpec, zone: str, here: datetime) -> tuple[str, ...]:
    """Give the days on which an event that is for the public takes place."""
    if not _is_public(event):
        return ()
    found = happenings(event, zone=zone, between=(here, here + AHEAD))
    return tuple(one.start.astimezone(ZoneInfo(zone)).date().isoformat() for one in found)


def _is_public(event: EventSpec) -> bool:
    parts = Calendar.from_ical(event.ics).walk("VEVENT")
    return not any(str(part.get("CLASS", "")).upper() in _NOT_PUBLIC for part in parts)


def _landscape() -> dict[str, Any]:
    """Give the landscape's documents, and the work items once there is a document."""
    documents = [
        {"language": language, "url": url, "title": _whole(title), "at": at.date().isoformat()}
        for language, url, title, at in _public("landscape")
        .order_by("-started_at", "language", "id")
        .values_list("language", "url", _TITLE, "started_at")[:NEWEST]
    ]
    if not documents:
        return {"documents": [], "items": [], "counts": []}
    items = WorkItem.objects.filter(unconfirmed=False, missing_since=None)
    newest = items.select_related("organisation").order_by("-changed_at", "identifier")
    counts = items.values_list("organisation__slug").annotate(count=Count("pk"))
    return {
        "documents": _once(documents),
        "items": [
            {
                "identifier": item.identifier,
                "title": item.title,
                "stage": item.stage,
                "organisation": item.organisation.said.short,
                "url": item.url if item.url.startswith(("https://", "http://")) else "",
            }
            for item in newest[:NEWEST]
        ],
        "counts": [{"organisation": slug, "count": count} for slug, count in counts.order_by()],
    }


def _once(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the newest document in each language."""
    kept: dict[str, dict[str, Any]] = {}
    for document in documents:
        kept.setdefault(document["language"], document)
    return list(kept.values())
