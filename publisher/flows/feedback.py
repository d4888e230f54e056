"""What came back later: bounces, complaints and leavers, as the services tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from publisher.feedback import sendgrid
from publisher.feedback.sendgrid import Event
from publisher.flows.tell import tell
from publisher.kit.ids import parcel_key
from publisher.kit.logs import without_addresses
from publisher.kit.signing import address_hash
from publisher.kit.vault import Vault, VaultFailed
from publisher.models import (
    Consent,
    Delivery,
    EventName,
    Feedback,
    FeedbackKind,
    Outlet,
    Suppression,
)
from publisher.models.errors import Refused
from publisher.settings import settings

#: why a consent ends, by what came back
_WITHDRAWN_BY = {
    FeedbackKind.BOUNCED: "bounce",
    FeedbackKind.COMPLAINED: "complaint",
    FeedbackKind.LEFT: "mail program",
}


def take(outlet: str, headers: Mapping[str, str], body: bytes, *, now: datetime) -> int:
    """Record what a service says about an outlet's deliveries; give how much of it was new.

    Args:
        outlet: its slug, from the address the service was told.
        headers: of its request.
        body: likewise, exactly as it came.
        now: aware.

    Raises:
        Refused: there is no such outlet, or the request is not its service's.
    """
    found = Outlet.objects.filter(slug=outlet).select_related("organisation", "channel").first()
    read = _READ.get(found.said.carrier) if found else None
    if found is None or read is None:
        raise Refused("no outlet here awaits a service's events under this name")
    events = read(headers, body, _key(found), now)
    with transaction.atomic():
        return sum(_record(found, event, delivery, now) for event, delivery in _ours(found, events))


def _from_sendgrid(headers: Mapping[str, str], body: bytes, key: str, now: datetime) -> list[Event]:
    sendgrid.checked(headers, body, key, now=now)
    return sendgrid.events(body)


#: what reads a service's events, by the adapter that carries an outlet's mail
_READ = {"sendgrid": _from_sendgrid}


def _key(outlet: Outlet) -> str:
    """Give the key its service signs with."""
    account = outlet.said.account
    try:
        credential = Vault.of(settings()).get(account) if account else None
    except VaultFailed as error:
        raise Refused(str(error)) from error
    key = (credential or {}).get("webhook_key", "")
    if not key:
        raise Refused(
            f"the account “{account or outlet.slug}” has no webhook_key to check events with"
        )
    return key


def _ours(outlet: Outlet, events: Sequence[Event]) -> list[tuple[Event, Delivery]]:
    """Give the events that are about this outlet's deliveries, in the same order each time."""
    rows = Delivery.objects.filter(
        pk__in={event.delivery for event in events}, placement__outlet=outlet
    ).select_related("placement")
    by_number = {row.pk: row for row in rows}
    found = [
        (event, by_number[event.delivery])
        for event in sorted(events, key=lambda event: event.id)
        if event.delivery in by_number
    ]
    return [
        (event, row)
        for event, row in found
        if event.key == parcel_key(row.placement.key, row.recipient)
    ]


def _record(outlet: Outlet, event: Event, delivery: Delivery, now: datetime) -> bool:
    """Record an event and what follows from it; False if it was known."""
    _, new = Feedback.objects.get_or_create(
        key=event.id,
        month=delivery.month,
        defaults={
            "delivery": delivery,
            "kind": event.kind,
            "detail": without_addresses(event.detail),
            "at": event.at,
        },
    )
    if new and event.kind is FeedbackKind.BOUNCED:
        told = {"reader": delivery.recipient, "placement": delivery.placement.key}
        told |= {"channel": outlet.channel.slug, "for_good": event.for_good}
        tell(EventName.READER_BOUNCED, frozenset({outlet.organisation.slug}), told, now=now)
    if new and event.for_good:
        _never_again(delivery, event.kind, now)
    elif new and event.kind is FeedbackKind.LEFT:
        _live(delivery).filter(organisation=outlet.organisation, channel=outlet.channel).update(
            withdrawn_at=now, withdrawn_by=_WITHDRAWN_BY[event.kind]
        )
    return new


def _never_again(delivery: Delivery, kind: FeedbackKind, now: datetime) -> None:
    """Suppress an address, and end what its reader had agreed to."""
    reason = _WITHDRAWN_BY[kind]
    if delivery.address:
        Suppression.objects.get_or_create(
            address_hash=address_hash(delivery.address), defaults={"reason": reason, "at": now}
        )
    _live(delivery).update(withdrawn_at=now, withdrawn_by=reason)


def _live(delivery: Delivery) -> QuerySet[Consent]:
    return Consent.objects.filter(reader=delivery.recipient, withdrawn_at=None)
