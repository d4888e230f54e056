"""The register of administrative circulars: each organisation's, year by year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publisher.kit import words
from publisher.models import Circular, Placement
from publisher.models.specs import in_language
from publisher.web.language import tongue
from publisher.web.page import page
from publisher.web.tour import PUBLIC, circular_number, near


@dataclass(frozen=True, kw_only=True)
class Entered:
    """One circular in the register."""

    number: str
    title: str
    dated: date
    documents: list[tuple[str, str]]  #: language and address


@dataclass(frozen=True, kw_only=True)
class Year:
    """One organisation's circulars of one year."""

    organisation: str
    year: int
    circulars: list[Entered]


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Every circular, by organisation, the newest year and number first."""
    rows = Circular.objects.select_related("organisation", "occurrence__entry").order_by(
        "organisation__slug", "-year", "-number"
    )
    spoken = tongue(request)
    published = _documents(rows)
    years = [
        Year(
            organisation=in_language(organisation.said.name, spoken.tag),
            year=year,
            circulars=[_entered(row, published, spoken.tag) for row in those],
        )
        for (organisation, year), those in groupby(
            rows, key=lambda row: (row.organisation, row.year)
        )
    ]
    return page(request, "circulars", years=years)


def _entered(
    row: Circular, published: dict[tuple[int, int], list[tuple[str, str]]], language: str
) -> Entered:
    return Entered(
        number=circular_number(row),
        title=in_language(row.occurrence.entry.said.title, language),
        dated=row.dated,
        documents=published.get((row.occurrence_id, row.organisation_id), []),
    )


def _documents(rows: Iterable[Circular]) -> dict[tuple[int, int], list[tuple[str, str]]]:
    """Find where each circular's PDF stands, by occurrence and organisation."""
    found: dict[tuple[int, int], list[tuple[str, str]]] = {}
    placements = (
        Placement.objects.filter(
            occurrence__in={row.occurrence_id for row in rows},
            outlet__channel__spec__form="circular",
            state__in=PUBLIC,
        )
        .exclude(url="")
        .select_related("outlet")
        .order_by("language")
    )
    for placement in placements:
        documents = found.setdefault(
            (placement.occurrence_id, placement.outlet.organisation_id), []
        )
        document = (
            words.LANGUAGES.get(placement.language, placement.language),
            near(placement.url),
        )
        if document not in documents:
            documents.append(document)
    return found
