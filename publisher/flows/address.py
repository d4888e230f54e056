"""Write the ledger of an occurrence that has started: a row for each recipient."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from publisher.dispatch.recipients import Offer, ledger_rows
from publisher.flows import defer
from publisher.flows.circular_numbers import numbered_values
from publisher.flows.months import make_room, month_of
from publisher.flows.occasions import about
from publisher.flows.waiting import NAMES
from publisher.kit.signing import address_hash
from publisher.models import (
    Audience,
    Delivery,
    DeliveryState,
    Entry,
    Occurrence,
    Placement,
    PlacementState,
    Reader,
)
from publisher.models.specs import Plan, in_language
from publisher.render.rendition import forms
from publisher.schedule.matrix import wholes
from publisher.settings import settings

BATCH = 10_000


def begin(occurrence_id: int, *, now: datetime) -> None:
    """Address the occurrence's placements that are sending, and have them handed over.

    Everything is written in one transaction, or nothing. May be called again.
    """
    hash_new_addresses()
    make_room(now=now)
    with transaction.atomic():
        locked = Occurrence.objects.select_for_update(no_key=True).get(pk=occurrence_id)
        placements = list(_placements(locked))
        started = [one for one in placements if _to_address(one)]
        for placement in started:
            _start(placement, now=now)
        _write_endpoints([one for one in started if _goes_to(one) == "endpoint"], now=now)
        to_readers = [one for one in placements if _goes_to(one) == "readers"]
        if any(one in started for one in to_readers):
            _write_rows(locked.entry, to_readers, started)
        for placement in started:
            _count(placement, now=now)
        for placement in placements:
            if placement.state == PlacementState.SENDING and placement.open:
                defer.hand_over(placement.pk)


def _placements(occurrence: Occurrence) -> Iterable[Placement]:
    return (
        Placement.objects.filter(occurrence=occurrence)
        .exclude(state__in=(PlacementState.DROPPED, PlacementState.UNAVAILABLE))
        .select_related(*NAMES)
        .select_for_update(of=("self",))
        .order_by("id")
    )


def _to_address(placement: Placement) -> bool:
    return placement.state == PlacementState.SENDING and placement.addressed_at is None


def _goes_to(placement: Placement) -> str:
    return forms()[placement.outlet.channel.said.form].addressed_to


def _start(placement: Placement, *, now: datetime) -> None:
    placement.addressed_at = now
    placement.month = month_of(now)
    placement.started_at = placement.started_at or now
    placement.values = {"view_url": f"{settings().site_url}/archive/{placement.key}/"}
    form = placement.outlet.channel.said.form
    if forms()[form].numbered:
        occurrence, organisation = placement.occurrence, placement.outlet.organisation
        placement.values |= numbered_values(
            form, occurrence, organisation, placement.language, now=now
        )
    if _goes_to(placement) == "readers":
        placement.url = placement.values["view_url"]
    placement.save(update_fields=("addressed_at", "month", "started_at", "values", "url"))


def _write_endpoints(placements: Sequence[Placement], *, now: datetime) -> None:
    rows = [
        Delivery(placement=one, recipient=0, month=one.month or month_of(now)) for one in placements
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _write_rows(
    entry: Entry, placements: Sequence[Placement], started: Sequence[Placement]
) -> None:
    audiences = {one.audience_id: one.audience.said.who for one in placements}
    query = ledger_rows(
        _offers(placements, started),
        audiences,
        messages=entry.said.messages,
        about=about(placements[0].occurrence),
    )
    with connection.cursor() as cursor:
        cursor.execute(query.sql, query.parameters)


def _offers(placements: Sequence[Placement], started: Sequence[Placement]) -> list[Offer]:
    plan = Plan(audiences={one.slug: one.said for one in Audience.objects.all()})
    offers = []
    for placement in placements:
        organisation, audience = placement.outlet.organisation, placement.audience
        languages = organisation.said.languages
        now = placement in started
        offers.append(
            Offer(
                placement=placement.pk,
                audience=audience.pk,
                audience_name=in_language(audience.said.name, "en"),
                depth=len(list(wholes(plan, audience.said))),
                organisation=organisation.pk,
                slug=organisation.slug,
                short=organisation.said.short,
                channel=placement.outlet.channel_id,
                language=placement.language,
                fallback=(
                    languages.index(placement.language)
                    if placement.language in languages
                    else len(languages)
                ),
                competes=now or placement.state == PlacementState.PLANNED,
                written=placement.addressed_at is not None and not now,
                now=now,
                registered=audience.said.who.seats is not None,
            )
        )
    return offers


def _count(placement: Placement, *, now: datetime) -> None:
    """Set the figures from the rows just written; where nobody is to be reached, that was it."""
    figures: dict[int, int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [placement.pk])
        figures.update(cursor.fetchall())
    placement.candidates = sum(figures.values())
    placement.accepted = figures[DeliveryState.ACCEPTED]
    placement.refused = figures[DeliveryState.REFUSED]
    placement.excluded = figures[DeliveryState.EXCLUDED]
    placement.uncertain = figures[DeliveryState.UNCERTAIN]
    if not placement.open:
        placement.state, placement.finished_at = PlacementState.FINISHED, now
    placement.save(
        update_fields=(
            "candidates", "accepted", "refused", "excluded", "uncertain", "state", "finished_at",
        )
    )  # fmt: skip


_FIGURES = "SELECT state, count(*) FROM publisher_delivery WHERE placement_id = %s GROUP BY state"


def hash_new_addresses() -> None:
    """Fill in the hash that suppressions are compared by, where an import left it blank."""
    while found := list(
        Reader.objects.filter(address_hash="").values_list("id", "address")[:BATCH]
    ):
        hashes = [address_hash(address) for _, address in found]
        with connection.cursor() as cursor:
            cursor.execute(_KEEP_HASHES, [[number for number, _ in found], hashes])


_KEEP_HASHES = """
UPDATE publisher_reader r SET address_hash = made.hash
FROM unnest(%s::bigint[], %s::text[]) AS made(id, hash) WHERE r.id = made.id
"""
