"""What a site shows beside its pages: home, news, audiences and so on, in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from publisher.adapters.shared.shelf import Item
from publisher.adapters.webpage.pages import Pages, path
from publisher.models.specs import in_language

A_PAGE = 25  #: how many news an older page lists; the newest lists at most twice as many
AT_HOME = 6
NEWEST = 50  #: on an audience's page, and on the search page without its script


@dataclass(frozen=True, kw_only=True)
class Section:
    """One page of the site that is not an entry's."""

    folder: str  #: such as `en/news/`
    template: str
    shows: Mapping[str, Any]  #: addresses begin at the site's root
    name: str = ""  #: of the menu; empty: the home page
    alternates: Mapping[str, str] = field(default_factory=dict)  #: folders by language


def sections(
    pages: Pages, around: Mapping[str, Any], language: str, feeds: Sequence[str]
) -> Iterator[Section]:
    """Give the sections in a language; `feeds` are addresses on the live server."""
    known = _known(pages, around, language)
    yield _section(
        pages, language, "", "home.html.j2", {**known, "items": known["items"][:AT_HOME]}
    )
    yield from _news(pages, language)
    yield from _audiences(pages, known["audiences"], language)
    for name in ("landscape", "circulars", "events", "about"):
        yield _section(pages, language, name, f"{name}.html.j2", known)
    yield _section(pages, language, "subscribe", "subscribe.html.j2", {"live_feeds": feeds})
    shown = {"items": known["items"][:NEWEST]}
    yield _section(pages, language, "search", "search.html.j2", shown)


def listed(items: Sequence[Item]) -> list[dict[str, Any]]:
    """Give items as templates list them."""
    return [
        {"url": path(item), "title": item.title, "summary": item.summary, "on": item.at.date()}
        for item in items
    ]


def _known(pages: Pages, around: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Give what the sections show of the surroundings, in one language."""
    circulars = [
        {**one, "title": in_language(one["title"], language), "on": _day(one["dated"])}
        for one in around["circulars"]
    ]
    events = [{"title": one["title"], "on": _day(one["on"])} for one in around["events"]]
    bodies = [
        {**one, "name": in_language(one["name"], language)} for one in around["organisations"]
    ]
    landscape = around["landscape"]
    documents = [{**one, "on": _day(one["at"])} for one in landscape["documents"]]
    return {
        "items": listed(pages.by_language[language][:NEWEST]),
        "audiences": _named_audiences(pages, around, language),
        "circulars": circulars,
        "events": events,
        "organisations": bodies,
        "landscape": {**landscape, "documents": documents},
        "doors": around["doors"],
    }


def _day(said: str) -> date:
    return date.fromisoformat(said)


def _named_audiences(
    pages: Pages, around: Mapping[str, Any], language: str
) -> list[dict[str, Any]]:
    """Give the audiences that something was published for, by name."""
    folder = pages.section(language, "audiences")
    found = [
        {
            "slug": slug,
            "name": in_language(around["audiences"].get(slug, {}), language) or slug,
            "url": f"{folder}{slug}/",
            "count": len(items),
        }
        for (tag, slug), items in pages.by_audience.items()
        if tag == language
    ]
    return sorted(found, key=lambda one: (one["name"], one["slug"]))


def _audiences(
    pages: Pages, audiences: Sequence[Mapping[str, Any]], language: str
) -> Iterator[Section]:
    yield _section(pages, language, "audiences", "audiences.html.j2", {"audiences": audiences})
    for audience in audiences:
        slug = audience["slug"]
        alternates = {
            tag: f"{pages.section(tag, 'audiences')}{slug}/"
            for tag in pages.languages
            if (tag, slug) in pages.by_audience
        }
        items = listed(pages.by_audience[language, slug][:NEWEST])
        yield Section(
            folder=audience["url"],
            template="audience.html.j2",
            name="audiences",
            shows={"audience": audience, "items": items},
            alternates=alternates,
        )


def _news(pages: Pages, language: str) -> Iterator[Section]:
    """Give the newest news, and older ones by 25 from the oldest on, which stay as they are."""
    items = pages.by_language[language]
    whole = max(len(items) // A_PAGE - 1, 0)  #: how many older pages there are
    newest = items[: len(items) - whole * A_PAGE]
    older = f"{language}/older_{whole}/" if whole else ""
    shows = {"items": listed(newest), "older": older, "newer": "", "number": 0}
    yield _section(pages, language, "news", "news.html.j2", shows)
    for number in range(whole, 0, -1):
        end = len(items) - (number - 1) * A_PAGE
        newer = f"{language}/older_{number + 1}/"
        shows = {
            "items": listed(items[end - A_PAGE : end]),
            "older": f"{language}/older_{number - 1}/" if number > 1 else "",
            "newer": newer if number < whole else pages.section(language, "news"),
            "number": number,
        }
        folder = f"{language}/older_{number}/"  # no entry is called so: a slug has no underscore
        yield Section(folder=folder, template="news.html.j2", name="news", shows=shows)


def _section(
    pages: Pages, language: str, name: str, template: str, shows: Mapping[str, Any]
) -> Section:
    def folder(tag: str) -> str:
        return pages.section(tag, name) if name else f"{tag}/"

    return Section(
        folder=folder(language),
        template=template,
        name=name,
        shows=shows,
        alternates={tag: folder(tag) for tag in pages.languages},
    )
