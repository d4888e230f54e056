"""Documents: what people take to a meeting, filed on our own disk and nowhere on the web.

`data/documents/<organisation>/<entry>/<day>-<outlet>-<audience>-<language>/` holds the files of one
placement and `manifest.json`. A folder appears whole or not at all, and is never changed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import ClassVar

from publisher.adapters.shared import disk
from publisher.adapters.shared.words import filled
from publisher.kit import files
from publisher.models.adapter import (
    Attachment,
    Capabilities,
    Consignment,
    Json,
    Parcel,
    Report,
)
from publisher.models.errors import WillNeverWork

MANIFEST = "manifest.json"


class Documents(disk.OnDisk):
    """`data/documents`."""

    name: ClassVar[str] = "documents"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"report", "agenda-item", "presentation", "landscape", "work-item-form"}),
        addressed_to="endpoint",
        window=1,
        pictures=True,
    )

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """File the attachments and the HTML of each parcel."""
        await disk.hand_over(windows, report, lambda parcel: file(consignment, parcel))


def file(consignment: Consignment, parcel: Parcel) -> str:
    """Put a placement's files into a folder of its own, and give the folder's address.

    Raises:
        WillNeverWork: there is nothing to file, or two files have one name.
        NotPlain: a name that cannot be that of a file.
    """
    kept = _files(consignment, parcel)
    shelf = consignment.data / "documents" / files.plain_name(consignment.organisation.slug)
    with files.alone(shelf):
        folder = _folder(shelf / files.plain_name(consignment.entry), consignment)
        if not folder.is_dir():
            _put(folder, kept, _manifest(consignment, kept))
    return folder.resolve().as_uri()


def _files(consignment: Consignment, parcel: Parcel) -> list[Attachment]:
    kept = [*consignment.attachments, *_html(consignment, parcel)]
    names = [files.plain_name(one.filename) for one in kept]
    if not kept:
        raise WillNeverWork("it has no document to file")
    if len({name.casefold() for name in [*names, MANIFEST]}) < len(names) + 1:
        raise WillNeverWork("two of its files have the same name")
    return kept


def _html(consignment: Consignment, parcel: Parcel) -> list[Attachment]:
    html = filled(consignment, parcel).get("html", "")
    if not html:
        return []
    first = next(iter(consignment.attachments), None)
    stem = Path(first.filename).stem if first else consignment.entry
    return [Attachment(filename=f"{stem}.html", media_type="text/html", content=html.encode())]


def _folder(shelf: Path, consignment: Consignment) -> Path:
    """Give the placement's folder: where another has its name, with its own key behind it."""
    day = f"{consignment.published_at:%Y-%m-%d}"
    language = consignment.content.language
    name = f"{day}-{consignment.outlet.slug}-{consignment.audience}-{language}"
    folder = shelf / files.plain_name(name)
    if not folder.is_dir() or _key(folder) == consignment.key:
        return folder
    return shelf / files.plain_name(f"{name}-{consignment.key[:8]}")


def _key(folder: Path) -> str:
    return str(json.loads((folder / MANIFEST).read_bytes())["key"])


def _put(folder: Path, kept: Sequence[Attachment], manifest: Json) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".new-"))
    try:
        for one in kept:
            files.write(aside / one.filename, one.content)
        files.write(aside / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
        aside.chmod(0o755)
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def _manifest(consignment: Consignment, kept: Sequence[Attachment]) -> Json:
    return {
        "key": consignment.key,
        "entry": consignment.entry,
        "form": consignment.content.form,
        "organisation": consignment.organisation.slug,
        "outlet": consignment.outlet.slug,
        "channel": consignment.channel,
        "audience": consignment.audience,
        "language": consignment.content.language,
        "title": consignment.content.parts.get("title", ""),
        "filed": consignment.published_at.isoformat(),
        "values": dict(consignment.values),
        "files": [
            {
                "name": one.filename,
                "media_type": one.media_type,
                "bytes": len(one.content),
                "sha256": hashlib.sha256(one.content).hexdigest(),
            }
            for one in kept
        ],
    }
