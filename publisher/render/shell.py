"""A site's looks: the templates below `templates/site/`, for any page and for any language."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from publisher.kit import words
from publisher.kit.text import direction
from publisher.models.errors import PlanError, Problem
from publisher.models.form import Sources
from publisher.models.specs import OrganisationSpec, in_language
from publisher.render import press, sandbox
from publisher.render.cascade import Templates, site_templates
from publisher.render.colours import palette
from publisher.render.labels import labels
from publisher.render.running import run

CARD = "card.typ.j2"
DOCUMENTS = (
    *("home", "page", "news", "audiences", "audience", "landscape", "circulars", "events"),
    *("about", "subscribe", "search", "languages", "missing"),
)
_FILES = (*(f"{name}.html.j2" for name in DOCUMENTS), "style.css.j2", "icon.svg.j2")
_digests: WeakKeyDictionary[Sources, dict[str, str]] = WeakKeyDictionary()
#: whose sentences the templates find as `words`
_PARTS = ("news.", "website.")


class Looks:
    """The looks of one organisation's site."""

    def __init__(self, organisation: OrganisationSpec, sources: Sources) -> None:
        self._organisation = organisation
        self._sources = sources
        self._labels = sources.source("labels.yaml")

    def document(self, name: str, language: str, values: Mapping[str, Any]) -> str:
        """Render a template.

        Args:
            name: below `templates/site/`.
            language: of its words.
            values: what it shows, beside what every template of a site finds.

        Raises:
            PlanError: it is not there or goes wrong, with its file and line.
        """
        found = site_templates(self._organisation.slug, language, self._sources)
        path = f"templates/site/{name}"
        if not found.has(name):
            sentence = "this file is missing; `publisher init` brings it"
            raise PlanError([Problem(path=path, sentence=sentence)])
        names = {**self._names(language), **values}
        sandbox.TOP_NAMES[:] = list(names)
        return run(_loaded(found, name), names, path=path)

    def cards(self, language: str, titles: Sequence[str]) -> list[bytes]:
        """Make a picture of each title, 1200 by 630 dots; the same title, the same bytes.

        Raises:
            PlanError: no font has one of the letters, or the template goes wrong.
        """
        source = self.document(CARD, language, {"titles": list(titles)})
        made = press.pictures(source, f"templates/site/{CARD}")
        if len(made) != len(titles):
            sentence = "a title must make one page, or its picture would be another's"
            raise PlanError([Problem(path=f"templates/site/{CARD}", sentence=sentence)])
        return made

    def digest(self) -> str:
        """Give a digest of all its templates, with what they always see."""
        kept = _digests.setdefault(self._sources, {})
        spec = self._organisation.model_dump_json()
        if spec not in kept:
            kept[spec] = self._digest()
        return kept[spec]

    def _digest(self) -> str:
        said = hashlib.sha256()
        for language in sorted(words.LANGUAGES):
            found = site_templates(self._organisation.slug, language, self._sources)
            for name, (path, source) in sorted(found.closure(_FILES).items()):
                said.update(f"{name}\n{path}\n{source}\n".encode())
            said.update(repr(self._names(language)).encode())
        return said.hexdigest()

    def _names(self, language: str) -> dict[str, Any]:
        spec = self._organisation
        return {
            "language": language,
            "direction": direction(language),
            "organisation": {
                "slug": spec.slug,
                "name": in_language(spec.name, language),
                "short": spec.short,
                "website": spec.website,
                "postal_address": spec.postal_address,
                "brand": dict(palette(spec)),
            },
            "labels": labels(self._labels, language),
            "words": _words(language),
        }


@cache
def _words(language: str) -> Mapping[str, str]:
    said = words.sentences(words.known([language]))
    return {
        key.removeprefix(part): text
        for part in _PARTS
        for key, text in said.items()
        if key.startswith(part)
    }


def _loaded(found: Templates, name: str) -> Callable[[], Any]:
    return lambda: found.environment(name).get_template(name)
