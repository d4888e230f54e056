"""The monthly circulation of new proposals: a mail in each reader's own order, and a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal

from publisher.kit.text import one_line
from publisher.models.adapter import Attachment
from publisher.models.cell import Cell
from publisher.models.content import HOLE, Content
from publisher.models.errors import Problem
from publisher.render import checks
from publisher.render.bench import Bench
from publisher.render.forms.feed import clean
from publisher.render.forms.landscape import too_many
from publisher.render.forms.newsletter import mail
from publisher.render.holes import SAMPLES
from publisher.render.look import Look
from publisher.render.tables import Table, lines, spreadsheet, table


class Circulation(Look):
    """See the module."""

    name: ClassVar[str] = "circulation"
    addressed_to: ClassVar[Literal["readers", "endpoint"]] = "readers"
    needs: ClassVar[tuple[str, ...]] = ("circulation",)
    templates: ClassVar[tuple[str, ...]] = (
        "subject.txt.j2",
        "preheader.txt.j2",
        "html.mjml.j2",
        "text.txt.j2",
        "title.txt.j2",
        "summary.txt.j2",
        "page.html.j2",
        "feed.html.j2",
    )

    def compose(self, bench: Bench) -> dict[str, str]:
        """Give the mail's parts, title, summary and page; and as JSON fields, table and data.

        `fields` are the items of the fields' feeds, `data` is what the next list begins after.
        """
        material = bench.context.material["circulation"]
        return {
            **mail(bench),
            "title": one_line(bench.part("title.txt.j2")),
            "summary": one_line(bench.part("summary.txt.j2")),
            "page": bench.part("page.html.j2"),
            "fields": json.dumps(_fields(bench, material), ensure_ascii=False, sort_keys=True),
            "table": json.dumps(_table(bench, material), ensure_ascii=False, sort_keys=True),
            "data": json.dumps(
                {name: material[name] for name in ("gathered", "seen_until", "meant")},
                sort_keys=True,
            ),
        }

    def attachments(self, content: Content, values: Mapping[str, str]) -> tuple[Attachment, ...]:
        """Make the spreadsheet."""
        return (spreadsheet("new-proposals.xlsx", content),)

    def check(self, cell: Cell, content: Content) -> Sequence[Problem]:
        """Say what would be too much, what mail programs would not carry, and what a page lacks."""
        material = cell.material.get("circulation", {})
        # With whoever is interested in everything: nobody's copy is longer.
        longest = {**content.parts, **self.parts(content, {**SAMPLES, **_everything(material)})}
        found = [
            *checks.mail(cell, replace(content, parts=longest)),
            *too_many(cell, material),
        ]
        if HOLE.search(content.parts["page"]):
            sentence = "the page cannot say what only a reader's copy knows"
            found.append(Problem(path="templates/circulation/page.html.j2", sentence=sentence))
        return found


def _everything(material: Mapping[str, Any]) -> dict[str, str]:
    """Give the values of a reader who follows every committee and field of a list."""
    sections = material.get("sections", ())
    followed = sorted({one for section in sections for one in section["followers"]})
    return {
        "reader.committees": " ".join(followed),
        "reader.interests": " ".join(section["slug"] for section in sections),
    }


def _fields(bench: Bench, material: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """Give the feeds' items: their template prints each field's between two marks."""
    printed = bench.part("feed.html.j2").split("<!-- field -->")[1:]
    base = f"{bench.context.site_url}/"
    return [
        {"slug": section["slug"], "name": section["name"], "html": clean(html, base)}
        for section, html in zip(material["sections"], printed, strict=True)
    ]


def _table(bench: Bench, material: Mapping[str, Any]) -> Table:
    labels = bench.context.labels
    due = [
        (labels["landscape_due"], lambda line: line["answer_by"]),
        (labels["landscape_whom"], lambda line: line["answer_to"]),
    ]
    return table(bench.context, lines(material["sections"]), last=due)


form = Circulation()
