"""A newsletter: a mail to each reader, as HTML through MJML and as plain text from the words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from publisher.kit.text import one_line
from publisher.models.cell import Cell
from publisher.models.content import Content
from publisher.models.errors import Problem
from publisher.render import checks, mjml
from publisher.render.bench import Bench
from publisher.render.look import Look


class Newsletter(Look):
    """See the module."""

    name: ClassVar[str] = "newsletter"
    addressed_to: ClassVar[Literal["readers", "endpoint"]] = "readers"
    templates: ClassVar[tuple[str, ...]] = (
        "subject.txt.j2",
        "preheader.txt.j2",
        "html.mjml.j2",
        "text.txt.j2",
    )

    def compose(self, bench: Bench) -> dict[str, str]:
        """Give subject, preheader, html and text."""
        return mail(bench)

    def check(self, cell: Cell, content: Content) -> Sequence[Problem]:
        """Say what mail programs would cut, hide or refuse."""
        return checks.mail(cell, content)


def mail(bench: Bench) -> dict[str, str]:
    """Render the parts that every mail has."""
    source = bench.part("html.mjml.j2")
    return {
        "subject": one_line(bench.part("subject.txt.j2")),
        "preheader": one_line(bench.part("preheader.txt.j2")),
        "html": mjml.html(source, f"templates/{bench.context.form}/html.mjml.j2"),
        "text": bench.part("text.txt.j2").strip() + "\n",
    }


form = Newsletter()
