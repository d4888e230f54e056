"""Whether the addresses that words link to answer: asked by a worker, and remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from publisher.flows import defer
from publisher.kit import clock, outbound
from publisher.kit.outbound import OutboundFailed
from publisher.models import LinkAnswer
from publisher.settings import settings

FRESH = timedelta(hours=12)  #: an address is not asked more often
KEPT = timedelta(days=30)
MOST = 60  #: of one entry
AT_ONCE = 6
SECONDS = 12.0  #: for each


def known(urls: Collection[str]) -> Mapping[str, LinkAnswer]:
    """Give what is known of addresses; nobody is asked."""
    return {row.url: row for row in LinkAnswer.objects.filter(url__in=list(urls)[:MOST])}


def have_asked(urls: Collection[str], *, now: datetime) -> None:
    """Have a worker ask what is not known, or was asked too long ago."""
    wanted = [url for url in dict.fromkeys(urls) if len(url) <= 2000][:MOST]
    LinkAnswer.objects.filter(asked_at__lt=now - KEPT).delete()
    LinkAnswer.objects.filter(url__in=wanted, asked_at__lt=now - FRESH).update(asked_at=None)
    LinkAnswer.objects.bulk_create([LinkAnswer(url=url) for url in wanted], ignore_conflicts=True)
    if LinkAnswer.objects.filter(asked_at=None).exists():
        defer.ask_links()


async def ask() -> int:
    """Ask every address that waits; give how many."""
    rows = [row async for row in LinkAnswer.objects.filter(asked_at=None)[: 4 * MOST]]
    gate = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(_ask(row, gate) for row in rows))
    return len(rows)


async def _ask(row: LinkAnswer, gate: asyncio.Semaphore) -> None:
    async with gate:
        try:
            await outbound.get(
                row.url,
                seconds=SECONDS,
                allow_private=settings().allow_private_fetch,
                body=False,
            )
            row.problem = ""
        except OutboundFailed as error:
            row.problem = str(error)
    row.asked_at = clock.now()
    await row.asave(update_fields=["asked_at", "problem"])
