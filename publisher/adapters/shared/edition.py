"""Editions of a list: a page and the files beside it, each edition at an address that stays.

`data/lists/<organisation>/<language>/<entry>/` has a folder for each edition, by its day, and the
newest one's page and files in itself, so that a link to the list always leads to the newest.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from publisher.kit import files
from publisher.models.adapter import Consignment
from publisher.models.errors import WillNeverWork

PAGE = "index.html"
_RECORD = "items"  #: the folder of what is kept about editions, which is not shown


@dataclass(frozen=True, kw_only=True)
class Edition:
    """Where an edition can be read."""

    url: str  #: its own, with a slash at the end
    newest: str  #: where the newest edition always is


def publish(consignment: Consignment, page: str) -> Edition:
    """Write an edition's page and files; a repeat, or the same page for others, writes the same.

    Where another page has that day's folder, this one's audience is added to its name.

    Raises:
        WillNeverWork: no name is free for it.
        NotPlain: a name that cannot be that of a file.
    """
    said = (consignment.organisation.slug, consignment.content.language, consignment.entry)
    place = "/".join(files.plain_name(one) for one in said)
    shelf = consignment.data / "lists" / place
    with files.alone(shelf):
        name = _name(shelf, consignment, hashlib.sha256(page.encode()).hexdigest())
        _write(shelf / name, consignment, page)
        if _is_newest(shelf, name):
            _write(shelf, consignment, page)
    newest = f"{consignment.site_url}/lists/{place}/"
    return Edition(url=f"{newest}{name}/", newest=newest)


def _write(folder: Path, consignment: Consignment, page: str) -> None:
    for one in consignment.attachments:
        files.write_if_changed(folder / files.plain_name(one.filename), one.content)
    # Last, so that it never names a file that is not there.
    files.write_if_changed(folder / PAGE, page)


def _name(shelf: Path, consignment: Consignment, sha256: str) -> str:
    """Give the edition's folder, and note what stands in it."""
    day = f"{consignment.published_at:%Y-%m-%d}"
    audience = files.plain_name(consignment.audience)
    for name in (day, f"{day}-{audience}", f"{day}-{audience}-{sha256[:8]}"):
        record = shelf / _RECORD / f"{files.plain_name(name)}.json"
        if not record.is_file():
            about = {"sha256": sha256, "at": consignment.published_at.isoformat()}
            files.write(record, json.dumps(about))
            return name
        if json.loads(record.read_bytes())["sha256"] == sha256:
            return name
    raise WillNeverWork(f"there are too many editions of {day}")


def _is_newest(shelf: Path, name: str) -> bool:
    """Say whether no edition came out later; of those of one moment the first by name stands."""
    moments = {
        path.stem: datetime.fromisoformat(json.loads(path.read_bytes())["at"])
        for path in (shelf / _RECORD).glob("*.json")
    }
    newest = max(moments.values())
    return name == min(one for one, at in moments.items() if at == newest)
