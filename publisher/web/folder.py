"""A folder of published files as web addresses; nothing outside it can be reached."""

from __future__ import annotations

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import http_date

from publisher.web import security

#: what may be served, and as what; anything else in a folder is not there
MEDIA_TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",  # RFC 4287 §7
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".rss": "application/rss+xml; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".xml": "application/xml; charset=utf-8",
}
#: https://www.jsonfeed.org/version/1.1/
_BY_NAME = {"feed.json": "application/feed+json"}


def served(
    request: HttpRequest,
    folder: Path,
    path: str,
    *,
    hidden: frozenset[str] = frozenset(),
    cache: str = "public, max-age=300",
) -> HttpResponse:
    """Answer with the file at `path` below `folder`, or a folder's `index.html`.

    Args:
        request: what was asked.
        folder: where the files are.
        path: what stands in the address; may be anything.
        hidden: names of folders that are not published.
        cache: who may keep a copy, and how long.

    Raises:
        Http404: there is no such file, or it is not published.
    """
    file = inside(folder, path, hidden=hidden)
    if file.is_dir():
        if path and not path.endswith("/"):
            return HttpResponseRedirect(f"{request.path}/")
        file = inside(folder, f"{path}index.html", hidden=hidden)
    return whole(file, cache=cache)


def inside(folder: Path, path: str, *, hidden: frozenset[str] = frozenset()) -> Path:
    """Find what `path` names below `folder`, following no link out of it.

    Raises:
        Http404: it names nothing there.
    """
    names = path.split("/")
    if "\x00" in path or any(name.startswith(".") or name in hidden for name in names):
        raise Http404
    try:
        found = (folder / path.lstrip("/")).resolve(strict=True)
    except OSError as error:
        raise Http404 from error
    if not found.is_relative_to(folder.resolve()):
        raise Http404
    return found


def whole(file: Path, *, cache: str) -> HttpResponse:
    """Answer with a file; `ConditionalGetMiddleware` adds the ETag and answers 304."""
    kind = _BY_NAME.get(file.name) or MEDIA_TYPES.get(file.suffix)
    if kind is None or not file.is_file():
        raise Http404
    response = HttpResponse(file.read_bytes(), content_type=kind)
    response["Last-Modified"] = http_date(file.stat().st_mtime)
    response["Cache-Control"] = cache
    response["Content-Security-Policy"] = security.documents()
    return response
