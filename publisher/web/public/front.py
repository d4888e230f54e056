"""The front page: a tour of what just went out; before that, a welcome."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publisher.kit import words
from publisher.models import Organisation
from publisher.models.specs import in_language
from publisher.settings import settings
from publisher.web.language import tongue
from publisher.web.page import page
from publisher.web.tour import stories


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What went out, by entry; and each organisation with its pages and feeds."""
    spoken = tongue(request)
    told = stories(spoken.tag)
    organisations = [
        _introduced(organisation, spoken.tag)
        for organisation in Organisation.objects.filter(retired_at=None)
    ]
    return page(request, "front", stories=told, organisations=organisations)


def _introduced(organisation: Organisation, language: str) -> dict[str, object]:
    said, data = organisation.said, settings().data_folder
    return {
        "name": in_language(said.name, language),
        "short": said.short,
        "website": said.website,
        "host": urlsplit(said.website).netloc or said.website,
        "pages": _by_language(data / "site" / said.slug, "index.html", f"/site/{said.slug}"),
        "feeds": _by_language(data / "feeds" / said.slug, "feed.atom", f"/feeds/{said.slug}"),
    }


def _by_language(folder: Path, file: str, address: str) -> list[tuple[str, str]]:
    """Give each language in which a folder holds such a file, and the file's address."""
    end = "" if file == "index.html" else file
    found = sorted(path.parent.name for path in folder.glob(f"*/{file}"))
    return [(words.own_name(language), f"{address}/{language}/{end}") for language in found]
