"""Write down for hooks what happened, in the transaction of the fact; `call_hooks` sends it.

What becomes of placements and of consents the database writes down itself: see migration 0020.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from hashlib import sha256

from django.db.models import F

from publisher.flows import defer
from publisher.flows.rights import Owners
from publisher.kit import clock
from publisher.models import Approval, CallState, EventName, Hook, HookCall, Placement, Vote


def tell(
    event: EventName,
    owners: Owners,
    data: Mapping[str, object],
    *,
    now: datetime,
    once: str = "",
) -> int:
    """Write an event down for each hook that wants it; give how many do.

    Args:
        event: what happened.
        owners: slugs of the organisations whose matter it is; None: everybody's.
        data: JSON values: ids and figures, no address and no words.
        now: aware; when it happened.
        once: told under this name before, it is not told again.
    """
    bears = sha256(f"{event} {once}".encode()).hexdigest() if once else None
    calls = [
        HookCall(hook=hook, event=event, data=dict(data), once=bears, at=now, due_at=now)
        for hook in wanting({event}, owners)
    ]
    if calls:
        HookCall.objects.bulk_create(calls, ignore_conflicts=bool(once))
        defer.tell_hooks()
    return len(calls)


def wanting(events: Collection[EventName], owners: Owners = None) -> list[Hook]:
    """Give the hooks that are on and want one of these."""
    rows = Hook.objects.filter(off_at=None)
    if owners is not None:
        rows = rows.filter(organisation__slug__in=owners)
    return [hook for hook in rows if set(events) & set(hook.events)]


def wake() -> None:
    """Have sent what the database wrote down, if it did."""
    if HookCall.objects.filter(state=CallState.WAITING, due_at__lte=clock.now()).exists():
        defer.tell_hooks()


def tell_of_vote(
    vote: str, entry: str, organisation: str, rows: Iterable[Approval], *, now: datetime
) -> None:
    """Tell those whom an entry's placements speak for what one organisation said of their words."""
    placements = [row.placement for row in rows]
    event = EventName.ENTRY_APPROVED if vote == Vote.YES else EventName.ENTRY_REFUSED
    data = {
        "entry": entry,
        "by": organisation,
        "vote": str(vote),
        "placements": sorted(row.key for row in placements),
    }
    tell(event, _speakers(placements) | {organisation}, data, now=now)


def tell_of_words(rows: Collection[Placement], *, now: datetime) -> None:
    """Tell that words wait for a yes, and that a yes to other words holds no longer.

    Args:
        rows: whose words were just rendered, with what they point to.
        now: aware.
    """
    told = {EventName.APPROVAL_ASKED, EventName.ENTRY_UNAPPROVED}
    if not rows or not wanting(told):
        return
    said = Approval.objects.filter(placement__in=[row.pk for row in rows], vote=Vote.YES)
    ever = set(said.values_list("placement", flat=True))
    now_said = said.filter(rendition=F("placement__rendition"))
    still = set(now_said.values_list("placement", flat=True))
    waiting = [row for row in rows if row.rendition_id and row.pk not in still]
    _tell_each(EventName.APPROVAL_ASKED, waiting, now)
    _tell_each(EventName.ENTRY_UNAPPROVED, [row for row in waiting if row.pk in ever], now)


def _tell_each(event: EventName, rows: Iterable[Placement], now: datetime) -> None:
    """Tell of each entry once for the same words, to each organisation of its own placements."""
    groups: dict[tuple[str, str], list[Placement]] = {}
    for row in rows:
        for speaker in _speakers([row]):
            groups.setdefault((row.occurrence.entry.slug, speaker), []).append(row)
    for (entry, speaker), theirs in groups.items():
        tell(
            event,
            frozenset({speaker}),
            {"entry": entry, "placements": sorted(row.key for row in theirs)},
            now=now,
            once=" ".join(sorted(f"{row.key} {row.rendition_id}" for row in theirs)),
        )


def _speakers(rows: Iterable[Placement]) -> frozenset[str]:
    """Give those whose yes is needed: the outlets' organisations, and whom entries speak for."""
    found: set[str] = set()
    for row in rows:
        found |= {row.outlet.organisation.slug, *row.occurrence.entry.spec.get("speaks_for", [])}
    return frozenset(found)
