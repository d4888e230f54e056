"""LinkedIn: posts on an organisation's page, over the versioned Posts API.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api,
read 2026-11-22
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final
from urllib.parse import quote

from publisher.adapters.shared import checks, figures, thread, words
from publisher.adapters.shared.http import Http
from publisher.adapters.shared.thread import Posted
from publisher.models.adapter import Capabilities, Consignment, Json, Outcome, Parcel, Report
from publisher.models.content import PictureRef
from publisher.models.errors import OutcomeUnknown, WillNeverWork
from publisher.models.specs import OutletSpec

SERVER: Final = "https://api.linkedin.com"
#: of the interface; a version is kept for a year, and another can be set for an outlet
VERSION: Final = "202606"
LOOK_BACK: Final = 100  #: the most posts one request gives
MAX_PICTURES: Final = 20
MEDIA_TYPES: Final = frozenset({"image/jpeg", "image/png", "image/gif"})
_SKEW = timedelta(minutes=2)

#: https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/
#: little-text-format, read 2026-11-22
_RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
_HASHTAG = re.compile(r"(?<!\S)[#＃](\w*[^\W\d_]\w*)")
_WRITTEN_HASHTAG = re.compile(r"\{hashtag\|\\?[#＃]\|([^}]*)\}")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

#: https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/
#: share-statistics, read 2026-11-22
FIGURES = {
    "views": "impressionCount",
    "clicks": "clickCount",
    "likes": "likeCount",
    "replies": "commentCount",
    "reposts": "shareCount",
}


class LinkedIn:
    """Posts on an organisation's page; a thread goes on in comments below the post."""

    name: ClassVar[str] = "linkedin"
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
        account = self._account(consignment)
        await thread.hand_over(
            account, consignment, windows, report, check=lambda _: _check_fit(consignment)
        )

    async def ask(self, consignment: Consignment, parcel: Parcel) -> Outcome | None:
        """Look for the words among the page's newest posts."""
        return await thread.ask(self._account(consignment), consignment, parcel)

    async def figures(
        self, consignment: Consignment, parcel: Parcel, url: str
    ) -> Mapping[str, int] | None:
        """See `Measured.figures`."""
        account = self._account(consignment)
        found = await asyncio.to_thread(account.statistics, url.rpartition("/")[2])
        return figures.counted(found, FIGURES) if found else None

    def check(self, outlet: OutletSpec, credential: Mapping[str, str] | None) -> list[str]:
        """See `Adapter.check`."""
        return [
            *checks.problems(outlet, credential, self.capabilities),
            *checks.fits(outlet, "page", r"\d+", "the number of the organisation's page"),
            *checks.fits(outlet, "version", r"20\d{4}", "a year and month such as 202606", ""),
        ]

    def _account(self, consignment: Consignment) -> Account:
        outlet, credential = consignment.outlet, consignment.credential
        return Account(
            checks.connected(outlet, credential, self.capabilities),
            page=f"urn:li:organization:{outlet.settings.get('page', '')}",
            version=str(outlet.settings.get("version", VERSION)),
            card=words.card(consignment),
        )


class Account:
    """One page; see `publisher.adapters.shared.thread.Account`.

    Args:
        credential: `access_token`; `base_url` where the interface is not LinkedIn's own.
        page: its URN.
        version: of the interface, as YYYYMM.
        card: the page that a post without pictures shows; empty: none.
    """

    resumes = False

    def __init__(
        self, credential: Mapping[str, str], *, page: str, version: str, card: Mapping[str, str]
    ) -> None:
        own = credential.get("base_url", "")
        self._page, self._card = page, card
        self._first: Posted | None = None
        self._http = Http(
            service="LinkedIn",
            base_url=(own or SERVER).rstrip("/"),
            private=bool(own),
            headers={
                "Authorization": f"Bearer {credential['access_token']}",
                "LinkedIn-Version": version,
                "X-Restli-Protocol-Version": "2.0.0",
            },
        )
        self._alts: dict[str, str] = {}  # by image

    def upload(self, picture: PictureRef, content: bytes) -> str:
        """Upload a picture; its words go with the post."""
        said = {"initializeUploadRequest": {"owner": self._page}}
        query = {"action": "initializeUpload"}
        made = self._http.json("POST", "/rest/images", query=query, said=said, changes=False)
        place = made["value"]
        kind = {"Content-Type": picture.media_type}
        self._http.send("PUT", place["uploadUrl"], content=content, headers=kind, changes=False)
        self._alts[place["image"]] = picture.alt
        return str(place["image"])

    def post(
        self, text: str, *, after: Posted | None, media: Sequence[str], key: str, language: str
    ) -> Posted:
        """Post, or comment on the post; LinkedIn takes neither a key nor a language."""
        if self._first is not None and after is not None:
            return self._comment(text, self._first)
        said = {
            "author": self._page,
            "commentary": little_text(text),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        if shown := self._shown(media):
            said["content"] = shown
        self._first = self._made("/rest/posts", said, text)
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
            self._http.json("DELETE", f"/rest/posts/{_quoted(posted.id)}")

    def statistics(self, urn: str) -> Json | None:
        """Give what is counted of a post; None where nothing is."""
        kind = "ugcPosts" if ":ugcPost:" in urn else "shares"
        route = (
            "/rest/organizationalEntityShareStatistics?q=organizationalEntity"
            f"&organizationalEntity={_quoted(self._page)}&{kind}=List({_quoted(urn)})"
        )
        found = self._http.json("GET", route, changes=False)
        return next((one["totalShareStatistics"] for one in found.get("elements", [])), None)

    def _shown(self, media: Sequence[str]) -> Json:
        pictures = [{"id": image, "altText": self._alts[image]} for image in media]
        if len(pictures) == 1:
            return {"media": pictures[0]}
        if pictures:
            return {"multiImage": {"images": pictures}}
        if self._card:
            card = {**self._card, "source": self._card["uri"]}
            del card["uri"]
            return {"article": card}
        return {}

    def _comment(self, text: str, first: Posted) -> Posted:
        said = {"actor": self._page, "object": first.id, "message": {"text": text}}
        return self._made(f"/rest/socialActions/{_quoted(first.id)}/comments", said, text)

    def _made(self, route: str, said: Json, text: str) -> Posted:
        """Make something; its name is in a header of the answer."""
        reply = self._http.send_json("POST", route, said)
        urn = reply.headers.get("x-restli-id") or reply.headers.get("x-linkedin-id", "")
        if not urn:
            raise OutcomeUnknown("LinkedIn took the post and did not say where it is")
        return _posted(urn, text)

    def _newest(self, since: datetime) -> list[Posted]:
        query = {"q": "author", "author": self._page, "count": str(LOOK_BACK)}
        how = {"X-RestLi-Method": "FINDER"}
        found = self._http.json("GET", "/rest/posts", query=query, headers=how, changes=False)
        return [
            _posted(one["id"], plain_text(one.get("commentary", "")))
            for one in found.get("elements", [])
            if datetime.fromtimestamp(one.get("createdAt", 0) / 1000, UTC) >= since - _SKEW
        ]

    def _comments(self, first: Posted) -> list[Posted]:
        route = f"/rest/socialActions/{_quoted(first.id)}/comments"
        found = self._http.json("GET", route, changes=False)
        return [
            _posted(str(one.get("commentUrn") or one.get("id")), one["message"]["text"])
            for one in found.get("elements", [])
            if one.get("actor") == self._page
        ]


def little_text(text: str) -> str:
    """Write words as “little text”: what is reserved is escaped, and hashtags stay hashtags."""
    written, at = [], 0
    for match in _HASHTAG.finditer(text):
        tag = f"{{hashtag|\\#|{_escaped(match[1])}}}"
        written += [_escaped(text[at : match.start()]), tag]
        at = match.end()
    return "".join([*written, _escaped(text[at:])])


def plain_text(little: str) -> str:
    """Give the words that “little text” stands for."""
    return _ESCAPED.sub(r"\1", _WRITTEN_HASHTAG.sub(r"#\1", little))


def _escaped(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text)


def _posted(urn: str, text: str) -> Posted:
    return Posted(id=urn, url=f"https://www.linkedin.com/feed/update/{urn}", text=text)


def _quoted(urn: str) -> str:
    return quote(urn, safe="")


def _check_fit(consignment: Consignment) -> None:
    pictures = consignment.content.pictures
    if len(pictures) > MAX_PICTURES:
        raise WillNeverWork(f"LinkedIn takes no more than {MAX_PICTURES} pictures")
    for picture in pictures:
        if picture.media_type not in MEDIA_TYPES:
            raise WillNeverWork(f"LinkedIn takes no {picture.media_type}: {picture.filename}")
