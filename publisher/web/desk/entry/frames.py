"""What a frame beside the form shows: a document of templates, dressed as somebody would see it."""

from __future__ import annotations

import re
from html import escape

from django.http import HttpResponse

from publisher.flows.preview import Preview
from publisher.web import security
from publisher.web.desk.screen import guarded

_SCHEME = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)


def framed(preview: Preview, *, dark: bool, pictures: bool) -> HttpResponse:
    """Answer with a cell's document; nothing in it runs, and it reaches no other site.

    Args:
        preview: of a cell that has HTML.
        dark: as in a program with a dark scheme that follows the document's own styles.
        pictures: false: as in a program that shows none until asked.
    """
    response = guarded(HttpResponse(_dressed(_document(preview), dark=dark)))
    policy = security.documents()
    if not pictures:
        policy = re.sub(r"img-src [^;]*", "img-src 'none'", policy)
    response["Content-Security-Policy"] = f"{policy}; sandbox"
    return response


def has_dark_styles(html: str) -> bool:
    """Whether a document says how it looks in a dark scheme."""
    return any(found[1].lower() == "dark" for found in _SCHEME.finditer(html))


def _dressed(html: str, *, dark: bool) -> str:
    """Make the scheme the asked one, whatever the viewer's own machine has."""
    wanted = "dark" if dark else "light"

    def query(found: re.Match[str]) -> str:
        return "(min-width: 0)" if found[1].lower() == wanted else "(max-width: 0)"

    html = _SCHEME.sub(query, html)
    style = f"<style>:root{{color-scheme:only {wanted}}}</style>"
    return _HEAD_END.sub(f"{style}</head>", html, count=1)


def _document(preview: Preview) -> str:
    """Give a feed item's fragment a document around it."""
    html = preview.parts.get("html", "")
    content = preview.content
    if content is None or html.lstrip()[:9].lower() == "<!doctype":
        return html
    title = escape(preview.parts.get("title", ""))
    return (
        f'<!DOCTYPE html><html lang="{content.language}" dir="{content.direction}"><head>'
        f'<meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1>{html}</body></html>"
    )
