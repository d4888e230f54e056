"""The static site as a whole: pages, the archives that list them, the site map, the home page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import etree
from markupsafe import Markup

from publisher.adapters.feed.formats import FORMATS
from publisher.adapters.shared.shelf import Item
from publisher.kit import files, words
from publisher.kit.text import direction
from publisher.models.specs import in_language

#: how many pages an archive page lists
A_PAGE = 50
#: https://www.sitemaps.org/protocol.html allows 50,000 addresses in one file
LONGEST_SITEMAP = 50_000

#: what people call each kind of feed
_FORMATS = dict(zip(FORMATS.values(), ("RSS", "Atom", "JSON Feed"), strict=True))
_END_OF_HEAD = re.compile("</head>", re.IGNORECASE)
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.IGNORECASE | re.DOTALL)
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


@dataclass(frozen=True, kw_only=True)
class Site:
    """Every page there is, and where it belongs."""

    folder: Path  #: `data/site`
    feeds: Path  #: `data/feeds`
    site_url: str
    organisations: Mapping[str, Mapping[str, Any]]  #: by slug: name, short, website, brand
    #: by organisation, the newest first, each words once, without their HTML
    items: Mapping[str, Sequence[Item]]
    whole: Callable[[str, Item], Item]  #: gives an organisation's item with its HTML

    def publish(self, organisation: str, item: Item) -> None:
        """Write an item's page, and make everything that leads to it again."""
        for page in {one.first: one for one in self._touched(organisation, item)}.values():
            self._write(organisation, page.language, page.name, self._page(organisation, page))
        for language in self._languages(organisation):
            self._archive(organisation, language)
        self._home()
        files.write_if_changed(self.folder / "sitemap.xml", self._sitemap())
        robots = f"User-agent: *\nAllow: /\nSitemap: {self.site_url}/site/sitemap.xml\n"
        files.write_if_changed(self.folder / "robots.txt", robots)

    def url(self, organisation: str, item: Item) -> str:
        """Give an item's address."""
        return f"{self._base(organisation, item.language)}/{item.name}/"

    def _base(self, organisation: str, language: str) -> str:
        return f"{self.site_url}/site/{organisation}/{language}"

    def _write(self, organisation: str, language: str, name: str, html: str) -> None:
        place = self.folder / organisation / language
        files.write_if_changed(place / name / "index.html", html)

    def _touched(self, organisation: str, item: Item) -> list[Item]:
        """Give the pages whose head may have changed: its translations, and the newest."""
        newest = self._in(organisation, item.language)[:A_PAGE]
        return [item, *self._translations(organisation, item), *newest]

    def _translations(self, organisation: str, item: Item) -> list[Item]:
        """Give the item in each of its languages, its own included."""
        return [
            one
            for one in self.items[organisation]
            if item.translates(one) or one.first == item.first
        ]

    def _in(self, organisation: str, language: str) -> list[Item]:
        return [item for item in self.items[organisation] if item.language == language]

    def _languages(self, organisation: str) -> list[str]:
        return sorted({item.language for item in self.items[organisation]})

    def _page(self, organisation: str, item: Item) -> str:
        """Give the page's own document with what only the site knows put into its head."""
        links = [("canonical", {"href": self.url(organisation, item)})]
        links += [
            ("alternate", {"hreflang": one.language, "href": self.url(organisation, one)})
            for one in self._translations(organisation, item)
        ]
        links += [
            ("alternate", {"type": media_type, "href": url})
            for url, media_type in self._feeds(organisation, item.language)
        ]
        html = self.whole(organisation, item).html
        return _END_OF_HEAD.sub(lambda end: _links(links) + end[0], html, count=1)

    def _feeds(self, organisation: str, language: str) -> list[tuple[str, str]]:
        place = f"{organisation}/{language}"
        return [
            (f"{self.site_url}/feeds/{place}/{file}", media_type)
            for file, media_type in FORMATS.items()
            if (self.feeds / place / file).is_file()
        ]

    def _archive(self, organisation: str, language: str) -> None:
        items, about = self._in(organisation, language), self.organisations[organisation]
        pages = [items[start : start + A_PAGE] for start in range(0, len(items), A_PAGE)]
        for number, page in enumerate(pages, start=1):
            html = _rendered(
                "archive.html.j2",
                language=language,
                look=_look(self.whole(organisation, items[0]).html),
                name=in_language(about["name"], language),
                short=about["short"],
                website=about["website"],
                number=number,
                canonical=self._archive_url(organisation, language, number),
                alternates=self._archives(organisation),
                feeds=self._feeds(organisation, language),
                formats=_FORMATS,
                home=f"{self.site_url}/site/",
                newer=self._archive_url(organisation, language, number - 1) if number > 1 else "",
                older=self._archive_url(organisation, language, number + 1)
                if number < len(pages)
                else "",
                items=[
                    {
                        "url": self.url(organisation, item),
                        "title": item.title,
                        "summary": item.summary,
                        "at": item.at,
                    }
                    for item in page
                ],
            )
            self._write(organisation, language, _archive_name(number), html)

    def _archives(self, organisation: str) -> list[tuple[str, str]]:
        return [
            (language, self._archive_url(organisation, language, 1))
            for language in self._languages(organisation)
        ]

    def _archive_url(self, organisation: str, language: str, number: int) -> str:
        name = _archive_name(number)
        return f"{self._base(organisation, language)}/" + (f"{name}/" if name else "")

    def _home(self) -> None:
        organisations = [
            {
                "slug": slug,
                "name": in_language(about["name"], "en"),
                "short": about["short"],
                "archives": self._archives(slug),
            }
            for slug, about in sorted(self.organisations.items())
        ]
        html = _rendered(
            "home.html.j2",
            language="en",
            look="",
            home=f"{self.site_url}/site/",
            organisations=organisations,
        )
        files.write_if_changed(self.folder / "index.html", html)

    def _sitemap(self) -> bytes:
        top = etree.Element("urlset", nsmap={None: _SITEMAP, "xhtml": _XHTML})
        everything = [(slug, item) for slug, items in self.items.items() for item in items]
        newest = sorted(everything, key=lambda one: (one[1].at, one[1].key), reverse=True)
        for slug, item in newest[:LONGEST_SITEMAP]:
            url = etree.SubElement(top, "url")
            etree.SubElement(url, "loc").text = self.url(slug, item)
            etree.SubElement(url, "lastmod").text = item.at.isoformat()
            for one in self._translations(slug, item):
                alternate = {"hreflang": one.language, "href": self.url(slug, one)}
                etree.SubElement(url, f"{{{_XHTML}}}link", {"rel": "alternate"} | alternate)
        made: bytes = etree.tostring(top, xml_declaration=True, encoding="UTF-8", pretty_print=True)
        return made


def _archive_name(number: int) -> str:
    # No entry is called so: a slug holds no underscore.
    return "" if number == 1 else f"older_{number}"


def _look(page: str) -> Markup:
    """Give the style of a page, so that the archive looks like what it lists."""
    head = page[: match.start()] if (match := _END_OF_HEAD.search(page)) else ""
    return Markup("\n".join(_STYLE.findall(head)))  # noqa: S704  # approved with the page


def _links(links: Sequence[tuple[str, Mapping[str, str]]]) -> str:
    def one(rel: str, attributes: Mapping[str, str]) -> str:
        said = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        return f'<link rel="{rel}"{said}>\n'

    return "".join(one(rel, attributes) for rel, attributes in links)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _rendered(template: str, *, language: str, **said: object) -> str:
    return (
        _environment()
        .get_template(template)
        .render(
            language=language,
            direction=direction(language),
            say=partial(words.say, words.known([language])),
            own_name=words.own_name,
            **said,
        )
    )
