"""A whole site: every file of it, made again only where something changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from publisher.adapters.feed import formats
from publisher.adapters.shared.shelf import Item
from publisher.adapters.webpage import search, sitemap
from publisher.adapters.webpage.article import article, words
from publisher.adapters.webpage.cards import Cards
from publisher.adapters.webpage.pages import SECTIONS, Pages, path
from publisher.adapters.webpage.sections import Section, sections
from publisher.adapters.webpage.tree import Draft, Record
from publisher.kit import words as ours
from publisher.models.errors import PlanError, WillNeverWork
from publisher.models.site import Shell
from publisher.models.specs import OrganisationSpec

#: how many pages the site's own feeds hold
IN_FEEDS = 20
SCRIPT = Path(__file__).with_name("search.js")


class _Scope(formats.Scope):
    """The feed of a site's pages in one language, beside them."""

    @property
    def folder(self) -> str:
        return self.language

    @property
    def identity(self) -> str:
        return f"site {self.organisation.slug}/{self.language}"


@dataclass(frozen=True, kw_only=True)
class Site:
    """What a site is made of."""

    base: str  #: its address, without a slash at the end
    live: str  #: the address of the pages that Publisher serves, likewise
    organisation: OrganisationSpec
    shell: Shell
    pages: Pages
    whole: Callable[[Item], Item]  #: gives an item with its HTML
    pictures: Path  #: where the items' pictures are
    feeds: Path  #: where the feeds of the live server are: `data/feeds`

    def make(self, draft: Draft, before: Record) -> dict[str, Any]:
        """Put every file into a draft; give the notes that the next making needs.

        Raises:
            WillNeverWork: a template below `templates/site/` goes wrong.
        """
        try:
            cards = Cards(self.shell, self.organisation, draft, before.notes.get("cards", {}))
            cards.make(self.pages)
            marks = self._pages(draft, before.notes, cards)
            for language in self.pages.languages:
                marks |= self._sections(draft, before.notes, language, cards)
                self._feeds(draft, language)
            self._root(draft)
        except PlanError as error:
            raise WillNeverWork(str(error)) from error
        return {"look": self._look, "pages": marks, "cards": cards.marks}

    def url(self, item: Item) -> str:
        """Give the address of an item's page."""
        return f"{self.base}/{path(item)}"

    @cached_property
    def _look(self) -> str:
        """What every page shows besides its own words."""
        said = repr((self.shell.digest, self.base, self.live, self.pages.languages, SECTIONS))
        return hashlib.sha256(said.encode()).hexdigest()

    def _pages(self, draft: Draft, notes: Mapping[str, Any], cards: Cards) -> dict[str, str]:
        """Make the pages that changed, and keep the others; give each page's mark."""
        marks, said, old = {}, {}, self._old(notes)
        for item in self.pages.once:
            folder, mark = path(item), self.pages.mark(item)
            mark += "+" if cards.has(item) else ""
            marks[folder] = mark
            if old.get(folder) == mark and draft.keep(f"{folder}index.html"):
                continue
            inside = article(self.whole(item).html, self.live, "../../pictures/")
            draft.put(f"{folder}index.html", self._page(item, inside, cards))
            said[folder] = words(inside)
        for language, items in self.pages.by_language.items():
            self._search(draft, language, items, said)
        return marks

    def _old(self, notes: Mapping[str, Any]) -> Mapping[str, str]:
        """Give the marks of the pages in force; none if all must be made again."""
        old: Mapping[str, str] = notes.get("pages", {})
        return old if notes.get("look") == self._look else {}

    def _page(self, item: Item, inside: str, cards: Cards) -> str:
        alternates = {tag: path(one) for tag, one in self.pages.translations(item).items()}
        shows = {
            "article": inside,
            "on": item.at.date(),
            "title": item.title,
            "description": item.summary,
            "card": cards.path(item) if cards.has(item) else "",
        }
        section = Section(
            folder=path(item), template="page.html.j2", name="news", shows=shows,
            alternates=alternates,
        )  # fmt: skip
        return self._document(section, item.language)

    def _search(
        self, draft: Draft, language: str, items: Sequence[Item], said: Mapping[str, str]
    ) -> None:
        """Write what the search page reads; what did not change comes from the tree in force."""
        folder, count = self.pages.section(language, "search"), -(-len(items) // search.A_FILE)
        names = [f"{folder}{number}.json" for number in range(1, count + 1)]
        old = search.entries(draft.read(name) for name in names)
        found = [
            old[item.name + "/"]
            if path(item) not in said and item.name + "/" in old
            else self._found(item, said.get(path(item)))
            for item in reversed(items)
        ]
        for name, document in zip(names, search.documents(found), strict=True):
            draft.put(name, document)

    def _found(self, item: Item, said: str | None) -> search.Found:
        if said is None:
            said = words(article(self.whole(item).html, self.live, ""))
        return search.entry(
            url=f"{item.name}/",
            title=item.title,
            summary=item.summary,
            day=item.at.date().isoformat(),
            words=said,
        )

    def _sections(
        self, draft: Draft, notes: Mapping[str, Any], language: str, cards: Cards
    ) -> dict[str, str]:
        """Make a language's sections that changed; give each one's mark."""
        card, marks, old = cards.of_language(language), {}, self._old(notes)
        for section in sections(self.pages, self.shell.around, language, self._live(language)):
            shows = {"card": card, **section.shows}
            if section.name == "search":
                shows["files"] = self._search_files(language)
            marks[section.folder] = mark = _mark(section.alternates, shows)
            file = f"{section.folder}index.html"
            if old.get(section.folder) != mark or not draft.keep(file):
                draft.put(file, self._document(replace(section, shows=shows), language))
        return marks

    def _search_files(self, language: str) -> list[str]:
        count = -(-len(self.pages.by_language[language]) // search.A_FILE)
        return [f"{number}.json" for number in range(1, count + 1)]

    def _feeds(self, draft: Draft, language: str) -> None:
        items = [
            formats.sanitised(
                replace(
                    item,
                    html=article(self.whole(item).html, self.live, f"{self.base}/pictures/"),
                    link=self.url(item),
                    pictures=(),
                )
            )
            for item in self.pages.by_language[language][:IN_FEEDS]
        ]
        scope = _Scope(organisation=self.organisation, language=language)
        for file, made in formats.made_below(scope, items, self.base).items():
            draft.put(f"{language}/{file}", made)

    def _live(self, language: str) -> list[str]:
        """Give the addresses of the organisation's feeds on the live server, if it has any."""
        place = f"{self.organisation.slug}/{language}"
        return [
            f"{self.live}/feeds/{place}/{file}"
            for file in formats.FORMATS
            if (self.feeds / place / file).is_file()
        ]

    def _root(self, draft: Draft) -> None:
        """Make what belongs to no language."""
        spoken = self.organisation.languages
        first = next((one for one in spoken if one in self.pages.languages), None)
        first = first or next(iter(self.pages.languages), spoken[0])
        alternates = {tag: f"{tag}/" for tag in self.pages.languages}
        for file, template in (
            ("index.html", "languages.html.j2"),
            ("404.html", "missing.html.j2"),
        ):
            section = Section(folder="", template=template, shows={}, alternates=alternates)
            # Whatever address was not there, the page for it must find its style.
            root = f"{urlsplit(self.base).path}/" if file == "404.html" else ""
            draft.put(file, self._document(section, first, root=root))
        draft.put("assets/site.css", self.shell.document("style.css.j2", first, {}))
        draft.put("assets/icon.svg", self.shell.document("icon.svg.j2", first, {}))
        draft.put("assets/search.js", SCRIPT.read_bytes())
        draft.put("sitemap.xml", sitemap.sitemap(self._places()))
        draft.put("robots.txt", sitemap.robots(self.base))
        for file in {picture.file for item in self.pages.once for picture in item.pictures}:
            if not draft.keep(f"pictures/{file}") and (self.pictures / file).is_file():
                draft.put(f"pictures/{file}", (self.pictures / file).read_bytes())

    def _places(self) -> Iterator[sitemap.Place]:
        for item in self.pages.once:
            others = [(tag, self.url(one)) for tag, one in self.pages.translations(item).items()]
            yield self.url(item), item.at.isoformat(), others
        for name in ("", *SECTIONS):
            folders = {
                tag: self.pages.section(tag, name) if name else f"{tag}/"
                for tag in self.pages.languages
            }
            others = [(tag, f"{self.base}/{folder}") for tag, folder in folders.items()]
            yield from ((address, "", others) for _, address in others)

    def _document(self, section: Section, language: str, *, root: str | None = None) -> str:
        """Render a page of the site; every address in it is relative, but in its head."""
        up = "../" * section.folder.count("/") if root is None else root
        values = {
            "here": section.name,
            "root": up,
            "base": self.base,
            "live": self.live,
            "canonical": f"{self.base}/{section.folder}",
            "title": "",
            "description": "",
            "card": "",
            "home": f"{up}{language}/",
            "menu": [
                {"name": name, "url": f"{up}{self.pages.section(language, name)}"}
                for name in SECTIONS
            ],
            "alternates": [
                {"language": tag, "url": f"{self.base}/{folder}"}
                for tag, folder in section.alternates.items()
            ],
            "languages": [
                {
                    "language": tag,
                    "name": ours.own_name(tag),
                    "url": f"{up}{section.alternates.get(tag, f'{tag}/')}",
                }
                for tag in self.pages.languages
            ],
            "feeds": [
                {"url": f"{up}{language}/{file}", "type": kind, "name": name}
                for (file, kind), name in zip(
                    formats.FORMATS.items(), ("RSS", "Atom", "JSON Feed"), strict=True
                )
            ],
        }
        return self.shell.document(section.template, language, {**values, **section.shows})


def _mark(*said: object) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
