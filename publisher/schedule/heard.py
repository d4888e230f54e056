"""What became of the matrix: of each cell, what is promised, planned, said and heard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from publisher.models.specs import Plan
from publisher.schedule.matrix import Offer, Row, wholes


class Heard(IntEnum):
    """How far it came; the higher, the further."""

    NOBODY = 0  #: no organisation chose an outlet that carries it
    PROMISED = 1  #: somebody did, and nothing in the calendar says it: a hole
    PLANNED = 2  #: something to come says it
    SAID = 3  #: it was published
    HEARD = 4  #: readers were handed it


#: an audience, a message and a channel, as slugs
Told = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Through:
    """A channel of a cell."""

    channel: str
    outlets: tuple[str, ...]  #: the chosen ones
    heard: Heard


@dataclass(frozen=True, kw_only=True)
class Square:
    """What one audience is to hear of one message."""

    audience: str
    message: str
    inherited_from: str  #: the wider audience whose row it is; empty: its own
    through: tuple[Through, ...]
    heard: Heard  #: through any of them

    @property
    def hole(self) -> bool:
        """Whether it was promised and nothing says it."""
        return self.heard is Heard.PROMISED


def squares(rows: Iterable[Row], told: Mapping[Told, Heard], *, parts: Plan) -> list[Square]:
    """Give the squares in which something is promised; the others are empty.

    What a wider audience is told, its parts are told, too.

    Args:
        rows: of the matrix, for all organisations or for one.
        told: how far all placements came, or those of the same one.
        parts: says which audience is part of which.
    """
    wider = _wider(parts)
    return [_square(row, told, wider[row.audience]) for row in rows]


def _wider(plan: Plan) -> dict[str, list[str]]:
    return {
        slug: [one.slug for one in wholes(plan, audience)]
        for slug, audience in plan.audiences.items()
    }


def _square(row: Row, told: Mapping[Told, Heard], wider: Sequence[str]) -> Square:
    through = tuple(_through(row, offer, told, wider) for offer in row.offers)
    return Square(
        audience=row.audience,
        message=row.message,
        inherited_from=row.inherited_from,
        through=through,
        heard=max((one.heard for one in through), default=Heard.NOBODY),
    )


def _through(row: Row, offer: Offer, told: Mapping[Told, Heard], wider: Sequence[str]) -> Through:
    promised = Heard.PROMISED if offer.outlets else Heard.NOBODY
    came = [told.get((slug, row.message, offer.channel), promised) for slug in wider]
    heard = max(came, default=promised)
    return Through(channel=offer.channel, outlets=offer.outlets, heard=heard)
