"""A presentation: slides as PowerPoint and as PDF/UA, one page a slide, from one body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from publisher.kit.text import one_line
from publisher.models.adapter import Attachment
from publisher.models.cell import Cell
from publisher.models.content import Content
from publisher.models.errors import Problem
from publisher.render import checks
from publisher.render.bench import Bench
from publisher.render.documents import slides
from publisher.render.documents.body import Body, tree
from publisher.render.documents.document import Document
from publisher.render.documents.powerpoint import powerpoint
from publisher.render.documents.setting import setting
from publisher.render.variants import chosen
from publisher.render.widths import SLIDE, Sheet

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


class Presentation(Document):
    """See the module."""

    name: ClassVar[str] = "presentation"
    master: ClassVar[str] = "master.pptx"
    sheet: ClassVar[Sheet] = SLIDE

    def compose(self, bench: Bench) -> dict[str, str]:
        """Give title, summary, body, html, document and set."""
        path = f"calendar/{bench.context.entry.slug}.md"
        markdown = self.body(bench)
        shown = slides.shown(Body(markdown, bench.context.pictures, path))
        head = one_line(bench.part("head.txt.j2"))
        given = {"slides": shown, "head": head}
        return {
            "title": one_line(bench.part("title.txt.j2")),
            "summary": one_line(bench.part("summary.txt.j2")),
            "body": markdown,
            "html": bench.part("html.html.j2", **given),
            "document": bench.part("document.typ.j2", **given),
            "set": setting(bench, head=head, contents=self.contents).to_json(),
        }

    def check(self, cell: Cell, content: Content) -> Sequence[Problem]:
        """Say what does not fit on its slide, too."""
        words = chosen(cell)
        wrong = slides.wrong(tree(content.parts["body"]))
        return [
            *super().check(cell, content),
            *(checks.problem(cell, sentence, field=words.field) for sentence in wrong),
        ]

    def attachments(self, content: Content, values: Mapping[str, str]) -> tuple[Attachment, ...]:
        """Make the PowerPoint file, and the PDF for who has no such program."""
        parts, stem = self.whole(content, values), self.stem(content, values)
        made = powerpoint(content, parts)
        shown = Attachment(filename=f"{stem}.pptx", media_type=PPTX, content=made)
        return (self.pdf(content, parts, stem), shown)


form = Presentation()
