"""What all forms share: how a cell becomes content, and how a frozen one is rendered again."""

from __future__ import annotations

import re
import weakref
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, Literal

from publisher.models.adapter import Attachment
from publisher.models.cell import Cell
from publisher.models.content import Content, PictureRef
from publisher.models.errors import Problem
from publisher.models.form import Sources
from publisher.render.bench import Bench
from publisher.render.cascade import Templates, kept_templates, templates
from publisher.render.context import Context, context

#: the entry's time, or the entry as a whole, through which it could be reached
_ASKS_WHEN = re.compile(r"\bentry\b(?!\.(?!at\b)\w)")


class Look(ABC):
    """A form; each file in `publisher/render/forms/` makes one and calls it `form`."""

    name: ClassVar[str]
    addressed_to: ClassVar[Literal["readers", "endpoint"]]
    numbered: ClassVar[bool] = False
    needs: ClassVar[tuple[str, ...]] = ()
    #: the templates it renders, from which everything they include is found
    templates: ClassVar[tuple[str, ...]]

    @abstractmethod
    def compose(self, bench: Bench) -> dict[str, str]:
        """Render each part; see `Content` for which there are."""

    @abstractmethod
    def check(self, cell: Cell, content: Content) -> Sequence[Problem]:
        """See `publisher.models.form.Form`."""

    def attachments(
        self,
        content: Content,  # most forms have none
        values: Mapping[str, str],
    ) -> tuple[Attachment, ...]:
        """See `publisher.models.form.Form`."""
        return ()

    def render(self, cell: Cell, sources: Sources, *, site_url: str) -> Content:
        """See `publisher.models.form.Form`."""
        known = context(cell, sources, site_url=site_url)
        found = templates(cell, sources)
        bench = Bench(known, found)
        parts = self.compose(bench)
        program: Mapping[str, Any] = {}
        if bench.noted.branched:
            kept = {name: list(each) for name, each in found.closure(self.templates).items()}
            program = {"context": _timeless(known, kept).to_json(), "templates": kept}
        return Content(
            form=self.name,
            language=known.language,
            direction=known.direction,
            parts=parts,
            pictures=tuple(_picture(known)),
            program=program,
            files={file.sha256: file.content for file in cell.pictures.values()},
        )

    def parts(self, content: Content, values: Mapping[str, str]) -> Mapping[str, str]:
        """Give frozen content's parts as they are for one reader, its holes still open."""
        return self.again(content, values) if content.program else content.parts

    def again(self, content: Content, values: Mapping[str, str]) -> dict[str, str]:
        """Render frozen content whose templates branch on a reader's value, for one reader.

        Readers who are alike in every value that the templates looked at share one rendering.
        """
        known, found, runs = _thawed(content)
        for used, parts in runs:
            if all(values.get(name, "") == value for name, value in used.items()):
                return parts
        bench = Bench(known, found, values)
        made = self.compose(bench)
        runs.append((bench.noted.used, made))
        return made


def _timeless(known: Context, sources: Mapping[str, Sequence[str]]) -> Context:
    """Leave the occurrence's time out of a program that does not ask for it.

    Words that do not name the time stay the same, and approved, when the occurrence moves.
    """
    texts = [known.chosen.markdown, *(text for _, text in sources.values())]
    if any(_ASKS_WHEN.search(text) for text in texts):
        return known
    return replace(known, entry=replace(known.entry, at=None))


def _picture(known: Context) -> list[PictureRef]:
    return [
        PictureRef(
            sha256=picture.sha256,
            media_type=picture.media_type,
            filename=picture.file.rpartition("/")[2],
            alt=picture.alt,
        )
        for picture in known.pictures
    ]


#: what the last runs of a program looked at, and what they made: a run that would look at the
#: same values makes the same
_Runs = deque[tuple[dict[str, str], dict[str, str]]]
_MOST_RUNS = 64
_kept: dict[int, tuple[weakref.ref[Content], Context, Templates, _Runs]] = {}


def _thawed(content: Content) -> tuple[Context, Templates, _Runs]:
    """Read a program once, however many readers it is run for."""
    kept = _kept.get(id(content))
    if kept is None or kept[0]() is not content:
        known = Context.from_json(content.program["context"])
        sources = {
            name: (path, text) for name, (path, text) in content.program["templates"].items()
        }
        there = weakref.ref(content, partial(_forget, id(content)))
        looks = kept_templates(sources, content.form)
        kept = _kept[id(content)] = (there, known, looks, deque(maxlen=_MOST_RUNS))
    return kept[1:]


def _forget(key: int, _: weakref.ref[Content]) -> None:
    _kept.pop(key, None)
