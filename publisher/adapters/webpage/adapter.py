"""Web pages: a static site with an archive, a site map, and the feeds' autodiscovery.

Pages are kept as JSON in `data/pages/<organisation>`; the site in `data/site` can be made again
from them. A page's address is its organisation's, language's and entry's, and never changes.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import ClassVar

from publisher.adapters.shared import disk, shelf
from publisher.adapters.shared.shelf import Item, Shelf
from publisher.adapters.webpage.site import Site
from publisher.kit import files
from publisher.models.adapter import Capabilities, Consignment, Parcel, Report


class WebPage(disk.OnDisk):
    """The outlet's pages, written below `data/site`."""

    name: ClassVar[str] = "webpage"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"page"}), addressed_to="endpoint", window=1, pictures=True
    )

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Write the page, and what leads to it."""
        await disk.hand_over(windows, report, lambda parcel: _publish(consignment, parcel))


def _publish(consignment: Consignment, parcel: Parcel) -> str:
    organisation = consignment.organisation
    pages = consignment.data / "pages"
    disk.keep_pictures(consignment, consignment.data / "site" / organisation.slug / "pictures")
    with files.alone(pages):
        as_json = organisation.model_dump_json(include={"slug", "name", "short", "website"})
        files.write_if_changed(pages / f"{organisation.slug}.json", as_json)
        item, _ = Shelf(pages / organisation.slug).put(shelf.item(consignment, parcel))
        site = _site(pages, consignment)
        site.publish(organisation.slug, item)
        return site.url(organisation.slug, item)


def _site(pages: Path, consignment: Consignment) -> Site:
    organisations = {path.stem: json.loads(path.read_text()) for path in pages.glob("*.json")}
    shelves = {slug: Shelf(pages / slug) for slug in organisations}
    return Site(
        folder=consignment.data / "site",
        feeds=consignment.data / "feeds",
        site_url=consignment.site_url,
        organisations=organisations,
        items={slug: _once(shelf.items()) for slug, shelf in shelves.items()},
        whole=lambda slug, item: shelves[slug].whole(item),
    )


def _once(items: Sequence[Item]) -> list[Item]:
    """Leave out the repeats of words that went to two audiences."""
    return [item for item in items if item.first == item.key]
