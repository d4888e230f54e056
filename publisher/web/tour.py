"""What went out lately, gathered by entry: the front page's tour."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Max

from publisher.models import Circular, Occurrence, Placement, PlacementState
from publisher.models.specs import in_language
from publisher.settings import settings

#: the order in which an entry's forms are shown
FORMS = ("newsletter", "page", "feed", "post", "circular")
PUBLIC = (PlacementState.SENDING, PlacementState.FINISHED)


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One placement one can look at."""

    key: str
    form: str
    organisation: str  #: its short name
    channel: str
    audience: str
    language: str
    url: str  #: where it stands in public; empty: nowhere
    captured: bool  #: it went to the capture mailbox or timeline, not to the world
    accepted: int
    number: str  #: a circular's, such as ISO 3/2027; else empty

    @property
    def address(self) -> str:
        """Where anybody may read it; empty: nowhere, as for a post that was captured."""
        if self.form == "newsletter":
            return f"/archive/{self.key}/"
        return "" if self.url.startswith("/capture/") else self.url


@dataclass(frozen=True, kw_only=True)
class Story:
    """One entry's occurrence, and everywhere it went."""

    uid: str  #: the same for the same occurrence, for ever
    title: str
    summary: str
    at: datetime
    stops: Mapping[str, list[Stop]]  #: by form


def stories(language: str, *, newest: int = 20) -> list[Story]:
    """Give the occurrences that went out, the newest first, with titles in a language."""
    out = Placement.objects.filter(state__in=PUBLIC, started_at__isnull=False)
    began = (
        out.order_by()
        .values_list("occurrence")
        .annotate(at=Max("started_at"))
        .order_by("-at", "-occurrence")[:newest]
    )
    order = {occurrence: place for place, (occurrence, _) in enumerate(began)}
    placements = (
        out.filter(occurrence__in=order)
        .select_related("occurrence__entry", "outlet__channel", "outlet__organisation", "audience")
        .order_by("outlet__slug", "language", "audience__slug")
    )
    found = sorted(placements, key=lambda placement: order[placement.occurrence_id])
    numbers = _numbers(order)
    return [
        _story(occurrence, list(those), numbers, language)
        for occurrence, those in groupby(found, key=lambda placement: placement.occurrence)
    ]


def near(url: str) -> str:
    """Give an address of ours without its host, so that it works by whatever name we are asked."""
    ours = settings().site_url
    return url.removeprefix(ours) if url.startswith(f"{ours}/") else url


def _story(
    occurrence: Occurrence,
    placements: list[Placement],
    numbers: Mapping[tuple[int, int], str],
    language: str,
) -> Story:
    entry = occurrence.entry.said
    stops = [_stop(placement, numbers, language) for placement in placements]
    return Story(
        uid=hashlib.sha256(f"{entry.slug}\n{occurrence.key}".encode()).hexdigest()[:20],
        title=in_language(entry.title, language),
        summary=in_language(entry.summary, language),
        at=max(placement.started_at for placement in placements if placement.started_at),
        stops={
            form: list(_once(stop for stop in stops if stop.form == form))
            for form in FORMS
            if any(stop.form == form for stop in stops)
        },
    )


def _stop(placement: Placement, numbers: Mapping[tuple[int, int], str], language: str) -> Stop:
    outlet, channel = placement.outlet.said, placement.outlet.channel.said
    issued = placement.occurrence_id, placement.outlet.organisation_id
    return Stop(
        key=placement.key,
        form=channel.form,
        organisation=placement.outlet.organisation.said.short,
        channel=in_language(channel.name, language),
        audience=in_language(placement.audience.said.name, language),
        language=placement.language,
        url=near(placement.url),
        captured="capture" in (outlet.adapter, outlet.settings.get("mail")),
        accepted=placement.accepted,
        number=numbers.get(issued, "") if channel.form == "circular" else "",
    )


def _once(stops: Iterable[Stop]) -> Iterable[Stop]:
    """Leave out a feed or page that another audience's placement has shown already."""
    seen: set[str] = set()
    for stop in stops:
        if stop.form in {"page", "feed"} and stop.url:
            if stop.url in seen:
                continue
            seen.add(stop.url)
        yield stop


def _numbers(occurrences: Iterable[int]) -> dict[tuple[int, int], str]:
    rows = Circular.objects.filter(occurrence__in=occurrences).select_related("organisation")
    return {(row.occurrence_id, row.organisation_id): circular_number(row) for row in rows}


def circular_number(row: Circular) -> str:
    """Write a circular's number as people cite it: ISO 3/2027."""
    return f"{row.organisation.said.short} {row.number}/{row.year}"
