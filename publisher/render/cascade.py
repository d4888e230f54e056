"""Which template is used: the form's own, an organisation's, an audience's, a language's.

The last one that exists wins, part by part. A name without a slash is looked for along the
cascade, one with a slash is a path below `templates/`; so an override may extend what it
overrides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from weakref import WeakKeyDictionary

from jinja2 import BaseLoader, meta
from jinja2.environment import Environment as JinjaEnvironment
from jinja2.exceptions import TemplateNotFound

from publisher.models.cell import Cell
from publisher.models.errors import PlanError, Problem
from publisher.models.form import Sources
from publisher.models.specs import PictureFile, Plan
from publisher.render.sandbox import Compiled, Environment, kind_of

Found = tuple[str, str]  #: a path below `templates/`, and its source
Find = Callable[[str], Found | None]

_COMPILED = Compiled()


class PlanSources:
    """The templates of a plan."""

    def __init__(self, plan: Plan) -> None:
        self._sources = {slug: template.source for slug, template in plan.templates.items()}
        self._files = plan.pictures

    def source(self, path: str) -> str | None:
        """See `Sources`."""
        return self._sources.get(path)

    def master(self, path: str) -> PictureFile | None:
        """See `Sources`."""
        return self._files.get(f"templates/{path}")


class Templates(BaseLoader):
    """The templates one kind of cell sees, compiled once."""

    def __init__(self, find: Find, form: str) -> None:
        self._find = find
        self._form = form
        self._environments: dict[type[Environment], Environment] = {}

    def get_source(
        self, environment: JinjaEnvironment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """See Jinja2's loaders."""
        del environment
        path, source = self.found(template)
        return source, f"templates/{path}", lambda: True

    def found(self, name: str) -> Found:
        """Give a template by its name.

        Raises:
            TemplateNotFound: there is none of that name along the cascade.
        """
        found = self._find(name)
        if found is None:
            raise TemplateNotFound(f"{self._form}/{name}" if "/" not in name else name)
        return found

    def has(self, name: str) -> bool:
        """Say whether there is one of that name."""
        return self._find(name) is not None

    def environment(self, name: str) -> Environment:
        """Give the environment of a template's kind."""
        kind = kind_of(name)
        if kind not in self._environments:
            self._environments[kind] = kind(self, bytecode_cache=_COMPILED)
        return self._environments[kind]

    def closure(self, names: Iterable[str]) -> dict[str, Found]:
        """Give the templates of these names and all that they include, extend or import.

        Raises:
            PlanError: one is named by an expression, so that nobody can tell which it is.
        """
        kept: dict[str, Found] = {}
        waiting = [name for name in names if self.has(name)]
        while waiting:
            name = waiting.pop()
            if name in kept:
                continue
            kept[name] = path, source = self.found(name)
            for other in _named(source):
                if other is None:
                    raise PlanError([Problem(path=f"templates/{path}", sentence=_BY_NAME)])
                waiting.append(other)
        return kept


@lru_cache(maxsize=512)
def _named(source: str) -> tuple[str | None, ...]:
    """Give the templates that one names; None for each that it names by an expression."""
    return tuple(meta.find_referenced_templates(JinjaEnvironment().parse(source)))


_BY_NAME = "a template includes others by their names in quotation marks, not by an expression"
_templates: WeakKeyDictionary[Sources, dict[tuple[str, ...], Templates]] = WeakKeyDictionary()


def templates(cell: Cell, sources: Sources) -> Templates:
    """Give the templates this cell sees; the same object for cells of the same kind."""
    kept = _templates.setdefault(sources, {})
    key = (cell.form, cell.organisation.slug, cell.audience.slug, cell.language)
    if key not in kept:
        kept[key] = Templates(_cascade(sources, *key), cell.form)
    return kept[key]


def master(cell: Cell, sources: Sources, name: str) -> tuple[str, PictureFile] | None:
    """Give an organisation's own `master.docx` or `master.pptx` with its path, or None."""
    folders = _folders(cell.form, cell.organisation.slug, cell.audience.slug, cell.language)
    for folder in folders:
        found = sources.master(f"{folder}/{name}")
        if found is not None:
            return f"templates/{folder}/{name}", found
    return None


def _folders(form: str, organisation: str, audience: str, language: str) -> tuple[str, ...]:
    base = language.split("-", maxsplit=1)[0]
    return (
        f"{form}/languages/{language}",
        f"{form}/languages/{base}",
        f"{form}/audiences/{audience}",
        f"{form}/organisations/{organisation}",
        form,
    )


def _cascade(sources: Sources, form: str, organisation: str, audience: str, language: str) -> Find:
    folders = _folders(form, organisation, audience, language)

    def find(name: str) -> Found | None:
        paths = [name] if "/" in name else [f"{folder}/{name}" for folder in folders]
        for path in paths:
            source = sources.source(path)
            if source is not None:
                return path, source
        return None

    return find


def kept_templates(kept: Mapping[str, Found], form: str) -> Templates:
    """Give the templates of a frozen rendition, as `closure` gave them."""

    def find(name: str) -> Found | None:
        found = kept.get(name)
        return (found[0], found[1]) if found else None

    return Templates(find, form)


def site_templates(organisation: str, language: str, sources: Sources) -> Templates:
    """Give the templates of an organisation's site; the same object each time."""
    kept = _templates.setdefault(sources, {})
    key = ("site", organisation, "", language)
    if key not in kept:
        kept[key] = Templates(_cascade(sources, *key), "site")
    return kept[key]
