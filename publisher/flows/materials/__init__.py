"""What forms need beyond the plan: figures, work items, registrations. One file a material.

A file `<name>.py` has

- `gather(asked) -> Json`, which reads the database and gives JSON values, and
- `SAMPLE`, the same shape with invented values, for checks that have no database, and
- where it is made of the plan, `OF_THE_PLAN = True`: then it changes with the plan even once an
  approver has spoken.

A form names what it needs in `Form.needs`; its templates find it as `material.<name>`. It is
gathered when a placement is prepared and frozen in its rendition, so what was approved stays.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import datetime

from publisher.models.adapter import Json
from publisher.models.cell import Cell


@dataclass(frozen=True, kw_only=True)
class Asked:
    """For which cell a material is gathered."""

    entry: str  #: slug, as the others
    organisation: str
    audience: str
    outlet: str
    language: str
    at_local: datetime | None  #: the occurrence's wall time, naive; null before launch
    now: datetime | None  #: aware; null: nothing may be fetched

    @classmethod
    def by(cls, cell: Cell, now: datetime | None) -> Asked:
        """Name the cell that asks."""
        return cls(
            entry=cell.entry.slug,
            organisation=cell.organisation.slug,
            audience=cell.audience.slug,
            outlet=cell.outlet.slug,
            language=cell.language,
            at_local=cell.at_local,
            now=now,
        )


def gathered(name: str, asked: Asked) -> Json:
    """Gather a material for a cell."""
    return _module(name).gather(asked)


def of_the_plan(name: str) -> bool:
    """Whether a material is made of the plan, and so changes with it even once approved."""
    return bool(getattr(_module(name), "OF_THE_PLAN", False))


def sample(name: str) -> Json:
    """Give a material's sample."""
    return _module(name).SAMPLE


def _module(name: str) -> Json:
    return importlib.import_module(f"publisher.flows.materials.{name}")
