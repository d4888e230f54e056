"""A placement's frozen words as they are: in a frame of their own, where nothing runs."""

from __future__ import annotations

from html import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from publisher.flows.frozen import content_of
from publisher.models import Placement
from publisher.models.content import Content
from publisher.models.errors import PlanError
from publisher.render.holes import SAMPLES
from publisher.render.rendition import attachments, fill
from publisher.web import security
from publisher.web.desk.screen import guarded


@require_safe
@xframe_options_sameorigin
def frozen(request: HttpRequest, key: str) -> HttpResponse:  # Django passes it
    """The HTML part of the words, with samples where a reader's own values will stand."""
    content = _content(key)
    html = fill(content, SAMPLES).get("html")
    if html is None:
        raise Http404
    return _framed(HttpResponse(_document(html, content)))


@require_safe
@xframe_options_sameorigin
def attachment(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A file that goes with the words, such as a circular's PDF."""
    try:
        made = attachments(_content(key), SAMPLES)[number]
    except (IndexError, PlanError) as error:
        raise Http404 from error
    response = _framed(HttpResponse(made.content, content_type=made.media_type))
    download = made.media_type != "application/pdf"
    disposition = content_disposition_header(download, made.filename)
    response["Content-Disposition"] = disposition or "inline"
    return response


def _framed(response: HttpResponse) -> HttpResponse:
    guarded(response)
    response["Content-Security-Policy"] = security.documents()
    return response


def _document(html: str, content: Content) -> str:
    """Give a feed item's fragment a document around it."""
    if html.lstrip()[:9].lower() == "<!doctype":
        return html
    title = escape(content.parts.get("title", ""))
    return (
        f'<!DOCTYPE html><html lang="{content.language}" dir="{content.direction}">'
        f'<meta charset="utf-8"><title>{title}</title><body>{html}</body></html>'
    )


def _content(key: str) -> Content:
    row = Placement.objects.filter(key=key).select_related("rendition").first()
    if row is None or row.rendition is None:
        raise Http404
    return content_of(row.rendition)
