"""What a reader receives: its own page, behind the link in its mails."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from publisher.feedback.consent import masked
from publisher.flows import subscribe as flow
from publisher.flows.preferences import Answer, Preferences, change_preferences
from publisher.flows.preferences import preferences as current
from publisher.flows.subscribe import Bulletin
from publisher.kit import clock
from publisher.kit.signing import read_reader_token
from publisher.settings import settings
from publisher.web.language import Tongue, tongue
from publisher.web.page import notice, page
from publisher.web.public.subscribe import (
    NO_ERRORS,
    chosen_language,
    labels,
    languages,
    ticked,
    topics,
    wording,
)


@require_safe
def without_token(request: HttpRequest) -> HttpResponse:
    """Say where a reader finds its own link."""
    return notice(request, "your_link")


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """The page; only a POST changes anything."""
    try:
        reader, _ = read_reader_token(token)
    except ValueError:
        return notice(request, "bad_link", status=404)
    known = current(reader)
    if known is None:
        return notice(request, "nothing_kept")
    spoken, bulletins = tongue(request), flow.bulletins()
    saved = request.method == "POST"
    if saved:
        change_preferences(reader, _answer(request, spoken, bulletins), now=clock.now())
        known = current(reader) or known
    return _page(request, spoken, bulletins, known, saved=saved)


def _answer(request: HttpRequest, spoken: Tongue, bulletins: list[Bulletin]) -> Answer:
    chosen = ticked(request, bulletins)
    return Answer(
        language=chosen_language(request, bulletins),
        topics=request.POST.getlist("topic"),
        wishes=[bulletin.wish for bulletin in chosen],
        wordings={bulletin.wish: wording(bulletin, spoken) for bulletin in chosen},
        source=f"{settings().site_url}/preferences/",
    )


def _page(
    request: HttpRequest,
    spoken: Tongue,
    bulletins: list[Bulletin],
    known: Preferences,
    *,
    saved: bool,
) -> HttpResponse:
    known_topics = topics(spoken)
    return page(
        request,
        "preferences",
        seconds=0,
        saved=saved,
        address=masked(known.address),
        bulletins=labels(bulletins, spoken),
        languages_offered=languages(bulletins),
        topics=known_topics,
        ticked=[str(wish) for wish in known.live],
        language=known.language,
        heard=[slug for slug in known_topics if slug not in known.muted],
        errors=NO_ERRORS,
    )
