"""What has been read of a plan folder so far, and how a file becomes a spec."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from publisher.models.errors import Problem
from publisher.models.specs import (
    AudienceSpec,
    ChannelSpec,
    ChoiceSpec,
    EntrySpec,
    EventSpec,
    KeyMessageSpec,
    OrganisationSpec,
    OutletSpec,
    PictureFile,
    Plan,
    Slug,
    Spec,
    TemplateSpec,
)
from publisher.plan.folder import text
from publisher.plan.sentences import Where, problems_in
from publisher.plan.source import Source
from publisher.plan.tree import Node, tree

MAX_TEXT = 1_000_000

_SLUG: TypeAdapter[str] = TypeAdapter(Slug)
_OWN_NAME = "is not said in the file: the file's name, or the name above, says it"

S = TypeVar("S", bound=Spec)


class Reading:
    """What has been read so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.trees: dict[str, Node] = {}
        self.words: dict[str, list[int]] = {}
        self.within: dict[str, str] = {}
        self.paths: dict[str, str] = {}
        self.unread: set[str] = set()
        self.found: dict[type[Spec], dict[str, Any]] = {}
        self.pictures: dict[str, PictureFile] = {}

    def source(self) -> Source:
        """Give the whole of it."""
        plan = Plan(
            organisations=self._of(OrganisationSpec),
            channels=self._of(ChannelSpec),
            outlets=self._of(OutletSpec),
            choices=self._of(ChoiceSpec),
            audiences=self._of(AudienceSpec),
            messages=self._of(KeyMessageSpec),
            entries=self._of(EntrySpec),
            events=self._of(EventSpec),
            templates=self._of(TemplateSpec),
            pictures=self.pictures,
            paths=self.paths,
        )
        return Source(
            plan=plan,
            problems=self.problems,
            trees=self.trees,
            words=self.words,
            within=self.within,
            unread=frozenset(self.unread),
        )

    def _of(self, shape: type[S]) -> dict[str, S]:
        return dict(sorted(self.found.get(shape, {}).items()))

    def wrong(
        self,
        path: str,
        sentence: str,
        *,
        field: str = "",
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        """Add a problem."""
        self.problems.append(
            Problem(path=path, line=line, column=column, field=field, sentence=sentence)
        )

    def text(self, path: str, at_most: int = MAX_TEXT) -> str | None:
        """Give a file's text, or None."""
        return text(self.folder, path, at_most=at_most, problems=self.problems)

    def slug(self, path: str) -> str | None:
        """Give the short name a file's name says."""
        try:
            return _SLUG.validate_python(Path(path).stem)
        except ValidationError as error:
            said = error.errors()[0].get("ctx", {}).get("error", "has a name that cannot be read")
            self.wrong(path, f"the file's name is its short name, and {said}")
            return None

    def opened(self, kind: str, path: str) -> tuple[str, Node] | None:
        """Give a YAML file's short name and its mapping; None where it lacks one of them."""
        slug, node = self.slug(path), self.mapping(path)
        if slug is None or node is None:
            self.unread.add(f"{kind}/{slug}")
            return None
        return slug, node

    def mapping(self, path: str) -> Node | None:
        """Give a YAML file's mapping, or None."""
        words = self.text(path)
        node = None if words is None else tree(words, path, self.problems)
        return self.kept(path, node)

    def kept(self, path: str, node: Node | None) -> Node | None:
        """Keep a file's tree for finding places, if it is a mapping."""
        if node is None:
            return None
        if node.kind != "mapping":
            empty = node.kind == "scalar" and node.value is None
            sentence = "is empty" if empty else "must be lines of a name, a colon and a value"
            self.wrong(path, sentence, line=node.line, column=node.column)
            return None
        self.trees[path] = node
        return node

    def spec(
        self,
        shape: type[S],
        node: Node,
        path: str,
        *,
        said: dict[str, Any],
        where: Where = (),
        added: tuple[str, ...] = (),
    ) -> S | None:
        """Validate what a mapping says, with `said` beside it that the file's name says."""
        plain = {name: value for name, value in node.plain().items() if name not in added}
        if clash := [name for name in said if name in plain]:
            self.wrong(path, _OWN_NAME, **_place(node, clash[0]))
            return None
        try:
            return shape.model_validate({**plain, **said})
        except ValidationError as error:
            self.problems += problems_in(
                error,
                path=path,
                node=node,
                shape=shape,
                prefix=where,
                hidden=tuple(said),
                added=added,
            )
            return None

    def keep(self, kind: str, slug: str, spec: Spec | None, path: str, within: str = "") -> None:
        """Keep a spec under its slug, which no other file may have taken."""
        thing = f"{kind}/{slug}"
        if spec is None:
            self.unread.add(thing)
            return
        if thing in self.paths:
            node = self.trees.get(path)
            sentence = f"{kind} “{slug}” stands in {self.paths[thing]} already; a slug is for one"
            self.wrong(path, sentence, field=within, **({} if node is None else _at(node, within)))
            return
        self.found.setdefault(type(spec), {})[slug] = spec
        self.paths[thing] = path
        if within:
            self.within[thing] = within


def _place(node: Node, name: str) -> dict[str, Any]:
    key = node.entries[name][0]
    return {"field": name, "line": key.line, "column": key.column}


def _at(node: Node, field: str) -> dict[str, Any]:
    key = node
    for part in field.split("."):
        if node.kind == "mapping" and part in node.entries:
            key, node = node.entries[part]
        elif node.kind == "list":
            key = node = node.items[int(part)]
    return {"line": key.line, "column": key.column}
