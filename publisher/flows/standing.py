"""The plan in force, read once for as long as nothing of it changes.

For pages that are asked many times between two changes, as when words are looked at while they
are typed. What decides about sending reads `stored_plan` itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from django.db.models import Model

from publisher.flows.materials import Asked, gathered
from publisher.flows.stored_plan import NOUNS, stored_plan
from publisher.models import Picture
from publisher.models.adapter import Json
from publisher.models.specs import Plan
from publisher.render.cascade import PlanSources
from publisher.schedule.matrix import Matrix

MOST_MATERIALS = 60  #: kept at once; each is some kilobytes


@dataclass(frozen=True)
class Standing:
    """A plan with what is made of it; never to be changed."""

    plan: Plan

    @cached_property
    def matrix(self) -> Matrix:
        """Who hears what through what."""
        return Matrix(self.plan)

    @cached_property
    def sources(self) -> PlanSources:
        """Its templates; the same object keeps them compiled."""
        return PlanSources(self.plan)

    def material(self, name: str, asked: Asked) -> Json:
        """Give what a form asks for beyond the plan, gathered once for the same question."""
        if (name, asked) not in self._materials:
            if len(self._materials) >= MOST_MATERIALS:
                self._materials.clear()
            self._materials[name, asked] = gathered(name, asked)
        return self._materials[name, asked]

    @cached_property
    def _materials(self) -> dict[tuple[str, Asked], Json]:
        return {}


def standing() -> Standing:
    """Give the plan in force, as of now."""
    global _kept  # noqa: PLW0603  # one plan is in force, and reading it takes longer than a page may
    seen = fingerprint(_FINGERPRINT)
    if _kept is None or _kept[0] != seen:
        _kept = (seen, Standing(stored_plan()))
    return _kept[1]


_kept: tuple[str, Standing] | None = None


def fingerprint(statement: str) -> str:
    """Give a word that changes with every row of some nouns that is written or deleted."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return " ".join(str(value) for row in cursor.fetchall() for value in row)


def fingerprint_of(*nouns: type[Model]) -> str:
    """Give the statement that `fingerprint` asks of these nouns' tables."""
    # Each write of a row gives it another place (ctid) and writer (xmin).
    return " UNION ALL ".join(
        f"SELECT '{noun._meta.db_table}', count(*), "  # noqa: S608  # our own tables' names
        f"sum(hashtextextended(ctid::text || xmin::text, 0)) FROM {noun._meta.db_table}"
        for noun in nouns
    )


_FINGERPRINT = fingerprint_of(*NOUNS, Picture)
