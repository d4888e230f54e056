"""What went out lately, gathered by entry: the front page's tour."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Max, QuerySet

from publisher.flows.occasions import audiences_of_seats
from publisher.models import Circular, Occurrence, Placement, PlacementState
from publisher.models.specs import in_language
from publisher.settings import settings
from publisher.web.names import Names

#: the order in which an entry's forms are shown
FORMS = ("newsletter", "webinar", "workshop", "page", "feed", "post", "circular")
MAILS = {"newsletter", "webinar", "workshop"}
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
    url: str  #: where it stands; empty: nowhere
    captured: bool  #: it went to the capture mailbox or timeline, not to the world
    accepted: int
    number: str  #: a circular's, such as ISO 2027/3; else empty

    @property
    def address(self) -> str:
        """Where anybody may read it; empty: nowhere, as for a post that was captured."""
        if self.form in MAILS:
            return f"/archive/{self.key}/"
        return "" if self.url.startswith("/capture/") else self.url

    @property
    def line(self) -> tuple[str, str]:
        """What stands before its language: whose it is, and through what or to whom."""
        by_audience = self.form in {*MAILS, "circular"}
        return self.number or self.organisation, self.audience if by_audience else self.channel


@dataclass(frozen=True, kw_only=True)
class Line:
    """The languages of one outlet's stop."""

    whose: str
    what: str
    stops: list[Stop]

    @property
    def captured(self) -> bool:
        """Whether they were captured."""
        return any(stop.captured for stop in self.stops)


@dataclass(frozen=True, kw_only=True)
class Story:
    """One entry's occurrence, and everywhere it went."""

    uid: str  #: the same for the same occurrence, for ever
    title: str
    summary: str
    at: datetime
    forms: Mapping[str, list[Line]]

    @property
    def stops(self) -> Iterator[Stop]:
        """All of them, in the order of forms and lines."""
        return (stop for lines in self.forms.values() for line in lines for stop in line.stops)


def stories(language: str, *, newest: int = 20) -> list[Story]:
    """Give the occurrences that went out, the newest first, with titles in a language.

    Of those that went out together, the one with the most forms comes first.
    """
    out = Placement.objects.filter(state__in=PUBLIC, started_at__isnull=False)
    out = out.exclude(audience__in=audiences_of_seats())
    # A board's papers are not for the web, and neither is the news that there are some.
    out = out.exclude(outlet__spec__adapter="documents")
    began = dict(
        out.order_by()
        .values_list("occurrence")
        .annotate(at=Max("started_at"))
        .order_by("-at", "-occurrence")[:newest]
    )
    stops = _stops(out.filter(occurrence__in=began), _numbers(began), language)
    told = [
        _story(row, stops.get(row["id"], []), began[row["id"]], language)
        for row in Occurrence.objects.filter(id__in=began).values(
            "id", "key", "entry__slug", "entry__spec__title", "entry__spec__summary"
        )
    ]
    return sorted(told, key=_order, reverse=True)


def near(url: str) -> str:
    """Give an address of ours without its host, so that it works by whatever name we are asked."""
    ours = settings().site_url
    return url.removeprefix(ours) if url.startswith(f"{ours}/") else url


def _order(story: Story) -> tuple[datetime, int, int, str]:
    at = story.at.replace(second=0, microsecond=0)
    return at, len(story.forms), len(list(story.stops)), story.uid


def _story(row: Mapping[str, Any], stops: list[Stop], at: datetime, language: str) -> Story:
    said = f"{row['entry__slug']}\n{row['key']}"
    return Story(
        uid=hashlib.sha256(said.encode()).hexdigest()[:20],
        title=in_language(row["entry__spec__title"], language),
        summary=in_language(row["entry__spec__summary"] or {}, language),
        at=at,
        forms={
            form: _lines(stop for stop in stops if stop.form == form)
            for form in FORMS
            if any(stop.form == form for stop in stops)
        },
    )


def _lines(stops: Iterable[Stop]) -> list[Line]:
    ordered = sorted(_once(stops), key=attrgetter("line", "language"))
    return [
        Line(whose=whose, what=what, stops=list(those))
        for (whose, what), those in groupby(ordered, key=attrgetter("line"))
    ]


def _once(stops: Iterable[Stop]) -> Iterator[Stop]:
    """Leave out a page or feed that another audience's placement has shown already."""
    seen: set[str] = set()
    for stop in stops:
        if stop.form in {"page", "feed"} and stop.url:
            if stop.url in seen:
                continue
            seen.add(stop.url)
        yield stop


def _stops(
    placements: QuerySet[Placement], numbers: Mapping[tuple[int, int], str], language: str
) -> dict[int, list[Stop]]:
    """Give each occurrence's stops; names are read once, however many placements there are."""
    names, found = Names(language), dict[int, list[Stop]]()
    fields = ("key", "language", "url", "accepted", "occurrence_id", "audience_id", "outlet_id")
    for row in placements.order_by("id").values(*fields):
        outlet = names.outlets[row["outlet_id"]]
        stop = Stop(
            key=row["key"],
            form=outlet.form,
            organisation=outlet.organisation,
            channel=outlet.channel,
            audience=names.audiences[row["audience_id"]],
            language=row["language"],
            url=near(row["url"]),
            captured=outlet.captures,
            accepted=row["accepted"],
            number=numbers.get((row["occurrence_id"], outlet.organisation_id), "")
            if outlet.form == "circular"
            else "",
        )
        found.setdefault(row["occurrence_id"], []).append(stop)
    return found


def _numbers(occurrences: Iterable[int]) -> dict[tuple[int, int], str]:
    rows = Circular.objects.filter(series="circular", occurrence__in=occurrences)
    rows = rows.select_related("organisation")
    return {(row.occurrence_id, row.organisation_id): row.cited for row in rows}
