"""The captured posts, as they would read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publisher.render.counting import length
from publisher.render.limits import networks
from publisher.settings import settings
from publisher.web import folder
from publisher.web.capture import captured
from publisher.web.page import page


@dataclass(frozen=True, kw_only=True)
class Post:
    """One captured post, or the thread it makes."""

    key: str
    network: str
    organisation: str  #: slug
    outlet: str  #: slug
    language: str
    dir: str
    at: datetime
    texts: list[str]
    link: str
    pictures: list[dict[str, str]]

    @property
    def network_name(self) -> str:
        """What people call the network."""
        limits = networks().get(self.network)
        return limits.name if limits else self.network

    @property
    def counted(self) -> list[tuple[str, int, int]]:
        """Each text with its length and the longest there may be, in the network's own unit."""
        limits = networks().get(self.network)
        return [
            (text, length(text, limits), limits.max) if limits else (text, len(text), 0)
            for text in self.texts
        ]


@require_safe
@captured
def timeline(request: HttpRequest) -> HttpResponse:
    """The posts, the newest first; of one network, or of all."""
    posts = _posts()
    network = request.GET.get("network", "")
    chosen = [post for post in posts if not network or post.network == network]
    shown = Paginator(chosen, 20).get_page(request.GET.get("page"))
    found = {
        post.network: post.network_name for post in sorted(posts, key=lambda post: post.network)
    }
    return page(request, "timeline", shown=shown, networks=found, network=network)


@require_safe
@captured
def post(request: HttpRequest, key: str) -> HttpResponse:
    """One post."""
    found = _folder() / f"{key}.json"
    if not found.is_file():
        raise Http404
    return page(request, "post", post=_read(found))


@require_safe
@captured
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A picture of a post."""
    return folder.served(request, _folder() / "pictures", name)


def _folder() -> Path:
    return settings().data_folder / "capture" / "timeline"


def _posts() -> list[Post]:
    found = [_read(path) for path in _folder().glob("*.json")]
    return sorted(found, key=lambda post: (post.at, post.key), reverse=True)


def _read(path: Path) -> Post:
    said = json.loads(path.read_bytes())
    known = {name: said[name] for name in Post.__annotations__ if name != "at"}
    return Post(**known, at=datetime.fromisoformat(said["at"]))
