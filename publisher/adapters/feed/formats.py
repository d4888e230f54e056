"""One feed as RSS 2.0, Atom and JSON Feed 1.1; the same items always give the same bytes."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

import feedgen
import nh3
from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from publisher.adapters.shared.shelf import Item
from publisher.models.adapter import Json
from publisher.models.specs import OrganisationSpec, in_language

# feedgen writes a date with the whole process's locale set to "C", and sets it back: of two threads
# that do so at once the second may set it to "C" for good, where text in files is taken for ASCII.
feedgen.feed.formatRFC2822 = feedgen.entry.formatRFC2822 = format_datetime

#: The media type of each file. RSS 2.0 has no registered one; this is what its board recommends:
#: https://www.rssboard.org/rss-autodiscovery
FORMATS = {
    "feed.rss": "application/rss+xml",
    "feed.atom": "application/atom+xml",  # RFC 4287 §7
    "feed.json": "application/feed+json",  # https://www.jsonfeed.org/version/1.1/
}

#: https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_DIRECTED = {"*": {"dir", "lang"}}
_ATTRIBUTES = {**{tag: set(kept) for tag, kept in nh3.ALLOWED_ATTRIBUTES.items()}, **_DIRECTED}


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What one feed holds: an organisation's items in one language, all of them or some."""

    organisation: OrganisationSpec
    language: str
    kind: str = ""  #: empty for all its items, else `audience` or `message`
    slug: str = ""

    @property
    def folder(self) -> str:
        """Where its files are, below the folder and the address of all feeds."""
        start = f"{self.organisation.slug}/{self.language}"
        return f"{start}/{self.kind}/{self.slug}" if self.kind else start

    @property
    def identity(self) -> str:
        """What its permanent id is made of."""
        return self.folder

    @property
    def title(self) -> str:
        """What a feed reader lists it as."""
        name = in_language(self.organisation.name, self.language)
        return clean(f"{name}: {self.slug.replace('-', ' ')}" if self.slug else name)

    @property
    def changed_at(self) -> datetime:
        """When an empty feed was last changed, for want of a better moment."""
        return datetime.fromtimestamp(0, UTC)

    def holds(self, item: Item) -> bool:
        """Say whether an item belongs into it."""
        if item.language != self.language:
            return False
        if self.kind == "audience":
            return item.audience == self.slug
        return not self.kind or self.slug in item.messages


def sanitised(item: Item) -> Item:
    """Give an item with harmless HTML, told its language and direction, and nothing XML lacks."""
    inner = nh3.clean(clean(item.html), attributes=_ATTRIBUTES)
    around = f'<div lang="{escape(item.language)}" dir="{item.direction}">'
    return replace(
        item,
        title=clean(item.title),
        summary=clean(item.summary),
        html=f"{around}{inner}</div>",
    )


def documents(scope: Scope, items: Sequence[Item], site_url: str) -> dict[str, bytes]:
    """Give the feed's files by name, its items, sanitised, in the order given."""
    return made_below(scope, items, f"{site_url}/feeds")


def made_below(scope: Scope, items: Sequence[Item], base: str) -> dict[str, bytes]:
    """Give the files of a feed whose folder stands below the address `base`."""
    entries = [_entry(item, scope, base) for item in items]
    as_json = json.dumps(_json_feed(scope, items, base), ensure_ascii=False)
    return {
        "feed.rss": _generator(scope, items, entries, base, "feed.rss").rss_str(pretty=True),
        "feed.atom": _generator(scope, items, entries, base, "feed.atom").atom_str(pretty=True),
        "feed.json": as_json.encode(),
    }


def urn(name: str) -> str:
    """Give the permanent id of the thing called `name`: a name-based UUID, RFC 9562 §5.5."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"publisher:{name}").urn


def clean(text: str) -> str:
    """Take out what XML cannot hold."""
    return _NOT_XML.sub("", text)


class _Links(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """Writes an Atom entry's links whole: feedgen 1.0 loses rel and type (its issue 135)."""

    def __init__(self) -> None:
        self.links: list[dict[str, str]] = []

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        """Replace the links."""
        for element in entry.findall("link"):
            entry.remove(element)
        for link in self.links:
            etree.SubElement(entry, "link", link)
        return entry


def _generator(
    scope: Scope, items: Sequence[Item], entries: Sequence[FeedEntry], base: str, file: str
) -> FeedGenerator:
    made = FeedGenerator()
    made.register_extension("links", BaseExtension, _Links)
    made.id(urn(f"feed {scope.identity}"))
    made.title(scope.title)
    made.description(scope.title)
    made.language(scope.language)
    made.author(name=clean(in_language(scope.organisation.name, scope.language)))
    made.link(href=f"{base}/{scope.folder}/{file}", rel="self", type=FORMATS[file])
    made.link(href=scope.organisation.website, rel="alternate", type="text/html")
    made.updated(items[0].at if items else scope.changed_at)
    made.generator("Publisher")
    made.entry(list(entries), replace=True)
    return made


def _entry(item: Item, scope: Scope, base: str) -> FeedEntry:
    entry = FeedEntry()
    entry.register_extension("links", _Links)
    entry.id(urn(item.first))
    entry.title(item.title)
    entry.published(item.at)
    entry.updated(item.at)
    entry.summary(item.summary)
    entry.content(item.html, type="html")
    entry.category([{"term": slug} for slug in item.messages])
    if item.link:  # without one, the item is all there is
        entry.link(href=item.link, rel="alternate")
        alternate = {"rel": "alternate", "type": "text/html", "hreflang": item.language}
        entry.links.links.append({"href": item.link} | alternate)
    for url, media_type, length in _pictures(item, scope, base):
        entry.enclosure(url, str(length), media_type)
        enclosure = {"href": url, "rel": "enclosure", "type": media_type, "length": str(length)}
        entry.links.links.append(enclosure)
    return entry


def _json_feed(scope: Scope, items: Sequence[Item], base: str) -> Json:
    """See https://www.jsonfeed.org/version/1.1/."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": scope.title,
        "home_page_url": scope.organisation.website,
        "feed_url": f"{base}/{scope.folder}/feed.json",
        "language": scope.language,
        "authors": [{"name": in_language(scope.organisation.name, scope.language)}],
        "items": [_json_item(item, scope, base) for item in items],
    }


def _json_item(item: Item, scope: Scope, base: str) -> Json:
    made = {
        "id": urn(item.first),
        "title": item.title,
        "content_html": item.html,
        "date_published": item.at.isoformat(),
        "date_modified": item.at.isoformat(),
        "language": item.language,
        "tags": list(item.messages),
        "attachments": [
            {"url": url, "mime_type": media_type, "size_in_bytes": length}
            for url, media_type, length in _pictures(item, scope, base)
        ],
    }
    maybe = {"url": item.link, "summary": item.summary}
    return made | {name: said for name, said in maybe.items() if said}


def _pictures(item: Item, scope: Scope, base: str) -> list[tuple[str, str, int]]:
    folder = f"{base}/{scope.organisation.slug}/pictures"
    return [(f"{folder}/{one.file}", one.media_type, one.length) for one in item.pictures]
