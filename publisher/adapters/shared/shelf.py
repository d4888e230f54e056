"""Items that were published, kept as JSON in the order they came."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from publisher.adapters.shared.words import filled
from publisher.kit import files
from publisher.kit.pictures import ending
from publisher.models.adapter import Consignment, Parcel

#: Placements of one occurrence start together; the same entry's next occurrence is a day away at
#: least (a repeat is FREQ=DAILY or slower).
_SAME_OCCURRENCE = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture published beside an item."""

    file: str  #: `<SHA-256><ending>`, in the folder `pictures` of its organisation
    media_type: str
    alt: str
    length: int  #: bytes


@dataclass(frozen=True, kw_only=True)
class Item:
    """One placement's words as published."""

    key: str  #: the parcel's
    placement: str  #: the consignment's key
    entry: str
    audience: str
    channel: str
    messages: tuple[str, ...]
    language: str
    direction: str
    title: str
    summary: str
    html: str
    link: str
    at: datetime  #: aware, UTC
    pictures: tuple[Picture, ...] = ()
    order: int = 0  #: how many items were there before it
    #: the key of the item that brought the same words first, to another audience; else its own
    first: str = ""
    name: str = ""  #: the last part of its address, where it has one of its own
    words: str = ""  #: a digest of everything a reader sees

    def same_as(self, other: Item) -> bool:
        """Say whether both are the same words of one occurrence, addressed to two audiences."""
        return self._beside(other) and self.words == other.words

    def translates(self, other: Item) -> bool:
        """Say whether they are one occurrence to one audience in two languages."""
        return (
            self._beside(other)
            and (self.audience, self.channel) == (other.audience, other.channel)
            and self.language != other.language
        )

    def _beside(self, other: Item) -> bool:
        return self.entry == other.entry and abs(self.at - other.at) < _SAME_OCCURRENCE


class Shelf:
    """The items in one folder, one file each, and beside it a list of them without their HTML.

    The list is made again from the items whenever the two differ in number.
    """

    def __init__(self, folder: Path, reserved: frozenset[str] = frozenset()) -> None:
        self.folder = folder
        self._reserved = reserved  #: names that no new item may have
        self._list = folder.with_suffix(".list")

    def put(self, item: Item) -> tuple[Item, list[Item]]:
        """Keep an item, and give it as it is kept, and all that are there now; see `items`.

        One that is kept already keeps its place, its address and its id. To be called while
        nobody else may change the folder: see `files.alone`.
        """
        kept = self.items()
        placed = next((other for other in kept if other.key == item.key), None)
        item = replace(item, words=_words(item))
        item = _placed_as(item, placed) if placed else _placed(item, kept, self._reserved)
        others = [other for other in kept if other.key != item.key]
        listed = sorted([*others, replace(item, html="")], key=_newest, reverse=True)
        files.write(self._path(item.key), _json(_said(item)))
        files.write(self._list, _json([_said(one) for one in listed]), durable=False)
        return item, listed

    def items(self) -> list[Item]:
        """Give every item, the newest first, without its HTML."""
        count = sum(1 for _ in self.folder.glob("*.json"))
        try:
            listed = [_read(said) for said in json.loads(self._list.read_bytes())]
        except (OSError, ValueError):
            listed = []
        return listed if len(listed) == count else self._read_again()

    def whole(self, item: Item) -> Item:
        """Give an item with its HTML."""
        return _read(json.loads(self._path(item.key).read_bytes()))

    def _read_again(self) -> list[Item]:
        found = [_read(json.loads(path.read_bytes())) for path in self.folder.glob("*.json")]
        return sorted((replace(one, html="") for one in found), key=_newest, reverse=True)

    def _path(self, key: str) -> Path:
        return self.folder / f"{files.plain_name(key)}.json"


def item(consignment: Consignment, parcel: Parcel) -> Item:
    """Fill a consignment's words and make an item of them."""
    content = consignment.content
    parts = filled(consignment, parcel)
    return Item(
        key=parcel.key,
        placement=consignment.key,
        entry=consignment.entry,
        audience=consignment.audience,
        channel=consignment.channel,
        messages=consignment.messages,
        language=content.language,
        direction=content.direction,
        title=parts.get("title", ""),
        summary=parts.get("summary", ""),
        html=parts.get("html", ""),
        link=parts.get("link", ""),
        at=consignment.published_at.astimezone(UTC),
        pictures=tuple(
            Picture(
                file=picture.sha256 + ending(picture.media_type),
                media_type=picture.media_type,
                alt=picture.alt,
                length=len(consignment.pictures[picture.sha256]),
            )
            for picture in content.pictures
            if picture.sha256 in consignment.pictures
        ),
    )


def _placed(item: Item, kept: Sequence[Item], reserved: frozenset[str]) -> Item:
    """Give a new item its place among those there, or that of its twin."""
    twin = next((other for other in reversed(kept) if item.same_as(other)), None)
    first, name = (twin.first, twin.name) if twin else (item.key, _name(item, kept, reserved))
    return replace(item, order=len(kept), first=first, name=name)


def _placed_as(item: Item, placed: Item) -> Item:
    return replace(item, order=placed.order, first=placed.first, name=placed.name)


def _newest(item: Item) -> tuple[datetime, int, str]:
    return item.at, item.order, item.key


def _words(item: Item) -> str:
    seen = f"{item.language}\n{item.title}\n{item.summary}\n{item.html}\n{item.link}"
    return hashlib.sha256(seen.encode()).hexdigest()


def _name(wanted: Item, kept: Sequence[Item], reserved: frozenset[str]) -> str:
    """Give the entry's slug, with the day or the key behind it where another item has it."""
    taken = {other.name for other in kept if other.language == wanted.language} | reserved
    names = (wanted.entry, f"{wanted.entry}-{wanted.at:%Y-%m-%d}")
    return next((name for name in names if name not in taken), f"{wanted.entry}-{wanted.key[:8]}")


def _json(said: object) -> str:
    return json.dumps(said, default=str, ensure_ascii=False)


def _said(item: Item) -> dict[str, Any]:
    # Not `asdict`, which copies deeply: there are thousands in a list.
    return {**vars(item), "pictures": [vars(picture) for picture in item.pictures]}


def _read(said: dict[str, Any]) -> Item:
    pictures = tuple(Picture(**picture) for picture in said.pop("pictures"))
    messages = tuple(said.pop("messages"))
    at = datetime.fromisoformat(said.pop("at"))
    return Item(**said, at=at, messages=messages, pictures=pictures)
