"""A reader is erased; what stays are figures, and a hash so that nobody writes to it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from publisher.flows import defer
from publisher.flows.audit import TERMINAL, Doer, note
from publisher.flows.registrations import move_all_up
from publisher.flows.subscribe import reader_at
from publisher.kit.signing import address_hash
from publisher.models import (
    Delivery,
    DeliveryState,
    Feedback,
    Intake,
    IntakeState,
    Placement,
    Proposal,
    ProposalState,
    Suppression,
)
from publisher.models.delivery import OPEN

REASON = "erased at the reader's request"


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """What was erased."""

    known: bool  #: whether there was a reader
    deliveries: int  #: ledger rows whose address was blanked
    stopped: int  #: of those, mails that were still to be sent and now never are
    forms: int = 0  #: proposals and intakes that no longer say who made them


def forget(address: str, *, now: datetime, doer: Doer = TERMINAL) -> Forgotten:
    """Erase the reader with an address, and suppress the address whether it was known or not."""
    with transaction.atomic():
        Suppression.objects.get_or_create(
            address_hash=address_hash(address), defaults={"reason": REASON, "at": now}
        )
        note(doer, "reader.forget", now=now, suppressed=address_hash(address)[:12])
        forms = _forms(address)
        reader = reader_at(address).select_for_update().first()
        if reader is None:
            return Forgotten(known=forms > 0, deliveries=0, stopped=0, forms=forms)
        stopped = _stop(reader.pk, now)
        deliveries = Delivery.objects.filter(recipient=reader.pk)
        Feedback.objects.filter(delivery__in=deliveries).update(detail="")
        blanked = deliveries.update(address="")
        had_seats = reader.registrations.exists()
        reader.delete()
    if had_seats:
        move_all_up(now=now)
    return Forgotten(known=True, deliveries=blanked, stopped=stopped, forms=forms)


def _forms(address: str) -> int:
    """Take who it was out of proposals and intakes, and erase what was never confirmed.

    What is proposed or offered stays: it is an organisation's, and others have answered it.
    """
    erased = 0
    for rows, asked in (
        (Proposal.objects.filter(address__iexact=address), ProposalState.ASKED),
        (Intake.objects.filter(address__iexact=address), IntakeState.ASKED),
    ):
        erased += rows.filter(state=asked).delete()[0]
        erased += rows.update(name="", address="")
    return erased


def _stop(reader: int, now: datetime) -> int:
    """Take a reader out of what is still to be sent, and count it there as excluded."""
    of_theirs = Delivery.objects.filter(recipient=reader, state__in=OPEN).values("placement")
    # So that nobody claims a row meanwhile.
    list(Placement.objects.filter(pk__in=of_theirs).order_by("pk").select_for_update(no_key=True))
    rows = list(Delivery.objects.waiting().filter(recipient=reader).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            _STOP,
            {
                "excluded": DeliveryState.EXCLUDED.value,
                "rows": rows,
                "reason": REASON,
                "now": now,
            },
        )
        placements = [placement for (placement,) in cursor.fetchall()]
    for placement in placements:
        defer.hand_over(placement)  # it may have been the last that was open
    return len(placements)


# Ledger rows that nobody has in hand become excluded, and their placements' counters follow.
_STOP = """
WITH stopped AS (
    UPDATE publisher_delivery SET state = %(excluded)s, answer = %(reason)s, settled_at = %(now)s
    WHERE id = ANY(%(rows)s) RETURNING placement_id
)
UPDATE publisher_placement p SET excluded = p.excluded + stopped.number
FROM (SELECT placement_id, count(*) AS number FROM stopped GROUP BY placement_id) stopped
WHERE p.id = stopped.placement_id
RETURNING p.id
"""
