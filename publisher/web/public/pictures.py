"""Pictures of entries by their content: the address of a picture never shows another one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from publisher.kit.pictures import ENDINGS
from publisher.models import Picture
from publisher.web import security


@require_safe
def picture(_request: HttpRequest, sha256: str, ending: str) -> HttpResponse:
    """Answer with the picture, if the ending is of its media type."""
    found = get_object_or_404(Picture, sha256=sha256)
    if f".{ending}" not in ENDINGS.get(found.media_type, ()):
        raise Http404
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = security.documents()
    # Newsletters are opened in web mail, on another site.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
