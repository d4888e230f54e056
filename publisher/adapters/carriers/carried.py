"""What adapters share that make a site here and carry it to where it is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlsplit

from publisher.adapters.shared import checks, disk
from publisher.adapters.webpage.making import keep, place
from publisher.adapters.webpage.tree import Record, Trees
from publisher.kit import files
from publisher.models.adapter import (
    Capabilities,
    Consignment,
    Outcome,
    Parcel,
    Report,
    Verdict,
)
from publisher.models.errors import WillNeverWork
from publisher.models.specs import OutletSpec


class Carried(disk.OnDisk, ABC):
    """An outlet whose site is carried; a repeat finds everything there and carries nothing."""

    capabilities: ClassVar[Capabilities]

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Make the site with the page on it, and carry what changed."""
        async for window in windows:
            for parcel in window:
                try:
                    url, record, trees = await disk.written(_made, consignment, parcel)
                except WillNeverWork as error:
                    refused = Outcome(
                        delivery=parcel.delivery, verdict=Verdict.REFUSED, answer=str(error)
                    )
                    report(refused)
                    continue
                checks.connected(consignment.outlet, consignment.credential, self.capabilities)
                await self.carry(consignment, trees, record)
                report(Outcome(delivery=parcel.delivery, verdict=Verdict.ACCEPTED, url=url))

    @abstractmethod
    async def carry(self, consignment: Consignment, trees: Trees, record: Record) -> None:
        """Bring the target to what the tree in force holds.

        Raises:
            TryLater: it could not be reached, or not all of it was carried; a repeat goes on.
            NeedsConnecting: it does not let us in, or is not the one that was pinned.
        """

    def check(self, outlet: OutletSpec, credential: Mapping[str, str] | None) -> list[str]:
        """Check that the site's address is one."""
        found = checks.problems(outlet, credential, self.capabilities)
        if not _is_address(str(outlet.settings.get("address", ""))):
            found.append(
                "say where the site is read, such as address: https://www.example.org/ "
                "(its links, feeds and site map name it)"
            )
        return found


def _is_address(said: str) -> bool:
    parts = urlsplit(said)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.query


def _made(consignment: Consignment, parcel: Parcel) -> tuple[str, Record, Trees]:
    """Put the page on the shelf, and make the site that this outlet carries."""
    base = str(consignment.outlet.settings.get("address", "")).rstrip("/")
    if not _is_address(base):
        raise WillNeverWork("the setting “address” does not say where the site is read")
    folder = consignment.data / "carried" / files.plain_name(consignment.outlet.slug)
    trees = Trees(folder / "trees", folder / "site")
    with files.alone(consignment.data / "pages"):
        item = keep(consignment, parcel)
        site, record = place(consignment, base=base, trees=trees).made()
    return site.url(item), record, trees
