"""Bluesky: posts and threads, with pictures, their words, and cards of the page they lead to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import ClassVar

from publisher.adapters.bluesky.account import Account
from publisher.adapters.bluesky.session import Session
from publisher.adapters.shared import checks, figures, thread, words
from publisher.adapters.shared.thread import part_key
from publisher.kit.text import graphemes
from publisher.models.adapter import (
    Capabilities,
    Consignment,
    Outcome,
    Parcel,
    Report,
)
from publisher.models.errors import WillNeverWork
from publisher.models.specs import OutletSpec

#: what a post may have; https://github.com/bluesky-social/atproto, lexicons/app/bsky/feed/post.json
MAX_GRAPHEMES, MAX_BYTES, MAX_PICTURES = 300, 3000, 4

#: https://github.com/bluesky-social/atproto, lexicons/app/bsky/feed/defs.json, postView
FIGURES = {
    "likes": "likeCount",
    "reposts": "repostCount",
    "replies": "replyCount",
    "quotes": "quoteCount",
}


class Bluesky:
    """Posts and threads on Bluesky."""

    name: ClassVar[str] = "bluesky"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"post"}),
        addressed_to="endpoint",
        window=1,
        after_crash="repeat",  # the server refuses a second record under one key
        credential_fields=("identifier", "app_password"),
        pictures=True,
    )

    def __init__(self) -> None:
        self._sessions: dict[tuple[str, ...], Session] = {}

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Upload the pictures, then post the thread, or what is missing of it."""
        account = self._account(consignment)
        await thread.hand_over(
            account,
            consignment,
            windows,
            report,
            check=lambda texts: _check_fit(consignment, texts),
        )

    async def ask(self, consignment: Consignment, parcel: Parcel) -> Outcome | None:
        """Read the thread's records back."""
        return await thread.ask(self._account(consignment), consignment, parcel)

    async def figures(
        self, consignment: Consignment, parcel: Parcel, url: str
    ) -> Mapping[str, int] | None:
        """See `Measured.figures`."""
        account = self._account(consignment)
        found = await asyncio.to_thread(account.figures, part_key(parcel.key, 1))
        return figures.counted(found, FIGURES) if found else None

    async def greet(self, outlet: OutletSpec, credential: Mapping[str, str]) -> str:
        """See `Greeting.greet`."""
        session = Session(checks.connected(outlet, credential, self.capabilities))
        return await asyncio.to_thread(lambda: session.did)

    def check(self, outlet: OutletSpec, credential: Mapping[str, str] | None) -> list[str]:
        """See `Adapter.check`."""
        return checks.problems(outlet, credential, self.capabilities)

    def _account(self, consignment: Consignment) -> Account:
        outlet, credential = consignment.outlet, consignment.credential
        checks.connected(outlet, credential, self.capabilities)
        who = tuple(
            credential.get(name, "") for name in ("base_url", *self.capabilities.credential_fields)
        )
        session = self._sessions.setdefault(who, Session(credential))
        return Account(session, consignment.published_at, words.card(consignment))


def _check_fit(consignment: Consignment, texts: Sequence[str]) -> None:
    """Refuse what the server would refuse halfway through a thread."""
    for text in texts:
        if graphemes(text) > MAX_GRAPHEMES or len(text.encode()) > MAX_BYTES:
            raise WillNeverWork(
                f"a text is longer than Bluesky's {MAX_GRAPHEMES} characters and "
                f"{MAX_BYTES:,} bytes"
            )
    if len(consignment.content.pictures) > MAX_PICTURES:
        raise WillNeverWork(f"Bluesky takes no more than {MAX_PICTURES} pictures")
