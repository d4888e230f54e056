"""What may have gone out since a back-up that was restored: held back until somebody decides."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from publisher.flows import address
from publisher.flows.audit import TERMINAL, Doer, note, note_each
from publisher.flows.move import move
from publisher.flows.publish import refuse_owed
from publisher.flows.settle import Answer, settle
from publisher.flows.waiting import NAMES
from publisher.kit.witness import Handed
from publisher.models import Delivery, DeliveryState, Placement, PlacementState, Via

SENTENCE = "The database was restored from a back-up, and this may have gone out since."
#: tasks that send one letter; what waited when the back-up was made went out moments later
LETTERS = (
    "ask_to_confirm", "send_invitation", "send_password_link", "send_account_notice",
    "send_trial", "seat_letter", "form_letter",
)  # fmt: skip
#: the part before the @ of a Message-ID of ours, wherever it stands in a server's log
_OURS = re.compile(rb"\b([0-9a-f]{20})\.([0-9]{1,18})@")
_OURSELVES = Doer(person=None, via=Via.CLOCK)
_OPEN = (DeliveryState.QUEUED, DeliveryState.RETRY, DeliveryState.UNCERTAIN)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What a server's log says of what is held back."""

    placements: int
    accepted: int  #: deliveries that count as accepted now
    strangers: int  #: Message-IDs of ours in it that are of nothing held back


def hold_back(handed: Iterable[Handed], *, now: datetime) -> int:
    """Pause what is being sent, count as missed what was due, and drop letters that waited.

    To be called in a transaction.

    Args:
        handed: what this machine handed over before; what is not due yet but among it waits, too.
        now: aware.
    """
    gone = {one.placement: one for one in handed}
    sending = list(_rows(Q(state=PlacementState.SENDING)))
    early = Q(due_at__lte=now) | Q(key__in=gone)
    due = list(_rows(Q(state=PlacementState.PLANNED) & early))
    for row in sending:
        move(row, PlacementState.PAUSED, now=now, problem=_sentence(gone.get(row.key)))
    for row in due:
        move(row, PlacementState.MISSED, now=now, problem=_sentence(gone.get(row.key)))
    note_each(_OURSELVES, "placement.hold_back", [*sending, *due], now=now)
    note(_OURSELVES, "database.restored", now=now, letters=_drop_letters())
    return len(sending) + len(due)


def held_back() -> list[Placement]:
    """Give what waits for somebody to say what became of it."""
    states = (PlacementState.PAUSED, PlacementState.MISSED)
    return list(_rows(Q(state__in=states, problem__startswith=SENTENCE)))


def count_accepted(log: bytes, *, now: datetime, doer: Doer = TERMINAL) -> Counted:
    """Count as accepted what a mail server's log names, of what is held back.

    What was not even addressed when the back-up was made is addressed now, and stays paused.

    Args:
        log: lines with Message-IDs of mails that were accepted; other text does no harm.
        now: aware.
        doer: who says so.

    Raises:
        Refused: a placement in it has not every yes any more.
    """
    named = defaultdict(set)
    for key, recipient in _OURS.findall(log):
        named[key.decode()].add(int(recipient))
    with transaction.atomic():
        rows = [row for row in held_back() if row.key in named]
        for row in rows:
            if row.state == PlacementState.MISSED:
                _address(row, now)
        accepted = sum(_accept(row, named[row.key]) for row in rows)
        note_each(doer, "placement.count_accepted", rows, now=now)
    known = {row.key for row in rows}
    strangers = sum(len(found) for key, found in named.items() if key not in known)
    return Counted(placements=len(rows), accepted=accepted, strangers=strangers)


def _rows(chosen: Q) -> QuerySet[Placement]:
    return Placement.objects.filter(chosen).select_related(*NAMES).order_by("due_at", "id")


def _sentence(handed: Handed | None) -> str:
    if handed is None:
        return SENTENCE
    return f"{SENTENCE} A run here had {handed.answers} answers at {handed.at:%Y-%m-%d %H:%M} UTC."


def _drop_letters() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_DROP, [list(LETTERS)])
        return int(cursor.rowcount)


def _address(row: Placement, now: datetime) -> None:
    """Write its ledger, as starting it would, and leave it paused."""
    problem = row.problem
    refuse_owed([row])
    move(row, PlacementState.SENDING, now=now)
    address.begin(row.occurrence_id, now=now)
    row.refresh_from_db(fields=["state"])
    if row.state == PlacementState.SENDING:  # else nobody hears it any more
        move(row, PlacementState.PAUSED, now=now, problem=problem)


def _accept(row: Placement, recipients: set[int]) -> int:
    """Settle the rows of these recipients; give how many were open."""
    found = Delivery.objects.filter(placement=row, recipient__in=recipients, state__in=_OPEN)
    of_state = defaultdict(list)
    for number, state in found.values_list("pk", "state"):
        of_state[DeliveryState(state)].append(
            Answer(
                delivery=number,
                state=DeliveryState.ACCEPTED,
                answer="Accepted before the database was restored, as a server's log says.",
            )
        )
    for state, answers in of_state.items():
        settle(row.pk, answers, was=state)
    return sum(map(len, of_state.values()))


_DROP = """
UPDATE procrastinate_jobs SET status = CASE status WHEN 'doing' THEN 'failed' ELSE 'cancelled' END
    ::procrastinate_job_status
WHERE task_name = ANY(%s) AND status IN ('todo', 'doing')
"""
