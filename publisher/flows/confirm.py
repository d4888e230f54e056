"""An officer confirms what Publisher prepared and a person published."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from publisher.flows.settle import Answer, settle
from publisher.models import IN_FLIGHT, Delivery, DeliveryState, Placement
from publisher.models.errors import Refused

ADAPTER = "manual"
_LONGEST_URL = 500


def confirm(key: str, url: str, *, now: datetime) -> Placement:
    """Record that a placement an officer was to publish is out, and where; a repeat is harmless.

    Args:
        key: the placement's.
        url: where it can be read.
        now: aware.

    Raises:
        Refused: it is not one that waits for an officer, or the address cannot be one.
    """
    _check(url)
    with transaction.atomic():
        delivery = _waiting(key)
        if delivery.state != DeliveryState.ACCEPTED:
            _settle(delivery, url, now)
        elif delivery.placement.url != url:
            raise Refused(f"{key} is confirmed already: {delivery.placement.url}")
    return Placement.objects.get(key=key)


def waiting() -> list[Placement]:
    """Give the placements that wait for an officer, the oldest first."""
    rows = Placement.objects.filter(outlet__spec__adapter=ADAPTER, state="sending")
    return list(rows.select_related("occurrence__entry", "outlet").order_by("started_at", "id"))


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(url) > _LONGEST_URL:
        raise Refused(f"“{url[:80]}” is not a web address that begins with https://")


def _waiting(key: str) -> Delivery:
    found = (
        Delivery.objects.shown()
        .select_related("placement__outlet")
        .select_for_update(of=("placement",), no_key=True)  # nobody claims it meanwhile
        .filter(placement__key=key, recipient=0)
        .first()
    )
    if found is None:
        raise Refused(f"“{key}” is not a placement that was started; see publisher confirm")
    if found.placement.outlet.said.adapter != ADAPTER:
        raise Refused(f"{key} is published by Publisher itself; there is nothing to confirm")
    return found


def _settle(delivery: Delivery, url: str, now: datetime) -> None:
    if delivery.label == IN_FLIGHT:
        raise Refused("Its words are being prepared this very moment; try again.")
    answer = Answer(
        delivery=delivery.pk,
        state=DeliveryState.ACCEPTED,
        answer=f"confirmed by an officer, {now:%Y-%m-%d %H:%M} UTC",
        url=url,
    )
    settle(delivery.placement_id, [answer], was=DeliveryState(delivery.state))
