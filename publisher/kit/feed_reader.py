"""Read a feed that somebody else wrote: in a process of its own, with a limit on time and memory.

feedparser reads every feed there is, and some that were made to hang it: a few megabytes of
open tags keep it busy for minutes.
"""

from __future__ import annotations

import calendar
import html
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import nh3

from publisher.kit.text import one_line

SECONDS = 10
MEMORY_BYTES = 1 << 30
LONGEST_TITLE = 300
LONGEST_SUMMARY = 600

#: What may not stand in words of ours: marks that turn the direction of what follows, and
#: private-use characters, with which holes for readers' values are marked.
_UNWANTED = re.compile("[\u202a-\u202e\u2066-\u2069\ue000-\uf8ff\ufffe\uffff]")
#: what stands between two words though no space does
_BETWEEN = re.compile(r"</?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|tr|td|th|blockquote)\b", re.I)


class FeedUnreadable(Exception):
    """It is no feed, or reading it takes too long."""


@dataclass(frozen=True, kw_only=True)
class FeedItem:
    """One item, cleaned."""

    title: str  #: plain text on one line
    link: str  #: http or https
    summary: str  #: plain text on one line
    published_at: datetime | None  #: aware, UTC


def read(content: bytes, *, url: str, media_type: str = "", most: int = 50) -> list[FeedItem]:
    """Read the items of a feed, the newest first; those without a title or a link are left out.

    Args:
        content: RSS, RDF or Atom, well-formed or not.
        url: where it came from; its links may be relative.
        media_type: what the server called it.
        most: how many items to give.

    Raises:
        FeedUnreadable: see there.
    """
    about = json.dumps({"url": url, "media_type": media_type, "most": most}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", __name__],
            input=about + b"\n" + content,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise FeedUnreadable(f"reading it takes longer than {SECONDS} seconds") from error
    except subprocess.CalledProcessError as error:
        raise FeedUnreadable("it cannot be read as a feed") from error
    found = json.loads(done.stdout)
    if found is None:
        raise FeedUnreadable("it is not a feed")
    return [item_from(one) for one in found]


def item_from(said: Mapping[str, Any]) -> FeedItem:
    """Read an item back from JSON."""
    at = said["published_at"]
    return FeedItem(**{**said, "published_at": datetime.fromisoformat(at) if at else None})


def plain(markup: object, longest: int) -> str:
    """Turn markup into words on one line, cut between words."""
    bare = str(markup or "")
    for _ in range(2):  # some feeds escape their markup once more than they should
        bare = html.unescape(nh3.clean(_BETWEEN.sub(lambda tag: f" {tag[0]}", bare), tags=set()))
    text = one_line(_UNWANTED.sub("", bare))
    if len(text) <= longest:
        return text
    return text[: longest - 1].rpartition(" ")[0].rstrip(" ,;:–-") + "…"


def _main() -> None:
    """Be the child: read what the parent wrote, and write what was found."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    about, _, content = sys.stdin.buffer.read().partition(b"\n")
    said = json.loads(about)
    json.dump(_items(content, **said), sys.stdout, default=str)


def _items(
    content: bytes, *, url: str, media_type: str, most: int
) -> list[dict[str, object]] | None:
    import feedparser

    headers = {"content-location": url} | ({"content-type": media_type} if media_type else {})
    # What is markup is taken out by `plain`, all of it.
    found = feedparser.parse(content, response_headers=headers, sanitize_html=False)
    if not found.version and not found.entries:
        return None
    items = [item for item in (_item(entry, url) for entry in found.entries) if item is not None]
    dated = sorted(items, key=lambda item: item.published_at or _NEVER, reverse=True)
    return [asdict(item) for item in dated[:most]]


_NEVER = datetime.fromtimestamp(0, UTC)


def _item(entry: Mapping[str, Any], url: str) -> FeedItem | None:
    title = plain(entry.get("title"), LONGEST_TITLE)
    link = _link(urljoin(url, str(entry.get("link") or "").strip()))
    if not title or not link:
        return None
    at = entry.get("published_parsed") or entry.get("updated_parsed")
    return FeedItem(
        title=title,
        link=link,
        summary=plain(entry.get("summary"), LONGEST_SUMMARY),
        published_at=datetime.fromtimestamp(calendar.timegm(at), UTC) if at else None,
    )


def _link(url: str) -> str:
    """Give a link back if it is one that people may be sent to."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    fit = parts.scheme in {"http", "https"} and parts.hostname and not re.search(r"[\s<>\"]", url)
    return url if fit and not _UNWANTED.search(url) else ""


if __name__ == "__main__":
    _main()
