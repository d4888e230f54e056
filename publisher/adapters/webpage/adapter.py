"""Web pages: a complete static site for each organisation, exchanged whole at each publication.

Pages are kept as JSON in `data/pages/<organisation>`; the site at `data/site/<organisation>` can
be made again from them. A page's address is its organisation's, language's and entry's, and never
changes. What was not published is nowhere in it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import ClassVar

from publisher.adapters.shared import disk
from publisher.adapters.webpage import front
from publisher.adapters.webpage.making import keep, place
from publisher.adapters.webpage.tree import Trees
from publisher.kit import files
from publisher.models.adapter import Capabilities, Consignment, Parcel, Report


class WebPage(disk.OnDisk):
    """The organisation's site, below `data/site`."""

    name: ClassVar[str] = "webpage"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"page", "intake"}),
        addressed_to="endpoint",
        window=1,
        pictures=True,
        site=True,
    )

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Put the page on the site."""
        await disk.hand_over(windows, report, lambda parcel: _publish(consignment, parcel))


def trees(data: Path, organisation: str) -> Trees:
    """Give the trees of an organisation's site."""
    folder = data / "site"
    return Trees(folder / ".trees" / organisation, folder / organisation)


def _publish(consignment: Consignment, parcel: Parcel) -> str:
    slug = files.plain_name(consignment.organisation.slug)
    base = f"{consignment.site_url}/site/{slug}"
    with files.alone(consignment.data / "pages"):
        item = keep(consignment, parcel)
        site, _ = place(consignment, base=base, trees=trees(consignment.data, slug)).made()
        front.write(consignment.data, consignment.site_url)
    return site.url(item)
