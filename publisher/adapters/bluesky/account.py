"""One account on its server; see `publisher.adapters.shared.thread.Account`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from publisher.adapters.bluesky.facets import facets
from publisher.adapters.bluesky.keys import record_key
from publisher.adapters.bluesky.session import Session
from publisher.adapters.shared import thread
from publisher.adapters.shared.thread import Posted
from publisher.models.adapter import Json
from publisher.models.content import PictureRef
from publisher.models.errors import OutcomeUnknown, WillNeverWork

#: https://github.com/bluesky-social/atproto, lexicons/app/bsky/embed/images.json, @d6296a1c
MAX_PICTURE_BYTES: Final = 2_000_000
POSTS: Final = "app.bsky.feed.post"
SHOWN_AT: Final = "https://bsky.app/profile"


class Account:
    """One account.

    Args:
        session: what it is signed in with.
        started_at: when the placement started; the same at each try.
        card: `uri`, `title` and `description` of the page that is shown below a first part
            without pictures; empty: none.
    """

    resumes = True

    def __init__(self, session: Session, started_at: datetime, card: Mapping[str, str]) -> None:
        self._session = session
        self._started_at = started_at
        self._card = card
        self._cids: dict[str, str] = {}  # by URI: a reply names both
        self._root: Posted | None = None

    def upload(self, picture: PictureRef, content: bytes) -> str:
        """Upload a picture; its words go with the post."""
        if len(content) > MAX_PICTURE_BYTES:
            raise WillNeverWork(
                f"{picture.filename} has {len(content):,} bytes; Bluesky takes "
                f"{MAX_PICTURE_BYTES:,}: make it smaller"
            )
        made = self._session.upload(content, picture.media_type)
        return json.dumps({"alt": picture.alt, "image": made["blob"]})

    def post(
        self, text: str, *, after: Posted | None, media: Sequence[str], key: str, language: str
    ) -> Posted:
        """Post one part, unless it is there."""
        record = self._record(text, after, media, key, language)
        said = {"collection": POSTS, "rkey": self._rkey(key), "record": record}
        try:
            made = self._session.call("com.atproto.repo.createRecord", said)
        except (OutcomeUnknown, WillNeverWork):
            # The server refuses a second record under one key, each version with other words.
            if found := self._kept(text, key):
                return found
            raise
        return self._posted(made, text)

    def there(self, texts: Sequence[str], keys: Sequence[str], since: datetime) -> list[Posted]:
        """Read the parts' records, by their keys."""
        found: list[Posted] = []
        for text, key in zip(texts, keys, strict=True):
            part = self._kept(text, key)
            if part is None:
                break
            found.append(part)
        return found

    def take_back(self, posted: Posted) -> None:
        """Delete a part."""
        said = {"collection": POSTS, "rkey": posted.id.rpartition("/")[2]}
        self._session.call("com.atproto.repo.deleteRecord", said)

    def figures(self, key: str) -> Json | None:
        """Give a part as the network shows it, with its counts; None where it does not."""
        uri = f"at://{self._session.did}/{POSTS}/{self._rkey(key)}"
        found = self._session.ask("app.bsky.feed.getPosts", {"uris": uri})
        return next(iter(found.get("posts", [])), None)

    def _kept(self, text: str, key: str) -> Posted | None:
        """Read a part back.

        Raises:
            WillNeverWork: other words are there under its key.
        """
        kept = self._session.record(POSTS, self._rkey(key))
        if kept is None:
            return None
        if thread.plain(str(kept["value"].get("text", ""))) != thread.plain(text):
            raise WillNeverWork("other words of this placement were posted before")
        return self._posted(kept, text)

    def _posted(self, made: Json, text: str) -> Posted:
        uri = str(made["uri"])
        self._cids[uri] = str(made["cid"])
        url = f"{SHOWN_AT}/{self._session.did}/post/{uri.rpartition('/')[2]}"
        posted = Posted(id=uri, url=url, text=text)
        self._root = self._root or posted
        return posted

    def _record(
        self, text: str, after: Posted | None, media: Sequence[str], key: str, language: str
    ) -> Json:
        number = int(key.rpartition(".")[2])
        # Each part a moment after the one before, or lists show them in any order.
        at = self._started_at.astimezone(UTC) + timedelta(milliseconds=number - 1)
        record: dict[str, Json] = {
            "$type": POSTS,
            "text": text,
            "createdAt": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "langs": [language],
        }
        if found := facets(text, self._session.did_of):
            record["facets"] = found
        if after is not None and self._root is not None:
            record["reply"] = {
                "root": self._reference(self._root),
                "parent": self._reference(after),
            }
        if embed := self._embed(media, first=after is None):
            record["embed"] = embed
        return record

    def _embed(self, media: Sequence[str], *, first: bool) -> Json:
        if media:
            pictures = [json.loads(one) for one in media]
            return {"$type": "app.bsky.embed.images", "images": pictures}
        if first and self._card:
            return {"$type": "app.bsky.embed.external", "external": dict(self._card)}
        return None

    def _reference(self, posted: Posted) -> Json:
        return {"uri": posted.id, "cid": self._cids[posted.id]}

    def _rkey(self, key: str) -> str:
        return record_key(key, self._started_at)
