"""What we hold about readers: everything about one, or all of them as a table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any, TextIO

from django.db import connection, transaction
from django.db.models import Q

from publisher.feedback.consent import Wish
from publisher.flows.subscribe import reader_at
from publisher.kit.signing import address_hash
from publisher.kit.spreadsheet import guarded
from publisher.models import Consent, Delivery, Feedback, Reader, Suppression

Json = dict[str, Any]


def about(address: str) -> Json | None:
    """Give all we hold about an address, as JSON values; None: nothing at all."""
    suppression = Suppression.objects.filter(address_hash=address_hash(address)).first()
    reader = reader_at(address).first()
    if reader is None and suppression is None:
        return None
    held: Json = {"address": address, "suppressed": _suppressed(suppression)}
    return held if reader is None else {**held, **_reader(reader)}


def table(out: TextIO) -> int:
    """Write every reader as a CSV line, in the columns that `readers import` takes.

    Gives how many there are. Consents that are pending or withdrawn are not in it.
    """
    lists, plain = _attributes()
    names = ["address", "name", "language", *plain, *(f"{name}[]" for name in lists), "consents"]
    written = csv.writer(out)
    written.writerow(names)
    number = 0
    for reader, wishes in _everybody():
        said = reader.attributes
        cells = [reader.address, reader.name, reader.language]
        cells += [str(said.get(name, "")) for name in plain]
        cells += [";".join(map(str, said.get(name, []))) for name in lists]
        written.writerow([guarded(cell) for cell in [*cells, " ".join(wishes)]])
        number += 1
    return number


def _everybody() -> Iterator[tuple[Reader, list[str]]]:
    """Give each reader with what it receives, in batches, so that memory stays small."""
    live = Q(withdrawn_at=None, confirmed_at__isnull=False)
    with transaction.atomic():
        for reader in Reader.objects.order_by("id").iterator(chunk_size=2000):
            pairs = Consent.objects.filter(live, reader=reader).order_by("id")
            slugs = pairs.values_list("organisation__slug", "channel__slug")
            yield reader, [str(Wish(*pair)) for pair in slugs]


def _attributes() -> tuple[list[str], list[str]]:
    """Give the names of the attributes that are lists, and of the others."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES)
        kinds = cursor.fetchall()
    lists = {name for name, kind in kinds if kind == "array"}
    return sorted(lists), sorted({name for name, _ in kinds} - lists)


# Which attributes readers have, and of what kind.
_NAMES = """
SELECT DISTINCT said.key, jsonb_typeof(said.value)
FROM publisher_reader r CROSS JOIN LATERAL jsonb_each(r.attributes) said
"""


def _reader(reader: Reader) -> Json:
    deliveries = Delivery.objects.filter(recipient=reader.pk).order_by("id")
    feedback = Feedback.objects.filter(delivery__recipient=reader.pk).order_by("id")
    return {
        "name": reader.name,
        "language": reader.language,
        "attributes": reader.attributes,
        "does_not_want_to_hear_about": reader.muted,
        "known_since": reader.created_at,
        "consents": [_consent(consent) for consent in _consents(reader)],
        "deliveries": [
            _delivery(delivery)
            for delivery in deliveries.select_related("placement__occurrence__entry", "placement")
        ],
        "feedback": [
            {"kind": row.kind, "at": row.at, "detail": row.detail, "delivery": row.delivery_id}
            for row in feedback
        ],
    }


def _consents(reader: Reader) -> Iterator[Consent]:
    rows = reader.consents.select_related("organisation", "channel").order_by("id")
    yield from rows


def _consent(consent: Consent) -> Json:
    return {
        "organisation": consent.organisation.slug,
        "channel": consent.channel.slug,
        "given_at": consent.given_at,
        "source": consent.source,
        "wording": consent.wording,
        "confirmed_at": consent.confirmed_at,
        "withdrawn_at": consent.withdrawn_at,
        "withdrawn_by": consent.withdrawn_by,
    }


def _delivery(delivery: Delivery) -> Json:
    placement = delivery.placement
    return {
        "id": delivery.pk,
        "entry": placement.occurrence.entry.slug,
        "placement": placement.key,
        "address": delivery.address,
        "state": delivery.get_state_display(),
        "answer": delivery.answer,
        "settled_at": delivery.settled_at,
    }


def _suppressed(suppression: Suppression | None) -> Json | None:
    return {"reason": suppression.reason, "at": suppression.at} if suppression else None
