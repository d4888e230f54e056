"""What all forms share: how a cell becomes content, and how a frozen one is rendered again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from publisher.models.cell import Cell
from publisher.models.content import Content, PictureRef
from publisher.models.errors import Problem
from publisher.models.form import Sources
from publisher.render.bench import Bench
from publisher.render.cascade import kept_templates, templates
from publisher.render.context import Context, context


class Look(ABC):
    """A form; each file in `publisher/render/forms/` makes one and calls it `form`."""

    name: ClassVar[str]
    addressed_to: ClassVar[Literal["readers", "endpoint"]]
    numbered: ClassVar[bool] = False
    #: the templates it renders, from which everything they include is found
    templates: ClassVar[tuple[str, ...]]

    @abstractmethod
    def compose(self, bench: Bench) -> dict[str, str]:
        """Render each part; see `Content` for which there are."""

    @abstractmethod
    def check(self, cell: Cell, content: Content) -> Sequence[Problem]:
        """See `publisher.models.form.Form`."""

    def render(self, cell: Cell, sources: Sources, *, site_url: str) -> Content:
        """See `publisher.models.form.Form`."""
        known = context(cell, sources, site_url=site_url)
        found = templates(cell, sources)
        bench = Bench(known, found)
        parts = self.compose(bench)
        program: Mapping[str, Any] = {}
        if bench.noted.branched:
            kept = {name: list(each) for name, each in found.closure(self.templates).items()}
            program = {"context": known.to_json(), "templates": kept}
        return Content(
            form=self.name,
            language=known.language,
            direction=known.direction,
            parts=parts,
            pictures=tuple(_picture(known)),
            program=program,
        )

    def again(self, content: Content, values: Mapping[str, str]) -> dict[str, str]:
        """Render frozen content whose templates branch on a reader's value, for one reader."""
        known = Context.from_json(content.program["context"])
        kept = {
            name: (path, source) for name, (path, source) in content.program["templates"].items()
        }
        return self.compose(Bench(known, kept_templates(kept, self.name), values))


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
