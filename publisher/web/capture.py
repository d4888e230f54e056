"""Whether captured mails and posts may be shown: they hold readers' addresses and links."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse

from publisher.settings import Settings, settings

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def shows_capture(request: HttpRequest) -> bool:
    """Say whether this request may see what was captured.

    Without a word from the operator: only where the pages are of this machine alone, by the
    address listened on and by the public one (a proxy may listen for us), and are asked for by
    a name of this machine (another site's name may be made to point at it).
    """
    return may_show(settings(), request.get_host())


def of_this_machine(request: HttpRequest) -> bool:
    """Say whether a request comes from this machine to pages that are of this machine alone."""
    return _of_this_machine(request.META.get("REMOTE_ADDR", "")) and alone(
        settings(), request.get_host()
    )


def may_show(said: Settings, host: str) -> bool:
    """Decide it from the settings and the host that was asked for."""
    if said.show_capture is not None:
        return said.show_capture
    return alone(said, host)


def alone(said: Settings, host: str) -> bool:
    """Whether the pages are of this machine alone, and asked for by a name of it."""
    hosts = (_host(f"//{said.listen}"), _host(said.site_url), _host(f"//{host}"))
    return all(_of_this_machine(host) for host in hosts)


def captured(view: View[Rest]) -> View[Rest]:
    """Show a page of what was captured only where that is allowed, and let nobody keep it."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not shows_capture(request):
            raise Http404
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""


def _of_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
