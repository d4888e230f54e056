"""Facebook: posts on a page, over the Graph API.

https://developers.facebook.com/docs/pages-api/posts, read 2026-11-22
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final

import httpx

from publisher.adapters.shared import checks, figures, thread
from publisher.adapters.shared.http import Http
from publisher.adapters.shared.thread import Posted
from publisher.models.adapter import Capabilities, Consignment, Json, Outcome, Parcel, Report
from publisher.models.content import PictureRef
from publisher.models.errors import (
    DeliveryError,
    NeedsConnecting,
    OutcomeUnknown,
    TryLater,
    WillNeverWork,
)
from publisher.models.specs import OutletSpec

SERVER: Final = "https://graph.facebook.com"
VERSION: Final = "v25.0"  #: kept for two years, and another can be set for an outlet
LOOK_BACK: Final = 100  #: the most posts one request gives
_SKEW = timedelta(minutes=2)

FIGURES = {
    "likes": "reactions.summary.total_count",
    "replies": "comments.summary.total_count",
    "reposts": "shares.count",
}
_COUNTS = "reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count),shares"

#: https://developers.facebook.com/docs/graph-api/guides/error-handling, read 2026-11-22
_MEANINGS: Final[Mapping[int, type[DeliveryError]]] = {
    **dict.fromkeys((10, 102, 190, *range(200, 300)), NeedsConnecting),
    **dict.fromkeys((4, 17, 32, 341, 368, 613, 80001), TryLater),
    506: WillNeverWork,  # the same words twice in a row
}


class Facebook:
    """Posts on a page; a thread goes on in comments below the post."""

    name: ClassVar[str] = "facebook"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"post"}),
        addressed_to="endpoint",
        window=1,
        # There is no idempotency key: what may have gone out is looked for, never repeated.
        after_crash="ask",
        credential_fields=("access_token",),
        settings=("page", "version"),
        pictures=True,
    )

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Upload the pictures, then post."""
        await thread.hand_over(self._account(consignment), consignment, windows, report)

    async def ask(self, consignment: Consignment, parcel: Parcel) -> Outcome | None:
        """Look for the words among the page's newest posts."""
        return await thread.ask(self._account(consignment), consignment, parcel)

    async def figures(
        self, consignment: Consignment, parcel: Parcel, url: str
    ) -> Mapping[str, int] | None:
        """See `Measured.figures`."""
        account = self._account(consignment)
        found = await asyncio.to_thread(account.counts, url.rpartition("/")[2])
        return figures.counted(found, FIGURES)

    async def greet(self, outlet: OutletSpec, credential: Mapping[str, str]) -> str:
        """See `Greeting.greet`."""
        account = Account(
            checks.connected(outlet, credential, self.capabilities),
            page=str(outlet.settings.get("page", "")),
            version=str(outlet.settings.get("version", VERSION)),
            link="",
        )
        return await asyncio.to_thread(account.name)

    def check(self, outlet: OutletSpec, credential: Mapping[str, str] | None) -> list[str]:
        """See `Adapter.check`."""
        return [
            *checks.problems(outlet, credential, self.capabilities),
            *checks.fits(outlet, "page", r"\d+", "the number of the page"),
            *checks.fits(outlet, "version", r"v\d+\.0", "a version such as v25.0", ""),
        ]

    def _account(self, consignment: Consignment) -> Account:
        outlet, credential = consignment.outlet, consignment.credential
        return Account(
            checks.connected(outlet, credential, self.capabilities),
            page=str(outlet.settings.get("page", "")),
            version=str(outlet.settings.get("version", VERSION)),
            link=consignment.content.parts.get("link", ""),
        )


class Account:
    """One page; see `publisher.adapters.shared.thread.Account`.

    Args:
        credential: `access_token`, the page's own; `base_url` where the interface is not Meta's.
        page: its number.
        version: of the interface.
        link: the page that a post without pictures shows as a card; empty: none.
    """

    resumes = False

    def __init__(
        self, credential: Mapping[str, str], *, page: str, version: str, link: str
    ) -> None:
        own = credential.get("base_url", "")
        self._page, self._link = page, link
        self._first: Posted | None = None
        self._http = Http(
            service="Facebook",
            base_url=f"{(own or SERVER).rstrip('/')}/{version}",
            private=bool(own),
            headers={"Authorization": f"Bearer {credential['access_token']}"},
            meaning=_meaning,
        )

    def name(self) -> str:
        """Give what Facebook calls the page."""
        said = self._http.json("GET", f"/{self._page}", query={"fields": "name"}, changes=False)
        return str(said.get("name", self._page))

    def upload(self, picture: PictureRef, content: bytes) -> str:
        """Upload a picture with its words; it is shown nowhere until a post names it."""
        form = {"published": "false", "alt_text_custom": picture.alt}
        file = {"source": (picture.filename, content, picture.media_type)}
        url = f"{self._http.base_url}/{self._page}/photos"
        shaped = httpx.Request("POST", url, data=form, files=file)
        kind = {"Content-Type": shaped.headers["Content-Type"]}
        reply = self._http.send("POST", url, content=shaped.read(), headers=kind, changes=False)
        return str(self._http.read(reply, changes=False)["id"])

    def post(
        self, text: str, *, after: Posted | None, media: Sequence[str], key: str, language: str
    ) -> Posted:
        """Post, or comment on the post; Facebook takes neither a key nor a language."""
        if self._first is not None and after is not None:
            return self._made(f"/{self._first.id}/comments", {"message": text}, text)
        form = {"message": text}
        for number, photo in enumerate(media):
            form[f"attached_media[{number}]"] = json.dumps({"media_fbid": photo})
        if self._link and not media:
            form["link"] = self._link
        self._first = self._made(f"/{self._page}/feed", form, text)
        return self._first

    def there(self, texts: Sequence[str], keys: Sequence[str], since: datetime) -> list[Posted]:
        """Look for the words among the page's newest posts, and the comments on it."""
        found = thread.by_words(self._newest(since), texts[:1])
        if not found or len(texts) == 1:
            return found
        return [*found, *thread.by_words(self._comments(found[0]), texts[1:])]

    def take_back(self, posted: Posted) -> None:
        """Delete a post; its comments go with it."""
        if posted == self._first:
            self._http.json("DELETE", f"/{posted.id}")

    def counts(self, post: str) -> Json:
        """Give what is counted of a post."""
        return self._http.json("GET", f"/{post}", query={"fields": _COUNTS}, changes=False)

    def _made(self, route: str, form: Mapping[str, str], text: str) -> Posted:
        made = self._http.json("POST", route, form=form)
        if "id" not in made:
            raise OutcomeUnknown("Facebook took the post and did not say where it is")
        return _posted(str(made["id"]), text)

    def _newest(self, since: datetime) -> list[Posted]:
        query = {"fields": "id,message,created_time", "limit": str(LOOK_BACK)}
        found = self._http.json("GET", f"/{self._page}/published_posts", query=query, changes=False)
        return [
            _posted(str(one["id"]), one.get("message", ""))
            for one in found.get("data", [])
            if datetime.fromisoformat(one["created_time"]) >= since - _SKEW
        ]

    def _comments(self, first: Posted) -> list[Posted]:
        query = {"fields": "id,message,from", "limit": str(LOOK_BACK)}
        found = self._http.json("GET", f"/{first.id}/comments", query=query, changes=False)
        return [
            _posted(str(one["id"]), one.get("message", ""))
            for one in found.get("data", [])
            if (one.get("from") or {}).get("id") == self._page
        ]


def _posted(number: str, text: str) -> Posted:
    return Posted(id=number, url=f"https://www.facebook.com/{number}", text=text)


def _meaning(status: int, said: Json) -> type[DeliveryError] | None:
    nested = said.get("error")
    code = nested.get("code") if isinstance(nested, dict) else None
    return _MEANINGS.get(code) if isinstance(code, int) else None
