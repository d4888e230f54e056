"""An organisation switches an outlet on or off for an audience, or takes back what it said."""

from __future__ import annotations

from datetime import datetime

from publisher.flows.audit import Doer
from publisher.flows.edit import edit, mark, take_out
from publisher.models import Choice
from publisher.models.errors import Refused


def choose(
    outlet: str,
    audience: str,
    *,
    use: bool | None,
    reason: str,
    language: str,
    doer: Doer,
    now: datetime,
) -> None:
    """Write a choice down, and lay out the calendar anew.

    Args:
        outlet: its slug.
        audience: its slug.
        use: on or off; None: nothing is said of it any more.
        reason: why, in `language`; other languages' reasons stay while the switch does.
        language: RFC 5646.
        doer: who chooses.
        now: aware.

    Raises:
        Refused: no reason is given, or the doer may not choose for the organisation.
        PlanError: it does not fit into the plan, as when something would reach nobody.
    """
    row = Choice.objects.filter(slug=f"{outlet}/{audience}", retired_at=None).first()
    if use is None:
        if row is not None:
            take_out("choice", row.slug, seen=mark(row), doer=doer, now=now)
        return
    if not reason.strip():
        raise Refused("Say why: the other organisations read it beside the choice.")
    kept = row.spec["reason"] if row and row.spec["use"] == use else {}
    said = {
        "outlet": outlet,
        "audience": audience,
        "use": use,
        "reason": {**kept, language: reason.strip()},
    }
    before = Choice.objects.filter(slug=f"{outlet}/{audience}").first()
    edit("choice", said, seen=mark(before), doer=doer, now=now)
