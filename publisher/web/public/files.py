"""What adapters published as files: sites, feeds, circulars' documents; and our own style."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publisher.settings import settings
from publisher.web import folder, security
from publisher.web.page import BROUGHT, STATIC, static_file


@require_safe
def site(request: HttpRequest, path: str) -> HttpResponse:
    """A page of an organisation's site."""
    response = folder.served(request, settings().data_folder / "site", path, hidden=_KEPT)
    response["Content-Security-Policy"] = security.SITES
    return response


@require_safe
def feeds(request: HttpRequest, path: str) -> HttpResponse:
    """A feed, or a picture of one of its items."""
    return folder.served(request, settings().data_folder / "feeds", path, hidden=_KEPT)


@require_safe
def circulars(request: HttpRequest, path: str) -> HttpResponse:
    """A circular's PDF."""
    return folder.served(request, settings().data_folder / "circulars", path, hidden=_KEPT)


@require_safe
def lists(request: HttpRequest, path: str) -> HttpResponse:
    """A landscape or circulation, or a file beside it."""
    return folder.served(request, settings().data_folder / "lists", path, hidden=_KEPT)


@require_safe
def static(request: HttpRequest, path: str) -> HttpResponse:
    """A file of ours; its address changes with it, so a copy may be kept for a year."""
    forever = "public, max-age=31536000, immutable"
    if path in BROUGHT:
        response = folder.whole(static_file(path), cache=forever)
    else:
        response = folder.served(request, STATIC, path, cache=forever)
    del response["Content-Security-Policy"]
    return response


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Ask robots to keep out of readers' own pages and of what was captured."""
    closed = (
        "desk",
        "account",
        "api",
        "capture",
        "confirm",
        "leave",
        "preferences",
        "metrics",
        "healthz",
        "hooks",
    )
    lines = ["User-agent: *", *(f"Disallow: /{name}/" for name in closed)]
    if (settings().data_folder / "site" / "sitemap.xml").is_file():
        lines += ["", f"Sitemap: {settings().site_url}/site/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


#: where the adapters keep what they make the published files from
_KEPT = frozenset({"items"})
