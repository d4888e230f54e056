"""Editions of a list: a page and the files beside it, each edition at an address that stays.

`data/lists/<organisation>/<language>/<entry>/` has a folder for each edition, by its day, and the
newest one's page and files in itself, so that a link to the list always leads to the newest.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from publisher.kit import files
from publisher.models.adapter import Consignment

PAGE = "index.html"
_RECORD = "items"  #: the folder of what is kept about editions, which is not shown


@dataclass(frozen=True, kw_only=True)
class Edition:
    """Where an edition can be read."""

    url: str  #: its own, with a slash at the end
    newest: str  #: where the newest edition always is


def publish(consignment: Consignment, page: str) -> Edition:
    """Write an edition's page and files; a repeat writes the same.

    Where another audience has an edition of that day, this audience's name is added to its folder.

    Raises:
        ValueError: a name that cannot be that of a file.
    """
    said = (consignment.organisation.slug, consignment.content.language, consignment.entry)
    place = "/".join(files.plain_name(one) for one in said)
    shelf = consignment.data / "lists" / place
    with files.alone(shelf):
        name = _name(shelf, consignment)
        _write(shelf / name, consignment, page)
        if _is_newest(shelf, name, consignment):
            _write(shelf, consignment, page)
    newest = f"{consignment.site_url}/lists/{place}/"
    return Edition(url=f"{newest}{name}/", newest=newest)


def _write(folder: Path, consignment: Consignment, page: str) -> None:
    for one in consignment.attachments:
        files.write_if_changed(folder / files.plain_name(one.filename), one.content)
    # Last, so that it never names a file that is not there.
    files.write_if_changed(folder / PAGE, page)


def _name(shelf: Path, consignment: Consignment) -> str:
    """Give the edition's folder, and note whose it is."""
    day = f"{consignment.published_at:%Y-%m-%d}"
    audience = files.plain_name(consignment.audience)
    for name in (day, f"{day}-{audience}", f"{day}-{audience}-{consignment.key[:8]}"):
        record = shelf / _RECORD / f"{files.plain_name(name)}.json"
        if not record.is_file():
            about = {"key": consignment.key, "at": consignment.published_at.isoformat()}
            files.write(record, json.dumps(about))
            return name
        if json.loads(record.read_text())["key"] == consignment.key:
            return name
    raise ValueError(f"there are too many editions of {day}")


def _is_newest(shelf: Path, name: str, consignment: Consignment) -> bool:
    """Say whether no edition came out later; of one moment's, the first by name stands."""
    others = {
        path.stem: datetime.fromisoformat(json.loads(path.read_text())["at"])
        for path in (shelf / _RECORD).glob("*.json")
    }
    newest = max(others.values())
    return consignment.published_at == newest and name == min(
        one for one, at in others.items() if at == newest
    )
