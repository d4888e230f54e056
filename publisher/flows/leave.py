"""A reader leaves: at once, with one click, from one newsletter or from everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from publisher.flows.occasions import about
from publisher.models import Consent, Delivery, Feedback, FeedbackKind, Placement, Registration
from publisher.models.specs import ChannelSpec, OrganisationSpec

How = Literal["one-click", "page"]


@dataclass(frozen=True, kw_only=True)
class Received:
    """What a link in a mail belongs to."""

    organisation: OrganisationSpec
    channel: ChannelSpec


def received(placement: str) -> Received | None:
    """Say what a placement is to its readers; None: it is not known here (any more)."""
    found = _placement(placement)
    if found is None:
        return None
    outlet = found.outlet
    return Received(organisation=outlet.organisation.said, channel=outlet.channel.said)


def leave(
    reader: int, placement: str, *, now: datetime, how: How, everything: bool = False
) -> None:
    """Withdraw the reader's consent to what the placement belongs to; a repeat changes nothing.

    Everything is withdrawn if that is asked for, or if we cannot tell any more what it was:
    better one mail too few.
    """
    found = _placement(placement)
    live = Consent.objects.filter(reader=reader, withdrawn_at=None)
    if found is not None and not everything:
        outlet = found.outlet
        live = live.filter(organisation=outlet.organisation_id, channel=outlet.channel_id)
    with transaction.atomic():
        if found is not None and found.audience.said.who.seats:
            # Its mails come by registration, not by consent; the seat stays.
            _silence(found, reader, now)
            if not everything:
                live = live.none()
        live.update(withdrawn_at=now, withdrawn_by=how)
        if found is not None:
            _remember(found, reader, how, now)


def _placement(key: str) -> Placement | None:
    parts = ("outlet__organisation", "outlet__channel", "audience", "occurrence__entry")
    return Placement.objects.filter(key=key).select_related(*parts).first() if key else None


def _silence(placement: Placement, reader: int, now: datetime) -> None:
    """Write no more about the occasion of a placement."""
    meant = about(placement.occurrence)
    if meant is not None:
        seats = Registration.objects.filter(reader=reader, entry=meant.entry, silent_at=None)
        seats.update(silent_at=now)


def _remember(placement: Placement, reader: int, how: How, now: datetime) -> None:
    """Put it beside the delivery it answers, once."""
    delivery = Delivery.objects.filter(placement=placement, recipient=reader).first()
    if delivery is None:
        return
    left = Feedback(
        delivery=delivery,
        kind=FeedbackKind.LEFT,
        key=f"left.{placement.key}.{reader}",
        detail=how,
        at=now,
    )
    Feedback.objects.bulk_create([left], ignore_conflicts=True)
