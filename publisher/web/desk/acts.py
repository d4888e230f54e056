"""From a form that does something to the page after it: what was done, or why it was not."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from publisher.models.errors import PublisherError
from publisher.web.desk.screen import spoken


def acted(
    request: HttpRequest,
    act: Callable[[], object],
    *,
    says: str,
    there: Callable[[], str],
    refused: Callable[[list[str]], HttpResponse],
) -> HttpResponse:
    """Do what a form asks, say so and lead on; or show the form with what is wrong.

    Args:
        request: the form as it was sent.
        act: does it.
        says: the key of what is said afterwards.
        there: gives the address of the page after it, once it is done.
        refused: gives the page with the form, and what is wrong above it.
    """
    try:
        act()
    except PublisherError as error:
        return refused(str(error).splitlines())
    messages.success(request, spoken(request).say(says))
    return HttpResponseRedirect(there())
