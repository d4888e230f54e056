"""Drafts that are kept while somebody types, and remarks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from publisher.flows import drafts, remarks
from publisher.kit import clock
from publisher.models.errors import Refused
from publisher.web.desk.door import doer, person
from publisher.web.desk.entry.sheet import remarks_on
from publisher.web.desk.entry.views import entry_called
from publisher.web.desk.screen import screen, spoken


@require_POST
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what is typed, or with `throw` throw away what was kept; the plan does not change."""
    who = person(request)
    if "throw" in request.POST:
        drafts.throw_away(who, slug)
        return HttpResponseRedirect(reverse("desk-entry", args=[slug]))
    kept = {
        name: values
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "do"}
    }
    row = drafts.keep(who, slug, kept, now=clock.now())
    return screen(request, "entry/_kept", draft=row)


@require_POST
def comment(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a remark to the entry, or see to one."""
    row, now = entry_called(slug), clock.now()
    try:
        if (number := request.POST.get("see_to", "")).isdecimal():
            remarks.see_to(int(number), row.slug, doer=doer(request), now=now)
        else:
            line = request.POST.get("line", "")
            remarks.remark(
                row.slug,
                request.POST.get("text", ""),
                about=request.POST.get("about", ""),
                line=int(line) if line.isdecimal() and int(line) < 100_000 else None,
                doer=doer(request),
                now=now,
            )
    except Refused as error:
        messages.error(request, str(error))
    if request.headers.get("HX-Request"):
        return screen(
            request, "entry/_comments", slug=slug, **remarks_on(slug, spoken(request).say)
        )
    return HttpResponseRedirect(reverse("desk-entry", args=[slug]) + "#comments")
