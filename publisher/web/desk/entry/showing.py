"""How one cell of an entry looks, from words that are typed and not saved."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin

from publisher.flows import links as link_answers
from publisher.flows.preview import Preview
from publisher.flows.unsaved import Unsaved, look, unsaved
from publisher.kit import clock
from publisher.kit.pictures import ENDINGS
from publisher.models import Entry
from publisher.models.errors import PlanError
from publisher.models.specs import in_language
from publisher.render.advice import advice, links
from publisher.render.holes import SAMPLES
from publisher.render.rendition import attachments
from publisher.schedule.matrix import Place
from publisher.settings import settings
from publisher.web.desk.door import person
from publisher.web.desk.entry.frames import framed, has_dark_styles
from publisher.web.desk.entry.pages import pages_of
from publisher.web.desk.entry.typed import Typed, fields_of, said_by, typed_of
from publisher.web.desk.screen import guarded, screen, spoken
from publisher.web.limits import Limit

#: setting a document takes a process of its own and about a second
PRESSES = Limit(times=30, seconds=60)


def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The part of the screen that shows one cell, as the words are typed now."""
    now = clock.now()
    typed = _typed(request, slug)
    try:
        words = unsaved(said_by(typed, slug), uploaded=typed.uploaded, now=now)
    except PlanError as error:
        found = fields_of(error.problems)
        return screen(request, "entry/_unreadable", wrong=found, slug=slug)
    values = shown_cell(request, typed, words, now=now)
    values |= {"as_saved": False, "tools_form": "entry-form"}
    values["cells_anew"] = request.POST.get("cells", "") != values["cells_mark"]
    return screen(request, "entry/_preview", slug=slug, **values)


@xframe_options_sameorigin
def frame(request: HttpRequest, slug: str) -> HttpResponse:
    """The document of one cell, in a frame where nothing runs."""
    typed = _typed(request, slug)
    found = _looked_at(request, slug, typed)
    if found is None or not found.parts.get("html"):
        response = guarded(HttpResponse("", content_type="text/plain"))
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
    told = _told(request)
    return framed(found, dark="dark" in told, pictures="no_pictures" not in told)


def attachment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A file that would go with the words, made of them as they are typed."""
    typed = _typed(request, slug)
    found = _looked_at(request, slug, typed)
    if found is None or found.content is None or not PRESSES.allows(str(person(request).pk)):
        raise Http404
    try:
        made = attachments(found.content, SAMPLES)[number]
    except (IndexError, PlanError) as error:
        raise Http404 from error
    response = guarded(HttpResponse(made.content, content_type=made.media_type))
    response["Content-Disposition"] = content_disposition_header(True, made.filename) or ""  # noqa: FBT003  # Django's
    return response


def shown_cell(
    request: HttpRequest, typed: Typed, words: Unsaved | None, *, now: datetime
) -> dict[str, Any]:
    """Give what the preview shows: which cells there are, and one of them rendered."""
    places = words.places if words else []
    told = _told(request)
    chosen = told.get("cell", "") or typed.one("cell")
    place = next((one for one in places if key_of(one) == chosen), places[0] if places else None)
    whole = "whole" in told
    seen = look(words, place, now=now) if words and place else None
    keys = [key_of(one) for one in places]
    return {
        "places": list(zip(keys, places, strict=True)),
        "cells_mark": hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16],
        "cells_anew": False,
        "place": place,
        "cell_key": key_of(place) if place else "",
        "looks": {name: name in told for name in ("phone", "dark", "no_pictures")},
        "names": _names(words, spoken(request).tag),
        "preview": seen,
        "unread": words is None,
        "endings": {kind: names[0].lstrip(".") for kind, names in ENDINGS.items()},
        **_judged(request, seen, whole=whole),
    }


def key_of(place: Place) -> str:
    """Give a place as one word of the form."""
    return f"{place.outlet} {place.audience} {place.language}"


def place_of(key: str) -> Place | None:
    """Read what `key_of` gave."""
    parts = key.split(" ")
    if len(parts) != 3:
        return None
    return Place(outlet=parts[0], audience=parts[1], language=parts[2])


def _judged(request: HttpRequest, seen: Preview | None, *, whole: bool) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "advice": [],
        "answers": [],
        "pages": [],
        "files": [],
        "file_problems": [],
    }
    if seen is None or seen.content is None:
        return {**nothing, "dark_styles": False}
    found = links(seen.parts, own=settings().site_url)
    known = link_answers.known(found)
    made = _files(request, seen) if whole else {}
    return {
        **nothing,
        **made,
        "advice": advice(seen.cell, seen.content, seen.parts),
        "answers": [(url, known.get(url)) for url in found],
        "dark_styles": has_dark_styles(seen.parts.get("html", "")),
    }


def _files(request: HttpRequest, seen: Preview) -> dict[str, Any]:
    assert seen.content is not None
    if not PRESSES.allows(str(person(request).pk)):
        return {}
    try:
        made = attachments(seen.content, SAMPLES)
    except PlanError as error:
        return {"file_problems": [problem.sentence for problem in error.problems]}
    return {"files": [file.filename for file in made], "pages": pages_of(made)}


def _looked_at(request: HttpRequest, slug: str, typed: Typed) -> Preview | None:
    now, place = clock.now(), place_of(_told(request).get("cell", ""))
    try:
        words = unsaved(said_by(typed, slug), uploaded=typed.uploaded, now=now)
    except PlanError:
        return None
    return look(words, place, now=now) if place else None


def _typed(request: HttpRequest, slug: str) -> Typed:
    """Give what was sent, or what the entry says where nothing was."""
    if request.POST.getlist("words"):
        return Typed(dict(request.POST.lists()))
    row = Entry.objects.filter(slug=slug, retired_at=None).first()
    if row is None:
        raise Http404
    return typed_of(row.spec)


def _told(request: HttpRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _names(words: Unsaved | None, language: str) -> dict[str, dict[str, str]]:
    """Give what outlets and audiences are called, by slug."""
    if words is None:
        return {"outlets": {}, "audiences": {}}
    plan = words.stands.plan
    return {
        "outlets": {
            slug: f"{plan.organisations[one.organisation].short} · "
            f"{in_language(plan.channels[one.channel].name, language)}"
            for slug, one in plan.outlets.items()
        },
        "audiences": {
            slug: in_language(one.name, language) for slug, one in plan.audiences.items()
        },
    }
