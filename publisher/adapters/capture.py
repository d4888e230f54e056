"""Capture: a mailbox and a timeline on disk, where demo and rehearsal can be looked at.

It stands for any service that takes mail or posts, is labelled wherever it is shown, and is
never counted as having reached the world.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any, ClassVar

from publisher.adapters.mail.message import Mailing
from publisher.adapters.shared import disk
from publisher.adapters.shared.words import filled, texts
from publisher.kit import files
from publisher.kit.pictures import ending
from publisher.models.adapter import Capabilities, Consignment, Parcel, Report

LABEL = "Captured, not sent to the world"


class Capture(disk.OnDisk):
    """`data/capture`: mail into a Maildir, posts as JSON into a timeline."""

    name: ClassVar[str] = "capture"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"newsletter", "circular", "circulation", "webinar", "workshop", "post"}),
        addressed_to="readers",
        reaches_the_world=False,
        settings=("network",),
        pictures=True,
    )

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Write each parcel to disk; a repeat overwrites itself."""
        if consignment.content.form == "post":
            await disk.hand_over(windows, report, lambda parcel: _post(consignment, parcel))
        else:
            mailing = Mailing(consignment)
            await disk.hand_over(
                windows, report, lambda parcel: _mail(consignment, parcel, mailing.to(parcel))
            )


def _mail(consignment: Consignment, parcel: Parcel, mail: bytes) -> str:
    """Put a mail where Maildir readers look for it; https://cr.yp.to/proto/maildir.html."""
    box = consignment.data / "capture" / "mailbox"
    key = files.plain_name(parcel.key)
    for folder in ("cur", "new", "tmp"):
        (box / folder).mkdir(parents=True, exist_ok=True)
    # A mail program moves what it has shown to `cur` and puts flags behind the name.
    seen = next(iter(box.joinpath("cur").glob(f"{key}:2,*")), None)
    place = seen or box / "new" / key
    # It holds an address, and the links by which its reader is known.
    files.write(place, mail.replace(b"\r\n", b"\n"), durable=False, mode=0o600)
    return ""  # one reader's mail is not where a placement can be read


def _post(consignment: Consignment, parcel: Parcel) -> str:
    timeline = consignment.data / "capture" / "timeline"
    disk.keep_pictures(consignment, timeline / "pictures")
    key = files.plain_name(parcel.key)
    as_json = json.dumps(_as_posted(consignment, parcel), ensure_ascii=False, indent=1)
    files.write(timeline / f"{key}.json", as_json)
    return f"{consignment.site_url}/capture/timeline/{key}/"


def _as_posted(consignment: Consignment, parcel: Parcel) -> dict[str, Any]:
    parts, content = filled(consignment, parcel), consignment.content
    return {
        "label": LABEL,
        "key": parcel.key,
        "network": str(consignment.outlet.settings.get("network", consignment.channel)),
        "outlet": consignment.outlet.slug,
        "organisation": consignment.organisation.slug,
        "entry": consignment.entry,
        "audience": consignment.audience,
        "language": content.language,
        "dir": content.direction,
        "at": consignment.published_at.isoformat(),
        "texts": texts(parts),
        "link": parts.get("link", ""),
        "pictures": [
            {
                "file": f"pictures/{picture.sha256}{ending(picture.media_type)}",
                "media_type": picture.media_type,
                "alt": picture.alt,
            }
            for picture in content.pictures
        ],
    }
