"""Manual: an outlet with no account. Publisher prepares, an officer posts and confirms.

`data/manual/<key>` then holds the exact words and pictures, and how to go on. The placement
stays open, and says so, until `publisher confirm KEY --url ADDRESS`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from publisher.adapters.shared import checks, disk
from publisher.adapters.shared.words import filled
from publisher.kit import files
from publisher.kit.pictures import ending
from publisher.models.adapter import EVERY, Capabilities, Consignment, Outcome, Parcel, Report
from publisher.models.errors import NeedsConnecting
from publisher.models.specs import OutletSpec

#: the parts that are documents, and the ending of their files; the others are plain words
_ENDINGS = {"html": "html", "document": "typ"}


class Manual:
    """What an officer needs to publish by hand."""

    name: ClassVar[str] = "manual"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=EVERY,
        addressed_to="endpoint",
        window=1,
        settings=("network",),
        pictures=True,
    )

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Prepare the words and files, and wait for an officer.

        Raises:
            NeedsConnecting: always, once all is prepared: a person must act. Nothing is
                reported, so the parcel stays in the queue until it is confirmed.
        """
        async for window in windows:
            for parcel in window:
                folder = await disk.written(prepare, consignment, parcel)
                raise NeedsConnecting(
                    f"waits for an officer: the words are in {folder}; once they are out, "
                    f"publisher confirm {consignment.key} --url ADDRESS"
                )

    async def ask(self, consignment: Consignment, parcel: Parcel) -> Outcome | None:
        """Cannot tell: only the officer knows."""
        return None

    def check(self, outlet: OutletSpec, credential: Mapping[str, str] | None) -> list[str]:
        """See `Adapter.check`."""
        return checks.problems(outlet, credential, self.capabilities)


def prepare(consignment: Consignment, parcel: Parcel) -> Path:
    """Write everything an officer needs into one folder, and give it; a repeat changes nothing."""
    folder = consignment.data / "manual" / files.plain_name(consignment.key)
    for name, words in filled(consignment, parcel).items():
        files.write_if_changed(folder / f"{name}.{_ENDINGS.get(name, 'txt')}", words)
    for picture in consignment.content.pictures:
        if content := consignment.pictures.get(picture.sha256):
            file = f"{picture.sha256[:12]}{ending(picture.media_type)}"
            files.write_if_changed(folder / file, content)
            files.write_if_changed(folder / f"{file}.alt.txt", picture.alt)
    for attachment in consignment.attachments:
        name = files.plain_name(attachment.filename)
        files.write_if_changed(folder / "files" / name, attachment.content)
    files.write_if_changed(folder / "about.json", _about(consignment))
    return folder


def _about(consignment: Consignment) -> str:
    about = {
        "key": consignment.key,
        "entry": consignment.entry,
        "audience": consignment.audience,
        "organisation": consignment.organisation.slug,
        "outlet": consignment.outlet.slug,
        "channel": consignment.channel,
        "language": consignment.content.language,
        "due": consignment.published_at.isoformat(),
        "confirm": f"publisher confirm {consignment.key} --url ADDRESS",
    }
    return json.dumps(about, ensure_ascii=False, indent=1)
