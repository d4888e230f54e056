"""What webinars and workshops share: a mail, and the invitation that calendars understand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from publisher.models.cell import Cell
from publisher.models.content import Content
from publisher.models.errors import Problem
from publisher.models.specs import BeforeEvent
from publisher.render import checks
from publisher.render.bench import Bench
from publisher.render.calendar_part import calendar_part
from publisher.render.forms.newsletter import mail
from publisher.render.look import Look


class Invitation(Look):
    """A mail about an occasion; its first and each change of it carry a calendar's part."""

    addressed_to: ClassVar[Literal["readers", "endpoint"]] = "readers"
    needs: ClassVar[tuple[str, ...]] = ("occasion",)
    templates: ClassVar[tuple[str, ...]] = (
        "subject.txt.j2",
        "preheader.txt.j2",
        "html.mjml.j2",
        "text.txt.j2",
    )

    def compose(self, bench: Bench) -> dict[str, str]:
        """Give the mail's parts, and calendar where it invites."""
        occasion = bench.context.material.get("occasion")
        parts = mail(bench)
        if occasion and occasion["invites"]:
            parts["calendar"] = calendar_part(bench.context, occasion)
        return parts

    def check(self, cell: Cell, content: Content) -> Sequence[Problem]:
        """Say what mail programs would refuse, and when there is nothing to invite to."""
        entry = cell.entry
        if entry.occasion or entry.invites_to or isinstance(entry.when, BeforeEvent):
            return checks.mail(cell, content)
        sentence = (
            f"a {self.name} needs an occasion: when it starts, how long it lasts and where; "
            "see docs/howto/hold-a-webinar.md"
        )
        return [Problem(path=f"calendar/{entry.slug}.md", field="occasion", sentence=sentence)]
