"""A board's agenda item: a numbered paper in the board's own layout, and the set to submit."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import ClassVar

from publisher.kit.text import one_line
from publisher.kit.zips import zipped
from publisher.models.adapter import Attachment
from publisher.models.cell import Cell
from publisher.models.content import Content
from publisher.models.errors import PlanError, Problem
from publisher.render import checks
from publisher.render.bench import Bench
from publisher.render.documents.document import Document
from publisher.render.documents.sections import headings, missing, sections
from publisher.render.documents.setting import Setting
from publisher.render.variants import chosen

_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")


class AgendaItem(Document):
    """See the module."""

    name: ClassVar[str] = "agenda-item"
    numbered: ClassVar[bool] = True
    templates: ClassVar[tuple[str, ...]] = (*Document.templates, "number.txt.j2")

    def compose(self, bench: Bench) -> dict[str, str]:
        """Give a document's parts, number (how the board cites the paper) and annexes."""
        annexes = [asdict(one) for one in bench.context.annexes]
        return {
            **super().compose(bench),
            "number": one_line(bench.part("number.txt.j2")),
            "annexes": json.dumps(annexes, ensure_ascii=False) if annexes else "",
        }

    def body(self, bench: Bench) -> str:
        """Write the sections in the order of the board's layout."""
        opening, found = sections(str(bench.words.markdown), bench.context.labels)
        named = {one.name: one for one in found if one.name}
        own = [one for one in found if not one.name]
        made = bench.part("body.md.j2", opening=opening, sections=named, others=own)
        return made.strip() + "\n"

    def check(self, cell: Cell, content: Content) -> Sequence[Problem]:
        """Say which section is missing, too, and which annex nobody could name."""
        words = chosen(cell)
        found = list(super().check(cell, content))
        for heading in missing(headings(words.markdown), Setting.of(content.parts["set"]).labels):
            sentence = f"the paper has no section “{heading}”; write it under ## {heading}"
            found.append(checks.problem(cell, sentence, field=words.field))
        for at, annex in enumerate(cell.entry.annexes):
            if not annex.title.get(cell.language, "").strip():
                sentence = f"the annex “{annex.file}” has no title in {cell.language}"
                found.append(checks.problem(cell, sentence, field=f"annexes.{at}.title"))
        return found

    def stem(self, content: Content, values: Mapping[str, str]) -> str:
        """Give the paper's number as a file's name."""
        number = _UNFIT.sub("-", self.whole(content, values)["number"]).strip("-.")
        return f"{number or 'paper'}-{content.language}"

    def attachments(self, content: Content, values: Mapping[str, str]) -> tuple[Attachment, ...]:
        """Make the PDF, the Word document, and one ZIP to submit: both, annexes, a manifest."""
        papers = super().attachments(content, values)
        parts, stem = self.whole(content, values), self.stem(content, values)
        members = {one.filename: one.content for one in papers} | dict(_annexes(content, stem))
        lines = [f"{parts['number']}: {parts['title']}", ""]
        lines += [f"{hashlib.sha256(said).hexdigest()}  {name}" for name, said in members.items()]
        manifest = ("\n".join(lines) + "\n").encode()
        content_of_set = zipped({**members, "MANIFEST.txt": manifest})
        submitted = Attachment(
            filename=f"{stem}.zip", media_type="application/zip", content=content_of_set
        )
        return (*papers, submitted)


def _annexes(content: Content, stem: str) -> Iterator[tuple[str, bytes]]:
    """Give the annexes as they were handed in, named so that they stay beside their paper."""
    for one in json.loads(content.parts.get("annexes") or "[]"):
        if one["sha256"] not in content.files:
            path = f"calendar/annexes/{one['file']}"
            raise PlanError([Problem(path=path, sentence="this annex is no longer kept")])
        yield f"{stem}-annex-{one['number']}-{one['file']}", content.files[one["sha256"]]


form = AgendaItem()
