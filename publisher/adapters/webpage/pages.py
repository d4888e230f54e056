"""The pages that were published on a site: which there are, and where each belongs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from publisher.adapters.shared.shelf import Item

#: The parts of a site beside its pages, in the order of its menu; no new page is called so.
SECTIONS = ("news", "audiences", "landscape", "circulars", "events", "about", "subscribe", "search")


@dataclass(frozen=True)
class Pages:
    """An organisation's items, the newest first."""

    items: Sequence[Item]

    @cached_property
    def once(self) -> list[Item]:
        """Each page once, although its words may have gone to two audiences."""
        return [item for item in self.items if item.first == item.key]

    @cached_property
    def languages(self) -> list[str]:
        """The languages that there are pages in."""
        return sorted({item.language for item in self.once})

    @cached_property
    def by_language(self) -> Mapping[str, list[Item]]:
        """Each language's pages, the newest first."""
        return {
            language: [item for item in self.once if item.language == language]
            for language in self.languages
        }

    @cached_property
    def by_audience(self) -> Mapping[tuple[str, str], list[Item]]:
        """The pages by language and the slug of each audience they went to."""
        found: dict[tuple[str, str], dict[str, Item]] = {}
        for item in self.items:
            own = self._by_key.get(item.first, item)
            found.setdefault((item.language, item.audience), {}).setdefault(item.first, own)
        return {key: list(items.values()) for key, items in sorted(found.items())}

    def translations(self, item: Item) -> dict[str, Item]:
        """Give an item in each of its languages, its own included."""
        beside = self._kin.get(_kin(item), [])
        found = {one.language: one for one in beside if item.translates(one)}
        return dict(sorted({**found, item.language: item}.items()))

    def section(self, language: str, name: str) -> str:
        """Give a section's folder; one whose name a page has taken long ago makes way."""
        taken = name in self._taken.get(language, ())
        return f"{language}/{name}_/" if taken else f"{language}/{name}/"

    def mark(self, item: Item) -> str:
        """Give what changes when a page, or what its head says of it, changes."""
        others = [(tag, one.name) for tag, one in self.translations(item).items()]
        said = repr((item.words, item.title, item.summary, item.at.isoformat(), others))
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @cached_property
    def _by_key(self) -> Mapping[str, Item]:
        return {item.key: item for item in self.once}

    @cached_property
    def _kin(self) -> Mapping[tuple[str, str, str], list[Item]]:
        found: dict[tuple[str, str, str], list[Item]] = {}
        for item in self.once:
            found.setdefault(_kin(item), []).append(item)
        return found

    @cached_property
    def _taken(self) -> Mapping[str, set[str]]:
        return {tag: {one.name for one in items} for tag, items in self.by_language.items()}


def path(item: Item) -> str:
    """Give the folder of an item's page."""
    return f"{item.language}/{item.name}/"


def _kin(item: Item) -> tuple[str, str, str]:
    return item.entry, item.audience, item.channel
