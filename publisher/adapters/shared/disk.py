"""What the adapters share that publish files: writing them, and naming what goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, ParamSpec, TypeVar

from publisher.adapters.shared import checks
from publisher.kit import files
from publisher.kit.pictures import ending
from publisher.models.adapter import Capabilities, Consignment, Outcome, Parcel, Report, Verdict
from publisher.models.errors import TryLater, WillNeverWork
from publisher.models.specs import OutletSpec

P = ParamSpec("P")
T = TypeVar("T")


class OnDisk:
    """What adapters have in common whose service is our own disk: each repeat writes the same."""

    capabilities: ClassVar[Capabilities]

    async def ask(self, consignment: Consignment, parcel: Parcel) -> Outcome | None:
        """Cannot tell: a repeat does no harm."""
        return None

    def check(self, outlet: OutletSpec, credential: Mapping[str, str] | None) -> list[str]:
        """See `Adapter.check`."""
        return checks.problems(outlet, credential, self.capabilities)


async def hand_over(
    windows: AsyncIterator[Sequence[Parcel]], report: Report, put: Callable[[Parcel], str]
) -> None:
    """Publish each parcel with `put`, which gives the address it can be read at, and report it.

    What can never be published, such as a mail to an address that is none, is refused alone.

    Raises:
        TryLater: the disk is full, or the folder cannot be written.
    """
    async for window in windows:
        for parcel in window:
            try:
                url = await written(put, parcel)
            except WillNeverWork as error:
                verdict, answer, url = Verdict.REFUSED, str(error), ""
            else:
                verdict, answer = Verdict.ACCEPTED, ""
            report(Outcome(delivery=parcel.delivery, verdict=verdict, answer=answer, url=url))


async def written(write: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Do what writes files, while others go on; give what it gives.

    Raises:
        TryLater: the disk is full, or the folder cannot be written.
        WillNeverWork: a key that cannot name a file.
    """
    try:
        return await asyncio.to_thread(write, *given, **named)
    except OSError as error:
        raise TryLater(f"the data folder cannot be written: {error.strerror}") from error
    except files.NotPlain as error:
        raise WillNeverWork(str(error)) from error


def keep_pictures(consignment: Consignment, folder: Path) -> None:
    """Put a consignment's pictures into `folder`, each under its own SHA-256."""
    for picture in consignment.content.pictures:
        content = consignment.pictures.get(picture.sha256)
        if content is not None:
            files.write_if_changed(folder / (picture.sha256 + ending(picture.media_type)), content)
