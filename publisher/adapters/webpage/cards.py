"""Pictures of a page's title, which other sites show beside a link to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import groupby

from publisher.adapters.shared.shelf import Item
from publisher.adapters.webpage.pages import Pages
from publisher.adapters.webpage.tree import Draft
from publisher.models.errors import PlanError
from publisher.models.site import Shell
from publisher.models.specs import OrganisationSpec, in_language

AT_ONCE = 40  #: how many are set by one run of Typst

Wanted = tuple[str, str, str]  #: a language, a path, a title


class Cards:
    """The cards of a site. A card is made once for its title; a new look is for new ones."""

    def __init__(
        self, shell: Shell, organisation: OrganisationSpec, draft: Draft, old: Mapping[str, str]
    ) -> None:
        self._shell = shell
        self._organisation = organisation
        self._draft = draft
        self._old = old
        self.marks: dict[str, str] = {}  #: by path

    def make(self, pages: Pages) -> None:
        """Make those that are not there, and keep the others."""
        wanted = [
            (tag, self.of_language(tag, made=False), in_language(self._organisation.name, tag))
            for tag in pages.languages
        ]
        wanted += [(item.language, self.path(item), item.title) for item in pages.once]
        missing = sorted(one for one in wanted if not self._kept(*one))
        for language, those in groupby(missing, key=lambda one: one[0]):
            several = list(those)
            for start in range(0, len(several), AT_ONCE):
                self._several(language, several[start : start + AT_ONCE])

    def has(self, item: Item) -> bool:
        """Say whether there is one for an item."""
        return self.path(item) in self._draft.files

    @staticmethod
    def path(item: Item) -> str:
        """Give where an item's card is."""
        return f"cards/{item.language}/{item.name}.png"

    def of_language(self, language: str, *, made: bool = True) -> str:
        """Give where the card of all other pages is; empty if there is none."""
        path = f"cards/{language}.png"
        return path if not made or path in self._draft.files else ""

    def _kept(self, language: str, path: str, title: str) -> bool:
        mark = self._mark(language, title)
        if self._old.get(path) != mark:
            return False
        self.marks[path] = mark
        return self._draft.keep(path)

    def _several(self, language: str, wanted: Sequence[Wanted]) -> None:
        """Set several at once, and one by one where that does not work."""
        titles = [title for _, _, title in wanted]
        try:
            made = self._shell.cards(language, titles)
        except PlanError:
            if len(wanted) > 1:
                for one in wanted:
                    self._several(language, [one])
            return
        for (_, path, title), picture in zip(wanted, made, strict=True):
            self.marks[path] = self._mark(language, title)
            self._draft.put(path, picture)

    def _mark(self, language: str, title: str) -> str:
        spec = self._organisation
        said = repr(
            (title, in_language(spec.name, language), spec.short, sorted(spec.brand.items()))
        )
        return hashlib.sha256(said.encode()).hexdigest()[:16]
