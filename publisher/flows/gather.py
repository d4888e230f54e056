"""Gather the newest items of a partner's feed; a feed that fails never holds up a newsletter."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from publisher.kit import feed_reader, files, outbound
from publisher.kit.feed_reader import FeedItem, FeedUnreadable
from publisher.kit.outbound import OutboundFailed
from publisher.models.cell import PartnerItem
from publisher.settings import settings

log = logging.getLogger(__name__)

MOST = 5  #: items, the newest
FRESH = timedelta(minutes=15)  #: a partner is not asked more often, whatever it answers
MAX_BYTES = 5_000_000
_ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is known of one feed."""

    url: str
    asked_at: datetime | None = None
    etag: str = ""
    last_modified: str = ""
    items: tuple[FeedItem, ...] = ()
    problem: str = ""  #: why the last attempt failed; empty: it did not


def gather(url: str, *, now: datetime) -> tuple[PartnerItem, ...]:
    """Give the newest items of a feed; if it fails, those it had before, if any."""
    place = _place(url)
    with files.alone(place.parent):
        kept = _read(place, url)
        if kept.asked_at is None or not timedelta() <= now - kept.asked_at < FRESH:
            kept = _asked(kept, now)
            files.write(place, json.dumps(asdict(kept), default=str, ensure_ascii=False))
    return tuple(PartnerItem(**asdict(item)) for item in kept.items)


def known_items(url: str) -> tuple[PartnerItem, ...]:
    """Give the items a feed had when it was last asked; it is not asked."""
    return tuple(PartnerItem(**asdict(item)) for item in _read(_place(url), url).items)


def _asked(kept: Kept, now: datetime) -> Kept:
    """Ask for the feed; keep what was there if nothing better comes."""
    try:
        answer = asyncio.run(
            outbound.get(
                kept.url,
                etag=kept.etag,
                last_modified=kept.last_modified,
                accept=_ACCEPT,
                max_bytes=MAX_BYTES,
                allow_private=settings().allow_private_fetch,
            )
        )
        if answer.status == 304:
            return replace(kept, asked_at=now, problem="")
        items = feed_reader.read(
            answer.content, url=answer.url, media_type=answer.media_type, most=MOST
        )
    except (OutboundFailed, FeedUnreadable) as error:
        if not kept.problem:  # one line when it goes, one when it returns
            log.warning("partner feed fails", extra={"problem": str(error)})
        return replace(kept, asked_at=now, problem=str(error))
    if kept.problem:
        log.info("partner feed is back", extra={"items": len(items)})
    return Kept(
        url=kept.url,
        asked_at=now,
        etag=answer.etag,
        last_modified=answer.last_modified,
        items=tuple(items),
    )


def _place(url: str) -> Path:
    name = hashlib.sha256(url.encode()).hexdigest()[:32]
    return settings().data_folder / "partner-feeds" / f"{name}.json"


def _read(place: Path, url: str) -> Kept:
    try:
        said: dict[str, Any] = json.loads(place.read_bytes())
    except (OSError, ValueError):
        return Kept(url=url)
    items = tuple(feed_reader.item_from(item) for item in said.pop("items"))
    asked_at = said.pop("asked_at")
    return Kept(**said, items=items, asked_at=datetime.fromisoformat(asked_at))
