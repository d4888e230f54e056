"""Mastodon, and servers that speak its API, through Mastodon.py.

https://docs.joinmastodon.org/methods/statuses/#create, read 2026-11-22
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar, Final

import requests

from publisher.adapters.carriers.reach import allows_private
from publisher.adapters.shared import checks, figures, http_answers, thread
from publisher.adapters.shared.session import Session
from publisher.adapters.shared.thread import Posted
from publisher.kit.text import graphemes
from publisher.models.adapter import (
    Capabilities,
    Consignment,
    Outcome,
    Parcel,
    Report,
)
from publisher.models.content import PictureRef
from publisher.models.errors import DeliveryError, TryLater, WillNeverWork
from publisher.models.specs import OutletSpec

TIMEOUT_SECONDS: Final = 30.0  #: to connect, and between two bytes of the answer
LOOK_BACK: Final = 40  #: the most statuses one request gives
VISIBILITIES: Final = frozenset({"public", "unlisted", "private"})
#: A server's clock may be a little behind ours.
_SKEW = timedelta(minutes=2)

_BREAKS = re.compile(r"<br ?/?>|</p>\s*<p>", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s<>\"]+")
_TAGS = re.compile(r"<[^<>]*>")

#: https://docs.joinmastodon.org/entities/Status/, read 2026-11-22
FIGURES = {"likes": "favourites_count", "reposts": "reblogs_count", "replies": "replies_count"}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a server takes; Mastodon's own where it does not say.

    https://docs.joinmastodon.org/entities/Instance/, read 2026-11-22
    """

    characters: int = 500  #: graphemes, each link counted as 23
    pictures: int = 4
    alt: int = 1500
    media_types: frozenset[str] = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Limits:
        """Read an instance's description of itself."""
        configuration = said.get("configuration") or {}
        statuses = configuration.get("statuses") or {}
        media = configuration.get("media_attachments") or {}
        return cls(
            characters=statuses.get("max_characters") or cls.characters,
            pictures=statuses.get("max_media_attachments") or cls.pictures,
            alt=media.get("description_limit") or cls.alt,
            media_types=frozenset(media.get("supported_mime_types") or cls.media_types),
        )


class Mastodon:
    """Posts and threads on a Mastodon server."""

    name: ClassVar[str] = "mastodon"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"post"}),
        addressed_to="endpoint",
        window=1,
        # By Idempotency-Key within the hour; and what is there already is never posted again.
        after_crash="repeat",
        credential_fields=("instance", "access_token"),
        settings=("visibility",),
        pictures=True,
    )

    def __init__(self) -> None:
        self._limits: dict[str, Limits] = {}  # by server; a restart asks again

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
            check=lambda texts: self._check_fit(account, consignment, texts),
        )

    async def ask(self, consignment: Consignment, parcel: Parcel) -> Outcome | None:
        """Look for the thread's words among the account's newest statuses."""
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
        account = Account(checks.connected(outlet, credential, self.capabilities), "public")
        return await asyncio.to_thread(account.name)

    def check(self, outlet: OutletSpec, credential: Mapping[str, str] | None) -> list[str]:
        """See `Adapter.check`."""
        return [
            *checks.problems(outlet, credential, self.capabilities),
            *checks.one_of(outlet, "visibility", VISIBILITIES),
        ]

    def _account(self, consignment: Consignment) -> Account:
        outlet, credential = consignment.outlet, consignment.credential
        visibility = str(outlet.settings.get("visibility", "public"))
        return Account(checks.connected(outlet, credential, self.capabilities), visibility)

    def _check_fit(self, account: Account, consignment: Consignment, texts: Sequence[str]) -> None:
        """Refuse what this server would refuse halfway through a thread."""
        server = consignment.credential["instance"]
        if server not in self._limits:
            self._limits[server] = account.limits()
        limits, pictures = self._limits[server], consignment.content.pictures
        if any(length(text) > limits.characters for text in texts):
            raise WillNeverWork(f"a text is longer than this server's {limits.characters}")
        if len(pictures) > limits.pictures:
            raise WillNeverWork(f"this server takes no more than {limits.pictures} pictures")
        for picture in pictures:
            if len(picture.alt) > limits.alt:
                raise WillNeverWork(f"the words for {picture.filename} are too long")
            if picture.media_type not in limits.media_types:
                raise WillNeverWork(f"this server takes no {picture.media_type}")


class Account:
    """One account; see `publisher.adapters.shared.thread.Account`.

    Args:
        credential: `instance`, the server's address, and `access_token`.
        visibility: one of `VISIBILITIES`.
    """

    resumes = True

    def __init__(self, credential: Mapping[str, str], visibility: str) -> None:
        from mastodon import Mastodon as Client

        session = Session(private=allows_private(credential))
        session.hooks["response"].append(self._heard)
        self._headers: Mapping[str, str] = {}
        self._visibility = visibility
        self._client: Any = Client(
            api_base_url=credential["instance"],
            access_token=credential["access_token"],
            request_timeout=TIMEOUT_SECONDS,
            ratelimit_method="throw",
            # Without this it asks the server for its version, to choose between old addresses.
            version_check_mode="created",
            mastodon_version="4.0.0",
            session=session,
        )

    def upload(self, picture: PictureRef, content: bytes) -> str:
        """Upload a picture with its words."""
        made = self._answered(
            lambda: self._client.media_post(
                content, picture.media_type, description=picture.alt, file_name=picture.filename
            ),
            changes=False,
        )
        return str(made.id)

    def post(
        self, text: str, *, after: Posted | None, media: Sequence[str], key: str, language: str
    ) -> Posted:
        """Post one part."""
        made = self._answered(
            lambda: self._client.status_post(
                text,
                in_reply_to_id=after.id if after else None,
                media_ids=list(media) or None,
                visibility=self._visibility,
                # It takes ISO 639 codes, without script or region.
                language=language.split("-", maxsplit=1)[0],
                idempotency_key=key,
            )
        )
        return _posted(made)

    def there(self, texts: Sequence[str], keys: Sequence[str], since: datetime) -> list[Posted]:
        """Look for the words among the newest statuses."""
        return thread.by_words(self._newest(since), texts)

    def _newest(self, since: datetime) -> list[Posted]:
        """Give the newest statuses, replies to ourselves included."""
        found = self._answered(
            lambda: self._client.account_statuses(self._id, exclude_reblogs=True, limit=LOOK_BACK),
            changes=False,
        )
        return [_posted(one) for one in found if one.created_at >= since - _SKEW]

    def counts(self, status: str) -> Mapping[str, Any]:
        """Give a status with its counts."""
        return dict(self._answered(lambda: self._client.status(status), changes=False))

    def take_back(self, posted: Posted) -> None:
        """Delete a part."""
        self._answered(lambda: self._client.status_delete(posted.id))

    def limits(self) -> Limits:
        """Ask the server what it takes."""
        try:
            return Limits.read(self._answered(self._client.instance_v2, changes=False))
        except WillNeverWork:  # a server that speaks an older dialect does not describe itself
            return Limits()

    def name(self) -> str:
        """Give what the server calls the account."""
        return f"@{self._me.acct}"

    @property
    def _id(self) -> str:
        return str(self._me.id)

    @cached_property
    def _me(self) -> Any:  # noqa: ANN401  # the library's own type
        return self._answered(self._client.account_verify_credentials, changes=False)

    def _heard(self, response: requests.Response, **_: object) -> None:
        """Keep an answer's headers: the library's errors do not carry them."""
        self._headers = response.headers

    def _answered(self, call: Callable[[], Any], *, changes: bool = True) -> Any:  # noqa: ANN401
        """Make a call, and turn Mastodon.py's errors into ours."""
        from mastodon import errors

        self._headers = {}
        try:
            return call()
        except errors.MastodonRatelimitError as error:
            raise http_answers.refusal("Mastodon", 429, "", self._headers) from error
        except errors.MastodonNetworkError as error:
            cause = error.__context__ or error
            raise http_answers.silence("Mastodon", cause, changes=changes) from error
        except errors.MastodonAPIError as error:
            raise self._refusal(error, changes=changes) from error

    def _refusal(self, error: Exception, *, changes: bool) -> DeliveryError:
        # Its arguments are a sentence, the status, the reason, and what the server said.
        _, status, *said = (*error.args, None)
        if not isinstance(status, int):  # an answer that is not JSON
            return http_answers.silence("Mastodon", error, changes=changes)
        words = str(said[1] or "") if len(said) > 1 else ""
        if status == 422 and "not finished processing" in words:
            return TryLater("Mastodon is still looking at the pictures")
        return http_answers.refusal("Mastodon", status, words, self._headers, changes=changes)


def length(text: str) -> int:
    """Count a text as a server does: a link for 23, and of a mention only the name."""
    return graphemes(_LINK.sub("x" * 23, thread.MENTION.sub(r"\1", text)))


def _posted(status: Any) -> Posted:  # noqa: ANN401  # the library's own type of answers
    text = html.unescape(_TAGS.sub("", _BREAKS.sub(" ", status.content)))
    return Posted(id=str(status.id), url=str(status.url or ""), text=text)
