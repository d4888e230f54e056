"""The register of administrative circulars: each organisation's, year by year."""

from __future__ import annotations

from collections import Counter
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
from publisher.web.names import Names
from publisher.web.page import page
from publisher.web.tour import PUBLIC, near


@dataclass(frozen=True, kw_only=True)
class Entered:
    """One circular in the register."""

    number: str
    title: str
    dated: date
    documents: list[tuple[str, str]]  #: label and address


@dataclass(frozen=True, kw_only=True)
class Year:
    """One organisation's circulars of one year."""

    organisation: str
    year: int
    circulars: list[Entered]


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Every circular, by organisation, the newest year and number first."""
    rows = (
        Circular.objects.filter(series="circular")
        .select_related("organisation", "occurrence__entry")
        .order_by("organisation__slug", "-year", "-number")
    )
    spoken = tongue(request)
    published = _documents(rows, spoken.tag)
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
        number=row.cited,
        title=in_language(row.occurrence.entry.said.title, language),
        dated=row.dated,
        documents=published.get((row.occurrence_id, row.organisation_id), []),
    )


def _documents(
    rows: Iterable[Circular], language: str
) -> dict[tuple[int, int], list[tuple[str, str]]]:
    """Find where each circular's PDFs stand, by occurrence and organisation.

    Where words differ by audience there are several in a language, and each says for whom.
    """
    names, found = Names(language), dict[tuple[int, int], dict[str, tuple[str, str]]]()
    placements = Placement.objects.filter(
        occurrence__in={row.occurrence_id for row in rows}, state__in=PUBLIC
    ).exclude(url="")
    for row in placements.order_by("language", "id").values(*_FIELDS):
        outlet = names.outlets[row["outlet_id"]]
        if outlet.form == "circular":
            documents = found.setdefault((row["occurrence_id"], outlet.organisation_id), {})
            said = row["language"], names.audiences[row["audience_id"]]
            documents.setdefault(near(row["url"]), said)
    return {key: _labelled(documents) for key, documents in found.items()}


_FIELDS = ("occurrence_id", "outlet_id", "audience_id", "language", "url")


def _labelled(documents: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """Give each document's label and address."""
    number = Counter(language for language, _ in documents.values())
    labels = []
    for address, (language, audience) in documents.items():
        name = words.own_name(language)
        label = f"{name}: {audience}" if number[language] > 1 else name
        labels.append((label, address))
    return labels
