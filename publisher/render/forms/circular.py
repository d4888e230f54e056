"""An administrative circular: a numbered PDF/UA document, and the mail that brings it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from publisher.kit.text import one_line
from publisher.models.adapter import Attachment
from publisher.models.cell import Cell
from publisher.models.content import Content
from publisher.models.errors import Problem
from publisher.render import checks
from publisher.render.bench import Bench
from publisher.render.filling import filled, without_marks
from publisher.render.forms.newsletter import mail
from publisher.render.look import Look
from publisher.render.press import press


class Circular(Look):
    """See the module."""

    name: ClassVar[str] = "circular"
    addressed_to: ClassVar[Literal["readers", "endpoint"]] = "readers"
    numbered: ClassVar[bool] = True
    templates: ClassVar[tuple[str, ...]] = (
        "subject.txt.j2",
        "preheader.txt.j2",
        "html.mjml.j2",
        "text.txt.j2",
        "title.txt.j2",
        "summary.txt.j2",
        "document.typ.j2",
    )

    def compose(self, bench: Bench) -> dict[str, str]:
        """Give the covering mail's parts, and title, summary and document."""
        return {
            **mail(bench),
            "title": one_line(bench.part("title.txt.j2")),
            "summary": one_line(bench.part("summary.txt.j2")),
            "document": bench.part("document.typ.j2"),
        }

    def attachments(self, content: Content, values: Mapping[str, str]) -> tuple[Attachment, ...]:
        """Set the document, tagged for readers' aids (PDF/UA-1)."""
        clean = without_marks(values)
        source = {"document": self.parts(content, clean)["document"]}
        made = press(filled(source, clean)["document"], "templates/circular/document.typ.j2")
        name = clean.get("circular.number", "circular").replace("/", "-").replace(" ", "-")
        return (Attachment(filename=f"{name}.pdf", media_type="application/pdf", content=made),)

    def check(self, cell: Cell, content: Content) -> Sequence[Problem]:
        """Say what mail programs or paper would not carry."""
        return [*checks.mail(cell, content), *checks.document(cell)]


form = Circular()
