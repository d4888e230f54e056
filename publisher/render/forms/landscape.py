"""A landscape: who works on what in a field, as a page, a PDF and a spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from publisher.kit.text import one_line
from publisher.models.adapter import Attachment
from publisher.models.cell import Cell
from publisher.models.content import Content
from publisher.models.errors import Problem
from publisher.render import checks
from publisher.render.bench import Bench
from publisher.render.look import Look
from publisher.render.press import press
from publisher.render.tables import Table, lines, spreadsheet, table


class Landscape(Look):
    """See the module."""

    name: ClassVar[str] = "landscape"
    addressed_to: ClassVar[Literal["readers", "endpoint"]] = "endpoint"
    needs: ClassVar[tuple[str, ...]] = ("landscape",)
    templates: ClassVar[tuple[str, ...]] = (
        "title.txt.j2",
        "summary.txt.j2",
        "html.html.j2",
        "document.typ.j2",
    )

    def compose(self, bench: Bench) -> dict[str, str]:
        """Give title, summary, html, document, table and data (JSON, for the next edition)."""
        material = bench.context.material["landscape"]
        return {
            "title": one_line(bench.part("title.txt.j2")),
            "summary": one_line(bench.part("summary.txt.j2")),
            "html": bench.part("html.html.j2"),
            "document": bench.part("document.typ.j2"),
            "table": json.dumps(_table(bench, material), ensure_ascii=False, sort_keys=True),
            "data": json.dumps(
                {name: material[name] for name in ("gathered", "kept", "meant")},
                ensure_ascii=False,
                sort_keys=True,
            ),
        }

    def attachments(self, content: Content, values: Mapping[str, str]) -> tuple[Attachment, ...]:
        """Set the document, tagged for readers' aids (PDF/UA-1), and make the spreadsheet."""
        paper = press(content.parts["document"], "templates/landscape/document.typ.j2")
        return (
            Attachment(filename="landscape.pdf", media_type="application/pdf", content=paper),
            spreadsheet("landscape.xlsx", content),
        )

    def check(self, cell: Cell, content: Content) -> Sequence[Problem]:
        """Say what would be too much, or unreadable."""
        return [
            *checks.page(cell, content),
            *checks.document(cell),
            *too_many(cell, cell.material.get("landscape", {})),
        ]


def too_many(cell: Cell, material: Mapping[str, Any]) -> Iterator[Problem]:
    """Refuse more work items than one document can show."""
    if count := material.get("too_many"):
        yield Problem(
            path=f"calendar/{cell.entry.slug}.md",
            field="landscape",
            sentence=(
                f"{count:,} work items are meant, more than anybody reads in one document; "
                "narrow it with ics, committees, organisations or states"
            ),
        )


def _table(bench: Bench, material: Mapping[str, Any]) -> Table:
    labels = bench.context.labels
    change = {"new": labels["landscape_new"], "changed": labels["landscape_changed"], "": ""}
    return table(
        bench.context,
        [*lines(material["sections"])],
        first=[(labels["landscape_changed"], lambda line: change[line["change"]])],
        gone=material["gone"],
    )


form = Landscape()
