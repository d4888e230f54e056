"""Newsletters in the browser, as anybody may read them: nobody's name, address or links."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publisher.flows.occasions import audiences_of_seats
from publisher.kit import words
from publisher.kit.text import direction
from publisher.models import Placement
from publisher.models.content import Content
from publisher.models.specs import in_language
from publisher.render.rendition import fill
from publisher.settings import settings
from publisher.web import security
from publisher.web.language import tongue
from publisher.web.names import Names
from publisher.web.page import page
from publisher.web.tour import PUBLIC

#: mails that anybody may read once they went out
FORMS = ("newsletter", "webinar", "workshop")


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """The newsletters that went out, the newest first, each in its languages."""
    spoken = tongue(request)
    open_to_all = _newsletters().exclude(audience__in=audiences_of_seats())
    rows = open_to_all.order_by("-started_at", "id").values(*_FIELDS)
    shown = Paginator(rows, 50).get_page(request.GET.get("page"))
    names = Names(spoken.tag)
    issues = [
        {
            "key": row["key"],
            "title": in_language(row["occurrence__entry__spec__title"], row["language"]),
            "language": row["language"],
            "dir": direction(row["language"]),
            "organisation": names.outlets[row["outlet_id"]].organisation,
            "audience": names.audiences[row["audience_id"]],
            "at": row["started_at"],
        }
        for row in shown
    ]
    return page(request, "archive", issues=issues, shown=shown)


_FIELDS = (
    "key",
    "language",
    "started_at",
    "outlet_id",
    "audience_id",
    "occurrence__entry__spec__title",
)


@require_safe
def issue(request: HttpRequest, key: str) -> HttpResponse:
    """One newsletter; what its readers see, with a neutral reader in it."""
    placement = _newsletters().filter(key=key).select_related("rendition").first()
    if placement is None or placement.rendition is None:
        raise Http404
    content = Content.from_json(placement.rendition.content)
    parts = fill(content, neutral(placement))
    response = HttpResponse(parts["html"])
    response["Content-Language"] = placement.language
    response["Content-Security-Policy"] = security.documents()
    response["Cache-Control"] = "public, max-age=300"
    return response


def neutral(placement: Placement) -> dict[str, str]:
    """Give what stands in a newsletter's holes when nobody in particular reads it."""
    site = settings().site_url
    language = words.known([placement.language])
    return {
        "reader.name": words.say(language, "archive.reader"),
        "reader.address": words.say(language, "archive.address"),
        "unsubscribe_url": f"{site}/leave/",
        "preferences_url": f"{site}/preferences/",
        "seat_url": f"{site}/events/",
        "view_url": f"{site}/archive/{placement.key}/",
        **{name: str(value) for name, value in placement.values.items()},
    }


def _newsletters() -> QuerySet[Placement]:
    return Placement.objects.filter(
        state__in=PUBLIC, outlet__channel__spec__form__in=FORMS, rendition__isnull=False
    )
