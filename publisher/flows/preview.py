"""Show what will go out: the same render as for sending, with nothing stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from publisher.flows.prepare import Oven
from publisher.kit.nearest import meant
from publisher.models import Occurrence
from publisher.models.adapter import Attachment
from publisher.models.cell import Cell
from publisher.models.content import Content
from publisher.models.errors import PlanError, Problem, Refused
from publisher.models.form import Sources
from publisher.render.counting import length
from publisher.render.holes import SAMPLES
from publisher.render.limits import network, networks
from publisher.render.rendition import attachments, check, fill, forms, render, words_problems
from publisher.settings import settings


@dataclass(frozen=True, kw_only=True)
class Count:
    """How long a post is in its network's own unit."""

    network: str
    unit: str
    counted: int
    max: int


@dataclass(frozen=True, kw_only=True)
class Preview:
    """One cell as it would go out now."""

    cell: Cell
    content: Content | None  #: null when it cannot be rendered, or its form is not there yet
    parts: dict[str, str]  #: filled as for a reader called Anna Example
    counts: dict[str, Count] = field(default_factory=dict)  #: by part, of a post
    problems: list[Problem]
    available: bool  #: whether its form is there


def preview(
    entry: str, *, audience: str = "", outlet: str = "", language: str = "", now: datetime
) -> list[Preview]:
    """Render the cells of an entry's next occurrence, or of its last when none is to come.

    Raises:
        Refused: there is no such entry, or it has no such cell.
    """
    oven = Oven(now)
    if entry not in oven.plan.entries:
        raise Refused(f"There is no entry “{entry}”{meant(entry, oven.plan.entries)}")
    cells = oven.cells_of(oven.plan.entries[entry], next_wall_time(entry, now))
    found = _narrowed(cells, audience=audience, outlet=outlet, language=language)
    return [shown(cell, oven.sources) for cell in found]


def next_wall_time(entry: str, now: datetime) -> datetime | None:
    """Give when an entry is next, or was last; naive, in its zone; None before the launch."""
    rows = Occurrence.objects.filter(entry__slug=entry).exclude(at_local=None)
    row = rows.filter(due_at__gte=now).order_by("due_at").first()
    row = row or rows.order_by("-due_at").first()
    return row.at_local.replace(tzinfo=None) if row and row.at_local else None


def _narrowed(cells: list[Cell], **wanted: str) -> list[Cell]:
    names: dict[str, Callable[[Cell], str]] = {
        "audience": lambda cell: cell.audience.slug,
        "outlet": lambda cell: cell.outlet.slug,
        "language": lambda cell: cell.language,
    }
    for kind, slug in wanted.items():
        if not slug:
            continue
        there = sorted({names[kind](cell) for cell in cells})
        cells = [cell for cell in cells if names[kind](cell) == slug]
        if not cells:
            raise Refused(
                f"Nothing of it goes to the {kind} “{slug}”; to {', '.join(there)} it does"
            )
    return cells


def shown(cell: Cell, sources: Sources, *, whole: bool = True) -> Preview:
    """Render a cell with samples where a reader's own values will stand.

    Args:
        cell: with all that its form needs.
        sources: the templates.
        whole: make its files as well, which takes long for what is set on paper.
    """
    if cell.form not in forms():
        return Preview(cell=cell, content=None, parts={}, problems=[], available=False)
    try:
        content = render(cell, sources, site_url=settings().site_url)
    except PlanError as error:
        return Preview(cell=cell, content=None, parts={}, problems=error.problems, available=True)
    return Preview(
        cell=cell,
        content=content,
        parts=fill(content, sample_values(cell)),
        counts=_counts(cell, content),
        problems=check(cell, content) if whole else words_problems(cell, content),
        available=True,
    )


def _counts(cell: Cell, content: Content) -> dict[str, Count]:
    if content.form != "post":
        return {}
    limits = networks()[network(cell)]
    return {
        name: Count(
            network=limits.name, unit=limits.unit, counted=length(text, limits), max=limits.max
        )
        for name, text in content.parts.items()
        if name.isdecimal()
    }


def previewed_files(found: Preview) -> tuple[Attachment, ...]:
    """Make the files that would go with a cell, such as a PDF, with samples in their holes.

    Raises:
        PlanError: one cannot be made.
    """
    return attachments(found.content, sample_values(found.cell)) if found.content else ()


def sample_values(cell: Cell) -> dict[str, str]:
    """Give what stands in the holes of a preview."""
    site = settings().site_url
    return {
        **SAMPLES,
        "reader.name": "Anna Example",
        "reader.address": "anna@example.org",
        "unsubscribe_url": f"{site}/leave/example",
        "preferences_url": f"{site}/preferences/example",
        "seat_url": f"{site}/events/seat/example",
        "view_url": f"{site}/archive/example/",
        "circular.number": f"{cell.organisation.short} 2000/1",
        "circular.date": "2000-01-01",
    }
