"""Which language a page speaks: the one asked for by `?lang=`, else what the browser prefers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import get_language_from_request

from publisher.kit import text, words


@dataclass(frozen=True, kw_only=True)
class Tongue:
    """The language of one answer."""

    tag: str  #: one of `words.LANGUAGES`
    chosen: bool  #: asked for in the address, so that the page's links keep it

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Which way it is written."""
        return text.direction(self.tag)

    def say(self, key: str, **values: object) -> str:
        """Give one of the product's sentences."""
        return words.say(self.tag, key, **values)

    def to(self, address: str) -> str:
        """Give a link that keeps the language, if it was chosen."""
        if not self.chosen:
            return address
        return f"{address}{'&' if '?' in address else '?'}lang={self.tag}"


def tongue(request: HttpRequest) -> Tongue:
    """Read it from the request."""
    wanted = request.GET.get("lang", "")
    if wanted in words.LANGUAGES:
        return Tongue(tag=wanted, chosen=True)
    return Tongue(tag=words.known([get_language_from_request(request)]), chosen=False)
