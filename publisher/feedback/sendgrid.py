"""What SendGrid's event webhook says, in our own words.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event, read 2026-11-22
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypedDict, cast

from publisher.models.errors import Refused
from publisher.models.feedback import FeedbackKind

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"

#: SendGrid tries for 24 hours to hand its events over; a repeat within that time does no harm,
#: because each event is known by its id.
OLDEST = timedelta(hours=25)
SKEW = timedelta(minutes=5)  #: its clock may be ahead of ours
MOST_BYTES = 5_000_000

#: the other events say nothing that lasts, or watch readers
KINDS = {
    "delivered": FeedbackKind.DELIVERED,
    "bounce": FeedbackKind.BOUNCED,
    "dropped": FeedbackKind.BOUNCED,
    "spamreport": FeedbackKind.COMPLAINED,
    "unsubscribe": FeedbackKind.LEFT,
    "group_unsubscribe": FeedbackKind.LEFT,
}

#: why a mail was dropped that never can arrive; the other reasons are about this one mail
_FOR_GOOD = frozenset({"bounced address", "invalid", "spam reporting address"})


class EventJson(TypedDict, total=False):
    """One event, as far as we read it."""

    event: str
    sg_event_id: str
    timestamp: int
    type: str  #: of a bounce: `bounce` for good, `blocked` for now
    reason: str
    publisher_delivery: str
    publisher_key: str


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event about one of our deliveries."""

    id: str
    kind: FeedbackKind
    delivery: int
    key: str  #: the parcel's; must fit the delivery
    at: datetime
    detail: str
    for_good: bool  #: the address must not be written to again


def checked(headers: Mapping[str, str], body: bytes, public_key: str, *, now: datetime) -> None:
    """Make sure that SendGrid sent this, and lately.

    Args:
        headers: of the request; names in any case.
        body: exactly as it came.
        public_key: the webhook's verification key.
        now: aware.

    Raises:
        Refused: it is unsigned, wrongly signed, too old or too large.
    """
    said = {name.lower(): value for name, value in headers.items()}
    signature, timestamp = said.get(SIGNATURE, ""), said.get(TIMESTAMP, "")
    if len(body) > MOST_BYTES or not timestamp.isascii() or not timestamp.isdecimal():
        raise Refused("this is not a signed event of SendGrid's")
    if not _signed(body, signature, timestamp, public_key):
        raise Refused("the signature is not SendGrid's")
    age = now - datetime.fromtimestamp(int(timestamp), UTC)
    if not -SKEW <= age <= OLDEST:
        raise Refused("the event is too old, or the clocks differ")


def events(body: bytes) -> list[Event]:
    """Read the events that are about our deliveries; others of the account are left out.

    Raises:
        Refused: it is not a list of events.
    """
    try:
        found = json.loads(body)
    except ValueError as error:
        raise Refused("the events are not JSON") from error
    if not isinstance(found, list):
        raise Refused("the events are not a list")
    read = (_event(cast("EventJson", one)) for one in found if isinstance(one, dict))
    return [event for event in read if event is not None]


def _signed(body: bytes, signature: str, timestamp: str, public_key: str) -> bool:
    from sendgrid.helpers.eventwebhook import EventWebhook

    try:
        made: bool = EventWebhook(public_key).verify_signature(body.decode(), signature, timestamp)
    except (ValueError, binascii.Error) as error:
        raise Refused("the signature or the verification key cannot be read") from error
    return made


def _event(said: EventJson) -> Event | None:
    kind = KINDS.get(str(said.get("event")))
    number, name = str(said.get("publisher_delivery", "")), str(said.get("sg_event_id", ""))
    at = said.get("timestamp")
    if kind is None or not number.isdecimal() or not name or not isinstance(at, int):
        return None
    return Event(
        id=f"sendgrid.{name}"[:200],
        kind=kind,
        delivery=int(number),
        key=str(said.get("publisher_key", "")),
        at=datetime.fromtimestamp(at, UTC),
        detail=str(said.get("reason", ""))[:500],
        for_good=_for_good(kind, said),
    )


def _for_good(kind: FeedbackKind, said: EventJson) -> bool:
    if kind is FeedbackKind.COMPLAINED:
        return True
    if said.get("event") == "dropped":
        return str(said.get("reason", "")).lower() in _FOR_GOOD
    return said.get("event") == "bounce" and said.get("type") != "blocked"
