"""What reports, papers and presentations share: one body, and the files that are made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from publisher.kit.text import one_line
from publisher.models.adapter import Attachment
from publisher.models.cell import Cell
from publisher.models.content import Content
from publisher.models.errors import Problem
from publisher.models.form import Sources
from publisher.render import checks
from publisher.render.bench import Bench
from publisher.render.cascade import master
from publisher.render.documents.body import SHOWN, Body, charts
from publisher.render.documents.setting import Setting, beside, setting
from publisher.render.documents.word_file import word
from publisher.render.filling import filled, without_marks
from publisher.render.look import Look
from publisher.render.press import press
from publisher.render.widths import PAPER, Sheet, too_wide

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Document(Look):
    """A form whose body is Markdown: HTML, PDF and Word are written from the same."""

    addressed_to: ClassVar[Literal["readers", "endpoint"]] = "endpoint"
    master: ClassVar[str] = "master.docx"  #: what an organisation's own file is called
    sheet: ClassVar[Sheet] = PAPER
    contents: ClassVar[bool] = False  #: whether the Word document lists its headings
    templates: ClassVar[tuple[str, ...]] = (
        "title.txt.j2",
        "summary.txt.j2",
        "head.txt.j2",
        "body.md.j2",
        "html.html.j2",
        "document.typ.j2",
    )

    def compose(self, bench: Bench) -> dict[str, str]:
        """Give title, summary, body, html, document and set."""
        path = f"calendar/{bench.context.entry.slug}.md"
        markdown = self.body(bench)
        body = Body(markdown, bench.context.pictures, path)
        head = one_line(bench.part("head.txt.j2"))
        return {
            "title": one_line(bench.part("title.txt.j2")),
            "summary": one_line(bench.part("summary.txt.j2")),
            "body": markdown,
            "html": bench.part("html.html.j2", body=body, head=head),
            "document": bench.part("document.typ.j2", body=body, head=head),
            "set": setting(bench, head=head, contents=self.contents).to_json(),
        }

    def body(self, bench: Bench) -> str:
        """Write the body, as Markdown."""
        return bench.part("body.md.j2").strip() + "\n"

    def render(self, cell: Cell, sources: Sources, *, site_url: str) -> Content:
        """See `publisher.models.form.Form`; with the organisation's own master, if it has one."""
        content = super().render(cell, sources, site_url=site_url)
        found = master(cell, sources, self.master)
        if found is None:
            return replace(content, parts={**content.parts, "master": ""})
        path, file = found
        said = replace(Setting.of(content.parts["set"]), master=path)
        return replace(
            content,
            parts={**content.parts, "set": said.to_json(), "master": file.sha256},
            files={**content.files, file.sha256: file.content},
        )

    def check(self, cell: Cell, content: Content) -> Sequence[Problem]:
        """Say what neither a browser nor an office program would show."""
        found = checks.paper(cell, content, numbered=self.numbered)
        wrong = [
            f"“{one.filename}” is {one.media_type}; documents take PNG, JPEG and GIF"
            for one in content.pictures
            if one.media_type not in SHOWN
        ]
        wrong += charts(content.parts["body"])
        wrong += too_wide(content.parts["body"], self.sheet)
        return [*found, *(checks.problem(cell, sentence) for sentence in wrong)]

    def attachments(self, content: Content, values: Mapping[str, str]) -> tuple[Attachment, ...]:
        """Make the PDF, tagged for readers' aids (PDF/UA-1), and the Word document."""
        parts, stem = self.whole(content, values), self.stem(content, values)
        return (self.pdf(content, parts, stem), _word(content, parts, stem))

    def whole(self, content: Content, values: Mapping[str, str]) -> dict[str, str]:
        """Give the parts with every hole filled."""
        clean = without_marks(values)
        return filled(self.parts(content, clean), clean)

    def stem(self, content: Content, values: Mapping[str, str]) -> str:
        """Give the name of the files, without an ending."""
        del values
        return f"{Setting.of(content.parts['set']).entry}-{content.language}"

    def pdf(self, content: Content, parts: Mapping[str, str], stem: str) -> Attachment:
        """Set the PDF."""
        path = f"templates/{self.name}/document.typ.j2"
        made = press(parts["document"], path, beside(content))
        return Attachment(filename=f"{stem}.pdf", media_type=PDF, content=made)


def _word(content: Content, parts: Mapping[str, str], stem: str) -> Attachment:
    return Attachment(filename=f"{stem}.docx", media_type=DOCX, content=word(content, parts))
