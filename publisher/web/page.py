"""From a screen's name and its values to the answer."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from publisher.flows.doors import doors
from publisher.kit import words
from publisher.kit.text import direction
from publisher.models import Organisation
from publisher.settings import settings
from publisher.web.capture import shows_capture
from publisher.web.language import Tongue, tongue

STATIC = Path(__file__).parent / "static"
#: files that come with a package; version 2 of HTMX is the one its authors support for good
BROUGHT = {
    "htmx.js": ("django_htmx", "static/django_htmx/htmx-2.min.js"),
    "webauthn-json.js": ("allauth", "mfa/static/mfa/js/webauthn-json.js"),
    "webauthn.js": ("allauth", "mfa/static/mfa/js/webauthn.js"),
}


def page(
    request: HttpRequest, screen: str, *, status: int = 200, seconds: int = 60, **values: object
) -> HttpResponse:
    """Render a screen in the reader's language.

    Args:
        request: what was asked.
        screen: the name of its file in `screens/`, without `.html`.
        status: the HTTP status.
        seconds: how long anybody may keep a copy; 0: nobody may, and no search engine may list
            it, as for a page behind a token.
        values: what the screen shows.
    """
    spoken = tongue(request)
    everywhere = _everywhere(request, spoken)
    response = render(request, f"{screen}.html", {**everywhere, **values}, status=status)
    response["Content-Language"] = spoken.tag
    patch_vary_headers(response, ["Accept-Language"])
    if seconds and status == 200:
        response["Cache-Control"] = f"public, max-age={seconds}"
    else:
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def notice(request: HttpRequest, key: str, *, status: int = 200, **values: object) -> HttpResponse:
    """Say one thing: the sentences `<key>.title` and `<key>.text`."""
    said = tongue(request)
    title, text = said.say(f"{key}.title"), said.say(f"{key}.text", **values)
    return page(request, "notice", status=status, seconds=0, title=title, text=text)


@cache
def static_address(name: str) -> str:
    """Give the address of a static file; it changes with the file, so copies may be kept."""
    digest = hashlib.sha256(static_file(name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


def static_file(name: str) -> Path:
    """Give where a static file is: ours, or one that came with a package."""
    if name not in BROUGHT:
        return STATIC / name
    package, path = BROUGHT[name]
    return Path(str(files(package).joinpath(path)))


def _everywhere(request: HttpRequest, spoken: Tongue) -> dict[str, object]:
    return {
        "tongue": spoken,
        "say": spoken.say,
        "to": spoken.to,
        "languages": words.LANGUAGES,
        "speakers": _speakers(),
        "static": static_address,
        "direction": direction,
        "has_site": (settings().data_folder / "site" / "index.html").is_file(),
        "doors": doors(),
        "captures": shows_capture(request) and (settings().data_folder / "capture").is_dir(),
        "path": request.path,
    }


def _speakers() -> list[str]:
    return [
        organisation.said.short
        for organisation in Organisation.objects.filter(retired_at=None).order_by("slug")
    ]
