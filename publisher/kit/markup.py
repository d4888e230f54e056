"""Markdown, read once into tokens, and written as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
DEEPEST = 100  #: blocks within blocks
#: A hole, as in `publisher.models.content`; kit may not ask models for it.
_MARK = re.compile("\ue000([a-z_.]+)\ue001")
#: Holes that may stand where a link goes: none of them is a reader's own word.
_LINK_MARK = re.compile("\ue000(?:[a-z_.]+_url|value\\.[a-z]+)\ue001\\Z")


@cache
def _markdown() -> MarkdownIt:
    options = {"html": False, "xhtmlOut": True, "typographer": False, "maxNesting": DEEPEST}
    made = MarkdownIt("commonmark", options)
    made.enable(["table", "strikethrough"]).use(deflist_plugin)
    made.normalizeLink = _link  # type: ignore[method-assign]  # markdown-it's own way to set it
    made.validateLink = is_link  # type: ignore[method-assign]  # likewise
    return made


def _link(url: str) -> str:
    return url if _MARK.search(url) else normalizeLink(url)


def is_link(url: str) -> bool:
    """Say whether `url` may stand in a link: http, https, mailto, tel, relative, or a link hole."""
    if _MARK.search(url):
        return _LINK_MARK.match(url) is not None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return parts.scheme.lower() in SCHEMES | {""} and not re.search(r"[\x00-\x20]", url.strip())


def tokens(markdown: str) -> list[Token]:
    """Read CommonMark with tables, strike-through and definition lists; HTML is text.

    Raises:
        RecursionError: it is nested deeper than anybody writes; what stands inside is not read.
    """
    read = _markdown().parse(markdown)
    if any(token.level >= DEEPEST - 1 for token in read):
        raise RecursionError
    return read


def html(read: Sequence[Token], *, picture: Callable[[Token], str] | None = None) -> str:
    """Write tokens as XHTML-clean HTML; `picture` writes an image token."""
    markdown = _markdown()
    writer = RendererHTML()
    if picture is not None:
        write = picture
        image: Any = lambda inner, at, *_: write(inner[at])  # noqa: E731  # untyped by markdown-it
        writer.rules["image"] = image
    return writer.render(read, markdown.options, {}).strip()


def escaped(text: str) -> str:
    """Write `text` so that Markdown reads none of it; line ends become spaces.

    Source: https://spec.commonmark.org/0.31.2/#backslash-escapes
    """
    return _PUNCTUATION.sub(r"\\\g<0>", " ".join(text.split()))


def inner_text(token: Token) -> str:
    """Give an inline or image token's words, without marks."""
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content or inner_text(child)
        for child in token.children or ()
    )


def images(read: Sequence[Token]) -> list[Token]:
    """Give the image tokens, in order."""
    return [child for token in read for child in token.children or () if child.type == "image"]


def attribute(value: str) -> str:
    """Escape a value for a double-quoted attribute."""
    return escape(value, quote=True)
