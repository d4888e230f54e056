"""What the networks count of what went out: read when a person asks, and kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import QuerySet

from publisher.adapters.registry import adapter
from publisher.flows.consign import consignment, parcel
from publisher.flows.waiting import NAMES
from publisher.models import Delivery, DeliveryState, FigureKind, NetworkFigure, Placement
from publisher.models.adapter import Consignment, Measured, Parcel
from publisher.models.errors import PublisherError

#: how long a post is read again: what comes later hardly counts, and reading may cost
WORTH_READING: Final = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is known of one placement."""

    placement: str  #: its key
    entry: str
    outlet: str
    language: str
    url: str
    published_at: datetime
    read_at: datetime | None  #: None: never
    counts: Mapping[str, int]  #: by `FigureKind`; what the network does not count is not there
    problem: str = ""  #: why it could not be read now


def figures(entry: str | None = None) -> list[Figures]:
    """Give what was last read of each placement whose network counts something."""
    rows = list(_rows(entry))
    kept = defaultdict(list)
    for row in NetworkFigure.objects.filter(placement__in=[row.pk for row in rows]):
        kept[row.placement_id].append(row)
    return [_told(row, kept[row.pk]) for row in rows]


async def read_figures(entry: str | None = None, *, now: datetime) -> list[Figures]:
    """Ask the networks once for each post of the last 30 days, and keep what they say.

    A post that cannot be read says so, and keeps what was read before.

    Args:
        entry: of this entry only, however long ago.
        now: aware.
    """
    problems: dict[str, str] = {}
    for row in await sync_to_async(_worth_reading)(entry, now):
        try:
            goods, sent, service = await sync_to_async(_ready)(row)
            counts = await service.figures(goods, sent, row.url)
        except PublisherError as error:
            problems[row.key] = str(error)
            continue
        await sync_to_async(_keep)(row, counts or {}, now)
    return [_with(one, problems) for one in await sync_to_async(figures)(entry)]


def _rows(entry: str | None) -> QuerySet[Placement]:
    rows = Placement.objects.filter(accepted__gt=0, started_at__isnull=False).exclude(url="")
    if entry is not None:
        rows = rows.filter(occurrence__entry__slug=entry)
    counted = [name for name in _carriers(rows) if isinstance(adapter(name), Measured)]
    return rows.filter(outlet__spec__adapter__in=counted).select_related(*NAMES).order_by("id")


def _carriers(rows: QuerySet[Placement]) -> Sequence[str]:
    return list(rows.order_by().values_list("outlet__spec__adapter", flat=True).distinct())


def _worth_reading(entry: str | None, now: datetime) -> list[Placement]:
    rows = _rows(entry).select_related("rendition", *NAMES)
    return list(rows if entry else rows.filter(started_at__gte=now - WORTH_READING))


def _ready(row: Placement) -> tuple[Consignment, Parcel, Measured]:
    goods = consignment(row)
    delivery = Delivery.objects.get(placement=row, recipient=0, state=DeliveryState.ACCEPTED)
    sent = parcel(goods, delivery=delivery.pk, recipient=0, address="", name="")
    service = adapter(row.outlet.said.adapter)
    assert isinstance(service, Measured)
    return goods, sent, service


def _keep(row: Placement, counts: Mapping[str, int], now: datetime) -> None:
    with transaction.atomic():
        for kind, count in counts.items():
            NetworkFigure.objects.update_or_create(
                placement=row,
                kind=FigureKind(kind),
                defaults={"count": count, "read_at": now},
            )


def _told(row: Placement, kept: Sequence[NetworkFigure]) -> Figures:
    assert row.started_at is not None
    return Figures(
        placement=row.key,
        entry=row.occurrence.entry.slug,
        outlet=row.outlet.slug,
        language=row.language,
        url=row.url,
        published_at=row.started_at,
        read_at=max((one.read_at for one in kept), default=None),
        counts={str(one.kind): one.count for one in kept},
    )


def _with(one: Figures, problems: Mapping[str, str]) -> Figures:
    return replace(one, problem=problems.get(one.placement, ""))
