"""Tell hooks which promises became late or broken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from publisher.flows.promises import promises_as_known
from publisher.flows.tell import tell, wanting
from publisher.models import EventName, Outlet
from publisher.reports.promises import Promise, PromiseState

_OWED = (PromiseState.LATE, PromiseState.BROKEN)


def tell_late_promises(*, now: datetime) -> int:
    """Tell each once for each state that it is in; give how many were looked at.

    Nothing is worked out while no hook wants to know.
    """
    if not wanting({EventName.PROMISE_LATE}):
        return 0
    owed = [one for one in promises_as_known(now=now) if one.state in _OWED]
    whose = dict(Outlet.objects.values_list("slug", "organisation__slug"))
    for one in owed:
        _tell(one, whose, now)
    return len(owed)


def _tell(one: Promise, whose: Mapping[str, str], now: datetime) -> None:
    state, since = one.state.value, one.approved_at
    cell = f"{one.owed.audience}/{one.owed.message}/{one.owed.channel}"
    tell(
        EventName.PROMISE_LATE,
        frozenset(whose[slug] for slug in one.owed.outlets if slug in whose),
        {
            "audience": one.owed.audience,
            "message": one.owed.message,
            "channel": one.owed.channel,
            "state": state,
            "approved_at": since.isoformat() if since else None,
            "entries": list(one.entries),
        },
        now=now,
        once=f"{state}/{since.isoformat() if since else ''}/{cell}",
    )
