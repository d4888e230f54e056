"""Feeds: RSS 2.0, Atom and JSON Feed, of each organisation, audience and key message.

Every item is kept as JSON in `data/feeds/<organisation>/items`, and the feeds it belongs to are
made again from the newest items. The same items always give the same bytes, so that a reader
who asks “has it changed?” is told the truth.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import cache
from pathlib import Path
from typing import ClassVar

from publisher.adapters.feed import formats
from publisher.adapters.feed.formats import Scope
from publisher.adapters.shared import disk, shelf
from publisher.adapters.shared.shelf import Item, Shelf
from publisher.kit import files
from publisher.models.adapter import Capabilities, Consignment, Parcel, Report
from publisher.models.specs import OrganisationSpec

#: how many items a feed holds
NEWEST = 50


class Feed(disk.OnDisk):
    """The outlet's feeds, written below `data/feeds`."""

    name: ClassVar[str] = "feed"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"feed"}), addressed_to="endpoint", window=1, pictures=True
    )

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Put the item into each feed it belongs to."""
        await disk.hand_over(windows, report, lambda parcel: _publish(consignment, parcel))


def publish(folder: Path, item: Item, organisation: OrganisationSpec, site_url: str) -> Item:
    """Keep an item, and make every feed it belongs to again."""
    with files.alone(folder / organisation.slug):
        kept = Shelf(folder / organisation.slug / "items")
        item, items = kept.put(formats.sanitised(item))
        whole = cache(kept.whole)  # an item stands in several feeds
        for scope in _scopes(item, organisation):
            newest = [whole(one) for one in _newest(scope, items)]
            for file, made in formats.documents(scope, newest, site_url).items():
                files.write_if_changed(folder / scope.folder / file, made)
    return item


def _publish(consignment: Consignment, parcel: Parcel) -> str:
    folder, organisation = consignment.data / "feeds", consignment.organisation
    disk.keep_pictures(consignment, folder / organisation.slug / "pictures")
    item = publish(folder, shelf.item(consignment, parcel), organisation, consignment.site_url)
    all_of_it = Scope(organisation=organisation, language=item.language)
    return f"{consignment.site_url}/feeds/{all_of_it.folder}/feed.atom"


def _scopes(item: Item, organisation: OrganisationSpec) -> list[Scope]:
    """Give the feeds an item belongs to."""
    kinds = [("", ""), ("audience", item.audience)] + [("message", one) for one in item.messages]
    return [
        Scope(organisation=organisation, language=item.language, kind=kind, slug=slug)
        for kind, slug in kinds
    ]


def _newest(scope: Scope, items: Sequence[Item]) -> list[Item]:
    """Give the newest items; words that went to two audiences stand there once."""
    once = {item.first: item for item in reversed(items) if scope.holds(item)}
    return sorted(once.values(), key=lambda item: (item.at, item.order), reverse=True)[:NEWEST]
