"""Lists: public pages with files beside them, such as a landscape with its PDF and spreadsheet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import ClassVar

from publisher.adapters.shared import disk, edition
from publisher.adapters.shared.words import filled
from publisher.models.adapter import Capabilities, Consignment, Parcel, Report


class Lists(disk.OnDisk):
    """The outlet's lists, written below `data/lists`."""

    name: ClassVar[str] = "lists"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"landscape"}), addressed_to="endpoint", window=1
    )

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Write the edition."""
        await disk.hand_over(windows, report, lambda parcel: _publish(consignment, parcel))


def _publish(consignment: Consignment, parcel: Parcel) -> str:
    return edition.publish(consignment, filled(consignment, parcel).get("html", "")).url
