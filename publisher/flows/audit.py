"""Write down who did what; nothing is ever changed or taken away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from publisher.models import AuditRow, Person, Placement, Via


@dataclass(frozen=True, kw_only=True)
class Doer:
    """Who does it, and through which door."""

    person: Person | None  #: null: the product itself, or nobody who signed in
    via: Via


#: whoever has the terminal may do everything; who it is, the machine knows
TERMINAL = Doer(person=None, via=Via.TERMINAL)


def note(
    doer: Doer,
    act: str,
    thing: str = "",
    *,
    now: datetime,
    organisation: str = "",
    **details: object,
) -> None:
    """Write an act down, in the transaction of what it is about.

    Args:
        doer: who.
        act: a noun and a verb, such as `entry.edit`.
        thing: `<kind>/<slug>`, or a placement's key.
        now: aware.
        organisation: the slug of the one it was done for.
        details: JSON values, without addresses, secrets or tokens. If a program does it, how its
            token begins is added.
    """
    AuditRow.objects.create(
        at=now,
        person=doer.person,
        via=doer.via,
        act=act,
        thing=thing,
        organisation=organisation,
        details={**details, **_through(doer)},
    )


def note_each(
    doer: Doer, act: str, placements: Iterable[Placement], *, now: datetime, **details: object
) -> None:
    """Write an act down for each placement it was done to, for its outlet's organisation."""
    AuditRow.objects.bulk_create(
        AuditRow(
            at=now,
            person=doer.person,
            via=doer.via,
            act=act,
            thing=row.key,
            organisation=row.outlet.organisation.slug,
            details={"entry": row.occurrence.entry.slug, **details, **_through(doer)},
        )
        for row in placements
    )


def _through(doer: Doer) -> dict[str, str]:
    token = doer.person.acts_through if doer.person else None
    return {"token": token.prefix} if token else {}
