"""What we hold about readers: everything about one, or all of them as a table."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

from django.db import connection, transaction
from django.db.models import Q

from publisher.feedback.consent import Wish
from publisher.flows.readers import Asked, Mine, everyone
from publisher.flows.rights import owners
from publisher.flows.subscribe import reader_at
from publisher.kit.signing import address_hash
from publisher.kit.spreadsheet import guarded
from publisher.models import Consent, Delivery, Feedback, Intake, Proposal, Reader, Suppression

Json = dict[str, Any]


def about(address: str, *, mine: Mine = None) -> Json | None:
    """Give all we hold about an address, as JSON values; None: nothing at all.

    Args:
        address: the reader's.
        mine: the organisations whose consents and deliveries may be told of; None: all.
    """
    suppression = Suppression.objects.filter(address_hash=address_hash(address)).first()
    reader = reader_at(address).first()
    forms = {"proposals": _proposals(address, mine), "offers": _offers(address, mine)}
    if reader is None and suppression is None and not any(forms.values()):
        return None
    held: Json = {"address": address, "suppressed": _suppressed(suppression)}
    return {**held, **(_reader(reader, mine) if reader else {}), **forms}


def table(out: TextIO) -> int:
    """Write every reader as a CSV line, in the columns that `readers import` takes.

    Gives how many there are. Consents that are pending or withdrawn are not in it.
    """
    number = -1  # the line of names
    with transaction.atomic():
        for text in lines(Asked(), mine=None):
            out.write(text)
            number += text.count("\r\n")
    return number


def lines(asked: Asked, *, mine: Mine) -> Iterator[str]:
    """Give the readers that are found as CSV, in pieces, so that memory stays small.

    Args:
        asked: which.
        mine: the organisations whose consents may be told of; None: all.
    """
    lists, plain = _attributes()
    names = ["address", "name", "language", *plain, *(f"{name}[]" for name in lists), "consents"]
    yield _csv([names])
    for readers in everyone(asked, mine=mine):
        wishes = _wishes(readers, mine)
        yield _csv(_cells(reader, lists, plain, wishes[reader.pk]) for reader in readers)


def _cells(
    reader: Reader, lists: Sequence[str], plain: Sequence[str], wishes: Sequence[str]
) -> list[str]:
    said = reader.attributes
    cells = [reader.address, reader.name, reader.language]
    cells += [str(said.get(name, "")) for name in plain]
    cells += [";".join(map(str, said.get(name, []))) for name in lists]
    return [guarded(cell) for cell in [*cells, " ".join(wishes)]]


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _wishes(readers: Sequence[Reader], mine: Mine) -> dict[int, list[str]]:
    """Give what each receives."""
    live = Q(withdrawn_at=None, confirmed_at__isnull=False)
    rows = Consent.objects.filter(live, reader__in=readers)
    if mine is not None:
        rows = rows.filter(organisation__slug__in=mine)
    found: dict[int, list[str]] = defaultdict(list)
    slugs = rows.order_by("id").values_list("reader", "organisation__slug", "channel__slug")
    for reader, organisation, channel in slugs:
        found[reader].append(str(Wish(organisation, channel)))
    return found


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


def _reader(reader: Reader, mine: Mine) -> Json:
    deliveries = Delivery.objects.shown().filter(recipient=reader.pk).order_by("id")
    feedback = Feedback.objects.filter(delivery__recipient=reader.pk).order_by("id")
    consents = reader.consents.select_related("organisation", "channel").order_by("id")
    if mine is not None:
        deliveries = deliveries.filter(placement__outlet__organisation__slug__in=mine)
        feedback = feedback.filter(delivery__placement__outlet__organisation__slug__in=mine)
        consents = consents.filter(organisation__slug__in=mine)
    return {
        "name": reader.name,
        "language": reader.language,
        "attributes": reader.attributes,
        "does_not_want_to_hear_about": reader.muted,
        "known_since": reader.created_at,
        "consents": [_consent(consent) for consent in consents],
        "registrations": list(_registrations(reader, mine)),
        "deliveries": [
            _delivery(delivery)
            for delivery in deliveries.select_related("placement__occurrence__entry", "placement")
        ],
        "feedback": [
            {"kind": row.kind, "at": row.at, "detail": row.detail, "delivery": row.delivery_id}
            for row in feedback
        ],
    }


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


def _registrations(reader: Reader, mine: Mine) -> Iterator[Json]:
    for row in reader.registrations.select_related("entry").order_by("id"):
        whose = owners("entry", row.entry.spec)
        if mine is None or whose is None or whose & set(mine):
            yield {
                "entry": row.entry.slug,
                "date": row.sitting,
                "state": row.state,
                "asked_at": row.asked_at,
                "confirmed_at": row.confirmed_at,
                "source": row.source,
                "wording": row.wording,
                "no_mails_since": row.silent_at,
            }


def _proposals(address: str, mine: Mine) -> list[Json]:
    rows = Proposal.objects.filter(address__iexact=address).select_related("organisation")
    if mine is not None:
        rows = rows.filter(organisation__slug__in=mine)
    return [
        {
            "reference": row.reference,
            "organisation": row.organisation.slug,
            "state": row.state,
            "name": row.name,
            "body": row.body,
            "fields": row.fields,
            "asked_at": row.asked_at,
        }
        for row in rows.order_by("id")
    ]


def _offers(address: str, mine: Mine) -> list[Json]:
    rows = Intake.objects.filter(address__iexact=address)
    if mine is not None:
        rows = rows.filter(Q(organisation=None) | Q(organisation__slug__in=mine))
    told = ("reference", "state", "name", "body", "website", "about", "work", "offer", "asked_at")
    return [{name: getattr(row, name) for name in told} for row in rows.order_by("id")]


def _delivery(delivery: Delivery) -> Json:
    placement = delivery.placement
    return {
        "id": delivery.pk,
        "entry": placement.occurrence.entry.slug,
        "placement": placement.key,
        "address": delivery.address,
        "state": delivery.label,
        "answer": delivery.answer,
        "settled_at": delivery.settled_at,
    }


def _suppressed(suppression: Suppression | None) -> Json | None:
    return {"reason": suppression.reason, "at": suppression.at} if suppression else None
