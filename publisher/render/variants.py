"""Which of an entry's words a cell gets."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.models.cell import Cell
from publisher.models.errors import PlanError, Problem
from publisher.models.specs import Variant


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """An officer's words, as written."""

    markdown: str
    #: whether they were written for this form or channel, so that nothing need be added or left out
    fits_form: bool
    path: str  #: the entry's file
    field: str  #: which of its words they are, such as `words.2`


def chosen(cell: Cell) -> Chosen:
    """Give the words that fit this cell most closely.

    What a block says weighs, from the heaviest: audience, organisation, channel, form. Among
    equals the first in the file wins.

    Raises:
        PlanError: the entry has no words in the cell's language that fit it.
    """
    path = f"calendar/{cell.entry.slug}.md"
    words = cell.entry.words
    fitting = [at for at, variant in enumerate(words) if _fits(variant, cell)]
    if not fitting:
        sentence = (
            f"there are no words in “{cell.language}” for the audience “{cell.audience.slug}” "
            f"through “{cell.channel.slug}”; add a block without conditions"
        )
        raise PlanError([Problem(path=path, sentence=sentence)])
    at = max(fitting, key=lambda at: _weight(words[at]))
    best = words[at]
    fits_form = best.form == cell.form or best.channel == cell.channel.slug
    return Chosen(markdown=best.words, fits_form=fits_form, path=path, field=f"words.{at}")


def _fits(variant: Variant, cell: Cell) -> bool:
    return (
        variant.language == cell.language
        and variant.audience in (None, cell.audience.slug)
        and variant.organisation in (None, cell.organisation.slug)
        and variant.channel in (None, cell.channel.slug)
        and variant.form in (None, cell.form)
    )


def _weight(variant: Variant) -> tuple[bool, ...]:
    said = (variant.audience, variant.organisation, variant.channel, variant.form)
    return tuple(part is not None for part in said)
