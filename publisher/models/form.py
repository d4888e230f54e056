"""The form promise: what every look offers. A form is one file in `publisher/render/forms/`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, Protocol

from publisher.models.adapter import Attachment
from publisher.models.cell import Cell
from publisher.models.content import Content
from publisher.models.errors import Problem
from publisher.models.specs import PictureFile


class Sources(Protocol):
    """The templates a form may draw on."""

    def source(self, path: str) -> str | None:
        """Give the source below `templates/`, or None."""
        ...

    def master(self, path: str) -> PictureFile | None:
        """Give an organisation's own Word or PowerPoint file below `templates/`, or None."""
        ...


class Form(Protocol):
    """One look."""

    name: ClassVar[str]
    addressed_to: ClassVar[Literal["readers", "endpoint"]]
    #: whether each occurrence gets a number in its organisation's year
    numbered: ClassVar[bool]
    #: what it needs beyond the plan, such as figures: names of files in `flows/materials/`. It is
    #: gathered when a placement is prepared, stands in `Cell.material`, and is frozen with it.
    needs: ClassVar[tuple[str, ...]]

    def render(self, cell: Cell, sources: Sources, *, site_url: str) -> Content:
        """Render a cell.

        Raises:
            PlanError: with each thing that is wrong, such as an unknown template variable.
        """
        ...

    def check(self, cell: Cell, content: Content) -> Sequence[Problem]:
        """Say what would be refused or unreadable: lengths, alt texts, missing words."""
        ...

    def attachments(self, content: Content, values: Mapping[str, str]) -> tuple[Attachment, ...]:
        """Make the files that go with it, such as a PDF; the same bytes for the same content.

        Args:
            content: frozen.
            values: what fills its holes, such as a circular's number.

        Raises:
            PlanError: one cannot be made, with why.
        """
        ...
