"""What search engines read: site maps (https://www.sitemaps.org/protocol.html) and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from lxml import etree

#: the protocol allows 50,000 addresses in one file
LONGEST = 50_000
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"

#: an address, when it changed (empty: not said), and its languages with their addresses
Place = tuple[str, str, Sequence[tuple[str, str]]]


def sitemap(places: Iterable[Place]) -> bytes:
    """Name each page once, with its translations."""
    top = etree.Element("urlset", nsmap={None: _SITEMAP, "xhtml": _XHTML})
    for address, changed, translations in islice(places, LONGEST):
        url = etree.SubElement(top, "url")
        etree.SubElement(url, "loc").text = address
        if changed:
            etree.SubElement(url, "lastmod").text = changed
        for language, other in translations:
            _link(url, {"hreflang": language, "href": other})
    return _bytes(top)


def index(sitemaps: Iterable[str]) -> bytes:
    """Name other site maps."""
    top = etree.Element("sitemapindex", nsmap={None: _SITEMAP})
    for address in sitemaps:
        etree.SubElement(etree.SubElement(top, "sitemap"), "loc").text = address
    return _bytes(top)


def robots(address: str) -> str:
    """Let robots in, and lead them to the site map."""
    return f"User-agent: *\nAllow: /\nSitemap: {address}/sitemap.xml\n"


def _link(url: etree._Element, said: Mapping[str, str]) -> None:
    etree.SubElement(url, f"{{{_XHTML}}}link", {"rel": "alternate", **said})


def _bytes(top: etree._Element) -> bytes:
    made: bytes = etree.tostring(top, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made
