"""A form for new work: to be filled in as a Word document, to be read as PDF, or on a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from publisher.kit.text import one_line
from publisher.models.adapter import Attachment
from publisher.models.content import Content
from publisher.render.bench import Bench
from publisher.render.documents import fillable
from publisher.render.documents.body import Body
from publisher.render.documents.document import DOCX, Document
from publisher.render.documents.setting import setting
from publisher.render.work_item_forms import told


class WorkItemForm(Document):
    """See the module."""

    name: ClassVar[str] = "work-item-form"

    def compose(self, bench: Bench) -> dict[str, str]:
        """Give a document's parts, and form: what is asked, as JSON."""
        known = bench.context
        form = told(known.organisation.slug, known.language)
        online = f"{known.site_url}/propose/{known.organisation.slug}/"
        # Without its last stroke, which the other direction of writing would put in front.
        told_online = {"online": online, "shown": online.rstrip("/")}
        markdown = bench.part("body.md.j2", form=form, **told_online).strip() + "\n"
        body = Body(markdown, known.pictures, f"calendar/{known.entry.slug}.md")
        head = one_line(bench.part("head.txt.j2"))
        title = one_line(bench.part("title.txt.j2"))
        # The paper is called what it is; the entry's title is that of the news about it.
        entry = replace(known.entry, title=title, summary="")
        seen = {"body": body, "head": head, "form": form, "online": online, "entry": entry}
        said = replace(setting(bench, head=head, contents=False), title=title, summary="")
        return {
            "title": title,
            "summary": one_line(bench.part("summary.txt.j2")),
            "body": markdown,
            "html": bench.part("html.html.j2", **seen),
            "document": bench.part("document.typ.j2", **seen),
            "set": said.to_json(),
            "form": json.dumps(form, ensure_ascii=False, sort_keys=True),
        }

    def attachments(self, content: Content, values: Mapping[str, str]) -> tuple[Attachment, ...]:
        """Make the blank form as PDF (PDF/UA-1), and as a Word document to fill in."""
        parts, stem = self.whole(content, values), self.stem(content, values)
        made = fillable.blank(content, parts, json.loads(parts["form"]))
        word = Attachment(filename=f"{stem}.docx", media_type=DOCX, content=made)
        return (self.pdf(content, parts, stem), word)


form = WorkItemForm()
