"""A web page: a whole, accessible HTML document with nothing outside it but pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from publisher.kit.text import one_line
from publisher.models.cell import Cell
from publisher.models.content import Content
from publisher.models.errors import Problem
from publisher.render import checks
from publisher.render.bench import Bench
from publisher.render.look import Look


class Page(Look):
    """See the module."""

    name: ClassVar[str] = "page"
    addressed_to: ClassVar[Literal["readers", "endpoint"]] = "endpoint"
    templates: ClassVar[tuple[str, ...]] = ("title.txt.j2", "summary.txt.j2", "html.html.j2")

    def compose(self, bench: Bench) -> dict[str, str]:
        """Give title, summary and html."""
        return {
            "title": one_line(bench.part("title.txt.j2")),
            "summary": one_line(bench.part("summary.txt.j2")),
            "html": bench.part("html.html.j2"),
        }

    def check(self, cell: Cell, content: Content) -> Sequence[Problem]:
        """Say what a browser or a reader's aid would stumble over."""
        return checks.page(cell, content)


form = Page()
