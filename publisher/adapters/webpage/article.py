"""The part of an approved page that a site puts between its own head and foot."""

from __future__ import annotations

import re

from lxml import html
from markupsafe import Markup

#: what runs or fetches, or belongs to the page's own head; the site has its own
_LEFT_OUT = "//script|//style|//link|//iframe|//object|//embed|//form|//base|//meta"
_PICTURE = re.compile(r"/pictures/([0-9a-f]{64}\.[a-z]{3,4})\Z")


def article(page: str, live: str, pictures: str) -> Markup:
    """Give what stands in a document's `main`, its pictures led to the site's own copies.

    Args:
        page: the approved document.
        live: the address of the pages that Publisher serves; no slash at the end.
        pictures: where the site's pictures are, seen from its page; a slash at the end.
    """
    document = html.document_fromstring(page or "<p></p>")
    for element in document.xpath(_LEFT_OUT):
        element.drop_tree()
    main = next(iter(document.xpath("//main")), None)
    inside = main if main is not None else document.find("body")
    _clean(document, live, pictures)
    if inside is None:
        return Markup()
    parts = [html.tostring(child, encoding="unicode") for child in inside]
    return Markup(Markup.escape(inside.text or "") + Markup("").join(map(Markup, parts)))  # noqa: S704  # approved


def words(article_html: str) -> str:
    """Give the words of an article, without its marks."""
    parts = html.fromstring(f"<div>{article_html}</div>").itertext() if article_html else ()
    return " ".join(part.strip() for part in parts if part.strip())


def _clean(document: html.HtmlElement, live: str, pictures: str) -> None:
    """Take out what would run, and what a strict policy for styles would refuse."""
    for element in document.iter(html.etree.Element):
        for name, value in list(element.attrib.items()):
            address = value.strip().lower()
            if (
                name.lower().startswith("on")
                or name == "style"
                or address.startswith("javascript:")
            ):
                del element.attrib[name]
    for picture in document.iter("img"):
        source = picture.get("src", "")
        if source.startswith(live) and (found := _PICTURE.search(source)):
            picture.set("src", pictures + found[1])
