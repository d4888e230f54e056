"""For whoever watches over the service: is it well, in one answer."""

from __future__ import annotations

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from publisher import __version__
from publisher.web.heartbeat import heartbeats


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 while the database answers and neither clock nor worker fell silent; else 503."""
    try:
        with connection.cursor() as cursor:
            beats = heartbeats(cursor)
    except Error:
        return _said({"database": "does not answer"}, well=False)
    return _said({"database": "answers", **beats}, well="silent" not in beats.values())


@require_safe
def metrics(_request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text format."""
    from publisher.web.metrics import exposition  # its library is large, and few ask

    text, media_type = exposition()
    response = HttpResponse(text, content_type=media_type)
    response["Cache-Control"] = "no-store"
    return response


def _said(parts: dict[str, str], *, well: bool) -> JsonResponse:
    said = {"well": well, "version": __version__, **parts}
    response = JsonResponse(said, status=200 if well else 503)
    response["Cache-Control"] = "no-store"
    return response
