"""Read work items from CSV, JSON or a feed: each line as a mapping, with its place."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, cast

from publisher.kit import feed_reader, outbound
from publisher.kit.feed_reader import FeedItem, FeedUnreadable
from publisher.kit.outbound import OutboundFailed
from publisher.kit.spreadsheet import NotASpreadsheet, opened
from publisher.landscape import identifiers
from publisher.models.errors import Refused
from publisher.settings import settings

MAX_BYTES = 500_000_000  #: of a file, unpacked
MAX_FEED_BYTES = 20_000_000
MAX_FEED_ITEMS = 10_000
_ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"

Line = tuple[str, Mapping[str, object]]  #: where it stands, such as `line 3`, and what it says


_FEEDS = {".xml", ".rss", ".atom", ".rdf"}


def is_feed(source: str) -> bool:
    """Whether it holds the newest work items only, as feeds do."""
    return source.startswith(("https://", "http://")) or Path(source).suffix.lower() in _FEEDS


def lines(source: str) -> Iterator[Line]:
    """Give what a file or an address says, by what its name ends in.

    Raises:
        Refused: it cannot be read, with a sentence.
    """
    if source.startswith(("https://", "http://")):
        yield from _feed(_fetched(source), source)
        return
    path = Path(source)
    if not path.is_file():
        raise Refused(f"{source}: there is no such file")
    ending = "".join(path.suffixes[-2:] if path.suffix == ".gz" else path.suffixes[-1:]).lower()
    kind = ending.removesuffix(".gz")
    if kind == ".csv" and not ending.endswith(".gz"):
        yield from _csv(path)
    elif kind in {".jsonl", ".ndjson"}:
        yield from _json_lines(path)
    elif kind == ".json":
        yield from _json(path)
    elif kind in _FEEDS:
        yield from _feed(_read(path, MAX_FEED_BYTES), path.absolute().as_uri())
    else:
        raise Refused(
            f"{source}: name it by what it is: .csv, .json, .jsonl (these two may end in .gz), "
            ".xml, .rss or .atom"
        )


def _csv(path: Path) -> Iterator[Line]:
    try:
        sheet = opened(path)
        for number, cells in sheet.rows():
            yield f"line {number}", dict(zip(sheet.header, cells, strict=False))
    except NotASpreadsheet as error:
        raise Refused(f"{path}: {error}") from error


def _json_lines(path: Path) -> Iterator[Line]:
    for number, text in enumerate(_read(path, MAX_BYTES).splitlines(), start=1):
        if text.strip():
            yield f"line {number}", _object(_parsed(path, text, number), f"{path}: line {number}")


def _json(path: Path) -> Iterator[Line]:
    said = _parsed(path, _read(path, MAX_BYTES))
    items = said.get("items") if isinstance(said, dict) else said
    if not isinstance(items, list):
        raise Refused(f"{path}: it must be a list of work items, or an object with “items”")
    for number, one in enumerate(items, start=1):
        yield f"item {number}", _object(one, f"{path}: item {number}")


def _parsed(path: Path, text: bytes, line: int = 0) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f"line {line}: " if line else ""
        raise Refused(f"{path}: {place}it is no JSON: {error}") from error


def _object(said: object, place: str) -> Mapping[str, object]:
    if not isinstance(said, dict):
        raise Refused(f"{place} is no object with an identifier and a title")
    return {str(name).lower(): value for name, value in said.items()}


def _read(path: Path, most: int) -> bytes:
    """Read a file whole, unpacked; one that is longer than `most` is refused."""
    try:
        with _open(path) as file:
            content = file.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Refused(f"{path}: it cannot be read: {error}") from error
    if len(content) > most:
        raise Refused(f"{path}: it is longer than {most // 1_000_000} MB")
    return content


def _open(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def _fetched(url: str) -> bytes:
    try:
        answer = asyncio.run(
            outbound.get(
                url,
                accept=_ACCEPT,
                max_bytes=MAX_FEED_BYTES,
                allow_private=settings().allow_private_fetch,
            )
        )
    except OutboundFailed as error:
        raise Refused(f"{url}: {error}") from error
    return answer.content


def _feed(content: bytes, url: str) -> Iterator[Line]:
    try:
        items = feed_reader.read(content, url=url, most=MAX_FEED_ITEMS)
    except FeedUnreadable as error:
        raise Refused(f"{url}: {error}") from error
    for number, item in enumerate(items, start=1):
        yield f"item {number}", _from_feed(item)


def _from_feed(item: FeedItem) -> Mapping[str, object]:
    """Read a headline such as `ISO/IEC 9594-8:2020 - Public-key and attribute certificates`."""
    identifier, title = identifiers.split(item.title)
    return {
        "identifier": identifier,
        "title": title,
        "scope": item.summary,
        "url": item.link,
        "published": item.published_at.date().isoformat() if item.published_at else "",
    }
