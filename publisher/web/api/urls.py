"""Which address gives which operation; beside them the API tells what it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from publisher.web.api.api import programs
from publisher.web.api.problems import problem
from publisher.web.api.reference import reference
from publisher.web.api.schema import document


@require_safe
@gzip_page
def openapi(_request: HttpRequest) -> HttpResponse:
    """The description for machines."""
    answer = HttpResponse(
        json.dumps(document(), ensure_ascii=False), content_type="application/json"
    )
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@csrf_exempt
def _nothing(_request: HttpRequest) -> HttpResponse:
    return problem("not-there")


def _told(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a method that is not there be told as everything else is."""

    @csrf_exempt
    def opened(request: HttpRequest, **named: Any) -> HttpResponseBase:  # noqa: ANN401  # the route's
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"
        answer = view(request, **named)
        request.method = asked  # by which the server leaves the body out
        if answer.status_code == 405:
            return problem("wrong-method", headers={"Allow": answer["Allow"]})
        return answer

    return opened


def _operations() -> list[URLPattern]:
    *found, _root = programs().urls[0]
    return [
        URLPattern(one.pattern, _told(one.callback)) for one in found if isinstance(one, URLPattern)
    ]


urlpatterns = [
    path("", reference, name="reference"),
    path("openapi.json", openapi, name="openapi"),
    *_operations(),
    re_path("", _nothing),
]
