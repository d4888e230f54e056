"""Where services tell what became of what they took."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from publisher.flows import feedback
from publisher.kit import clock
from publisher.models.errors import Refused


# A service has no cookie of ours; it signs what it sends, and the flow checks that.
@csrf_exempt
@require_POST
def sendgrid(request: HttpRequest, outlet: str) -> HttpResponse:
    """Take SendGrid's events; 403 for what is not its own or no outlet of ours, 415 for a form."""
    if request.content_type != "application/json":
        return HttpResponse(status=415)
    try:
        feedback.take(outlet, request.headers, request.body, now=clock.now())
    except Refused as error:
        return HttpResponse(f"{error}\n", status=403, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)
