"""Make the sites again: circulars, events and the landscape change without a page going out."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from asgiref.sync import sync_to_async

from publisher.adapters.registry import adapter
from publisher.flows.consign import consignment
from publisher.kit.ids import parcel_key
from publisher.models import Placement, PlacementState
from publisher.models.adapter import Adapter, Consignment, Outcome, Parcel, Verdict
from publisher.models.errors import PublisherError

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Refreshed:
    """What became of one outlet's site."""

    outlet: str
    problem: str = ""  #: a sentence; empty: it is as it should be


async def refresh_sites() -> list[Refreshed]:
    """Hand the newest page of each site over once more, which makes its site anew.

    A page that is there keeps its place, address and words, so what is around it is all that can
    change; a site that is as it should be is not touched. Nothing enters the ledger.
    """
    done = []
    for placement in await sync_to_async(_newest)():
        problem = ""
        try:
            goods, service = await sync_to_async(_ready)(placement)
            problem = await _again(goods, service)
        except PublisherError as error:
            problem = str(error)
        done.append(Refreshed(outlet=placement.outlet.slug, problem=problem))
    log.info("sites", extra={"sites": len(done), "held": sum(bool(one.problem) for one in done)})
    return done


def _newest() -> list[Placement]:
    """Give the newest published page of each outlet that has a site."""
    rows = (
        Placement.objects.filter(
            state=PlacementState.FINISHED,
            accepted__gt=0,
            outlet__channel__spec__form="page",
            outlet__retired_at=None,
        )
        .select_related("rendition", "occurrence__entry", "audience")
        .select_related("outlet__channel", "outlet__organisation")
        .order_by("outlet_id", "-started_at", "-id")
        .distinct("outlet_id")
    )
    return [row for row in rows if adapter(row.outlet.said.adapter).capabilities.site]


def _ready(placement: Placement) -> tuple[Consignment, Adapter]:
    return consignment(placement), adapter(placement.outlet.said.adapter)


async def _again(goods: Consignment, service: Adapter) -> str:
    parcel = Parcel(delivery=0, key=parcel_key(goods.key, 0))
    answers: list[Outcome] = []

    async def windows() -> AsyncIterator[Sequence[Parcel]]:
        yield [parcel]

    await service.hand_over(goods, windows(), answers.append)
    return "".join(one.answer for one in answers if one.verdict is not Verdict.ACCEPTED)
