"""Whose word counts for an object of the plan: its file's or the desk's."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from publisher.flows.audit import Doer, note
from publisher.flows.plan_rows import BY_KIND
from publisher.flows.rights import act_of_changing, may_change
from publisher.models import Owner, PlanObject
from publisher.models.errors import Refused


def hand(kind: str, slug: str, to: Owner, *, doer: Doer, now: datetime) -> PlanObject:
    """Let the desk take an object over, or give it back to its file.

    What the desk owns, `apply` leaves alone whatever the file says, and `export` writes down.

    Raises:
        Refused: there is none, or the doer may not.
    """
    with transaction.atomic():
        rows = BY_KIND[kind]._default_manager.select_for_update()
        row: PlanObject | None = rows.filter(slug=slug, retired_at=None).first()
        if row is None:
            raise Refused(f"There is no {kind} “{slug}”.")
        # Whose word counts decides all that it says, so it takes the leave to change all of it.
        act = act_of_changing(kind, row.spec, None)
        if doer.person and not may_change(doer.person, act, kind, row.spec):
            raise Refused(f"You may not decide whose word counts for this {kind}.")
        if row.owner != to:
            row.owner, row.changed_at = to, now
            row.save(update_fields=["owner", "changed_at"])
            note(doer, f"{kind.replace(' ', '_')}.owner", f"{kind}/{slug}", now=now, owner=to)
    return row
