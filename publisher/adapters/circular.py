"""Administrative circulars: the document on disk, then the covering mails by another adapter."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import ClassVar

from publisher.adapters.shared import disk
from publisher.adapters.shared.covering import Covering
from publisher.kit import files
from publisher.models.adapter import (
    Attachment,
    Capabilities,
    Consignment,
    Outcome,
    Parcel,
    Report,
)
from publisher.models.errors import WillNeverWork

#: the year and the number at the end of `ISO 2027/12`
_NUMBER = re.compile(r"(\d{4})/(\d+)\Z")


class CircularOffice(Covering):
    """`data/circulars`, and the covering mails through the adapter named in the setting `mail`."""

    name: ClassVar[str] = "circular"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"circular"}),
        addressed_to="readers",
        cuts_windows=True,
        settings=("mail",),
        pictures=True,
    )

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Write the document, then hand the covering mails over."""
        mail = self._mail(consignment.outlet)
        url = await disk.written(keep, consignment)

        def with_document(outcome: Outcome) -> None:
            report(outcome._replace(url=url))

        await mail.hand_over(consignment, windows, with_document)


def keep(consignment: Consignment) -> str:
    """Write the document, and give its address.

    It is `<organisation>/<year>-<number>-<language>.pdf`; where another audience's document of
    that number says something else, the audience's name is added.

    Raises:
        WillNeverWork: it has no number or no document.
    """
    folder = consignment.data / "circulars" / consignment.organisation.slug
    document, said = _document(consignment), _said(consignment)
    name = _name(consignment)
    with files.alone(folder):
        if _kept(folder, name) not in {"", said}:
            name = f"{name}-{consignment.audience}"
        files.write_if_changed(folder / "items" / f"{name}.sha256", said)
        if not (folder / f"{name}.pdf").is_file():
            files.write(folder / f"{name}.pdf", document.content)
    return f"{consignment.site_url}/circulars/{consignment.organisation.slug}/{name}.pdf"


def _name(consignment: Consignment) -> str:
    number = _NUMBER.search(consignment.values.get("circular.number", ""))
    if number is None:
        raise WillNeverWork("the circular has no number")
    return f"{number[1]}-{number[2]}-{consignment.content.language}"


def _said(consignment: Consignment) -> str:
    """Give a digest of what the document says: its bytes may differ from one run to the next."""
    document = consignment.content.parts.get("document", "")
    return hashlib.sha256(document.encode()).hexdigest()


def _kept(folder: Path, name: str) -> str:
    record = folder / "items" / f"{name}.sha256"
    return record.read_text("utf-8") if record.is_file() else ""


def _document(consignment: Consignment) -> Attachment:
    for attachment in consignment.attachments:
        if attachment.media_type == "application/pdf":
            return attachment
    raise WillNeverWork("the circular has no document")
