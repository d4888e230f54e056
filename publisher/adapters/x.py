"""X, through tweepy: a post or a thread, with pictures and their alternative texts.

https://docs.x.com/x-api/posts/create-post, read 2026-11-22
"""

from __future__ import annotations

import asyncio
import html
import logging
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

import requests

from publisher.adapters.shared import checks, figures, http_answers, thread
from publisher.adapters.shared.session import Session
from publisher.adapters.shared.thread import Posted
from publisher.models.adapter import (
    Capabilities,
    Consignment,
    Json,
    Outcome,
    Parcel,
    Report,
)
from publisher.models.content import PictureRef
from publisher.models.errors import DeliveryError, WillNeverWork
from publisher.models.specs import OutletSpec

if TYPE_CHECKING:
    from tweepy.errors import HTTPException

for _library in ("tweepy", "oauthlib", "requests_oauthlib"):
    # At DEBUG they log tokens, signatures and bodies.
    logging.getLogger(_library).setLevel(logging.WARNING)

TWEEPYS_HOST: Final = "https://api.twitter.com"  # it cannot be told another
TIMEOUT_SECONDS: Final = (10.0, 30.0)  #: to connect, and between two bytes of the answer
MAX_ALT: Final = 1000  #: https://docs.x.com/x-api/media/create-media-metadata
LOOK_BACK: Final = 100  #: the most posts one request gives

#: `media_category` by media type; https://docs.x.com/x-api/media/upload-media
_CATEGORIES = {
    "image/jpeg": "tweet_image",
    "image/png": "tweet_image",
    "image/webp": "tweet_image",
    "image/gif": "tweet_gif",
}

#: https://docs.x.com/x-api/fundamentals/metrics, read 2026-11-22
FIGURES = {
    "views": "public_metrics.impression_count",
    "likes": "public_metrics.like_count",
    "reposts": "public_metrics.retweet_count",
    "replies": "public_metrics.reply_count",
    "quotes": "public_metrics.quote_count",
}


class X:
    """Posts and threads on X."""

    name: ClassVar[str] = "x"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"post"}),
        addressed_to="endpoint",
        window=1,
        # There is no idempotency key: what may have gone out is looked for, never repeated.
        after_crash="ask",
        credential_fields=(
            "consumer_key",
            "consumer_secret",
            "access_token",
            "access_token_secret",
        ),
        pictures=True,
    )

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Upload the pictures, then post the thread."""
        await thread.hand_over(self._account(consignment), consignment, windows, report)

    async def ask(self, consignment: Consignment, parcel: Parcel) -> Outcome | None:
        """Look for the thread's words among the account's newest posts."""
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
        account = Account(checks.connected(outlet, credential, self.capabilities))
        return await asyncio.to_thread(account.name)

    def check(self, outlet: OutletSpec, credential: Mapping[str, str] | None) -> list[str]:
        """See `Adapter.check`."""
        return checks.problems(outlet, credential, self.capabilities)

    def _account(self, consignment: Consignment) -> Account:
        outlet, credential = consignment.outlet, consignment.credential
        return Account(checks.connected(outlet, credential, self.capabilities))


class Account:
    """One account; see `publisher.adapters.shared.thread.Account`.

    Args:
        credential: OAuth 1.0a keys and tokens; `base_url` where the API is not X's own.
    """

    service = "X"
    resumes = False

    def __init__(self, credential: Mapping[str, str]) -> None:
        import tweepy

        self._client: Any = tweepy.Client(
            consumer_key=credential["consumer_key"],
            consumer_secret=credential["consumer_secret"],
            access_token=credential["access_token"],
            access_token_secret=credential["access_token_secret"],
            return_type=dict,
        )
        self._client.session = _Moved(credential.get("base_url", ""))

    def upload(self, picture: PictureRef, content: bytes) -> str:
        """Upload a picture, then its words: a picture without them is not posted."""
        if picture.media_type not in _CATEGORIES:
            raise WillNeverWork(f"X takes no {picture.media_type}: {picture.filename}")
        category = _CATEGORIES[picture.media_type]
        media = {"media": b64encode(content).decode(), "media_category": category}
        made = self._prepare("POST", "/2/media/upload", json=media)
        words = {"alt_text": {"text": picture.alt[:MAX_ALT]}}
        said = {"id": made["data"]["id"], "metadata": words}
        self._prepare("POST", "/2/media/metadata", json=said)
        return str(made["data"]["id"])

    def post(
        self, text: str, *, after: Posted | None, media: Sequence[str], key: str, language: str
    ) -> Posted:
        """Post one part; X takes neither a key nor a language."""
        made = _answered(
            lambda: self._client.create_tweet(
                text=text,
                media_ids=list(media) or None,
                in_reply_to_tweet_id=after.id if after else None,
                user_auth=True,
            )
        )
        return _posted(made["data"])

    def there(self, texts: Sequence[str], keys: Sequence[str], since: datetime) -> list[Posted]:
        """Look for the words among the newest posts."""
        return thread.by_words(self._newest(since), texts)

    def _newest(self, since: datetime) -> list[Posted]:
        """Give the newest posts, replies to ourselves included."""
        found = _answered(
            lambda: self._client.get_users_tweets(
                self._id,
                start_time=since.replace(microsecond=0),
                max_results=LOOK_BACK,
                tweet_fields=["created_at", "entities", "note_tweet"],
                user_auth=True,
            ),
            changes=False,
        )
        return [_posted(post) for post in found.get("data", [])]

    def counts(self, post: str) -> Json:
        """Give what is counted of a post of ours."""
        found = _answered(
            lambda: self._client.get_tweet(post, tweet_fields=["public_metrics"], user_auth=True),
            changes=False,
        )
        return found.get("data", {})

    def take_back(self, posted: Posted) -> None:
        """Delete a part."""
        _answered(lambda: self._client.delete_tweet(posted.id, user_auth=True))

    def name(self) -> str:
        """Give what X calls the account."""
        return f"@{self._me['username']}"

    @property
    def _id(self) -> str:
        return str(self._me["id"])

    @cached_property
    def _me(self) -> Json:
        return _answered(lambda: self._client.get_me(user_auth=True), changes=False)["data"]

    def _prepare(self, method: str, route: str, *, json: Json) -> Json:
        """Make a request that publishes nothing yet."""
        return _answered(
            lambda: self._client.request(method, route, json=json, user_auth=True).json(),
            changes=False,
        )


class _Moved(Session):
    """Sends tweepy's requests to another host, within a time.

    The host is changed before the request is signed: OAuth 1.0a signs it too.

    Args:
        base_url: the operator's own word; empty: X's host.
    """

    def __init__(self, base_url: str) -> None:
        super().__init__(private=bool(base_url))
        self._base_url = (base_url or TWEEPYS_HOST).rstrip("/")

    def request(  # its parent takes sixteen parameters, which are none of our business
        self,
        method: str | bytes,
        url: str | bytes,
        *rest: Any,  # noqa: ANN401
        **said: Any,  # noqa: ANN401
    ) -> requests.Response:
        """Send a request."""
        said |= {"timeout": TIMEOUT_SECONDS, "allow_redirects": False}
        moved = str(url).replace(TWEEPYS_HOST, self._base_url, 1)
        return super().request(method, moved, *rest, **said)


def _answered(call: Callable[[], Json], *, changes: bool = True) -> Json:
    """Make a call, and turn tweepy's and requests' errors into ours."""
    import tweepy

    try:
        made = call()
    except tweepy.errors.HTTPException as error:
        raise _refusal(error, changes=changes) from error
    except (requests.RequestException, AttributeError, TypeError) as error:
        # tweepy trips over answers that are JSON but not an object.
        raise http_answers.silence("X", error, changes=changes) from error
    if not isinstance(made, dict) or ("data" not in made and "meta" not in made):
        raise http_answers.silence("X", ValueError("no data"), changes=changes)
    return made


def _refusal(error: HTTPException, *, changes: bool) -> DeliveryError:
    said = "; ".join(str(message) for message in error.api_messages)
    try:
        detail = str(error.response.json().get("detail", ""))
    except (ValueError, AttributeError):
        detail = ""
    # A 403 that has nothing to do with the account: the same words are there already.
    if "duplicate content" in detail + said:
        return WillNeverWork("X has these very words from this account already")
    response = error.response
    return http_answers.refusal(
        "X", response.status_code, said or detail, response.headers, changes=changes
    )


def _posted(post: Json) -> Posted:
    return Posted(
        id=str(post["id"]), url=f"https://x.com/i/web/status/{post['id']}", text=_words(post)
    )


def _words(post: Json) -> str:
    """Give a post's words as they were written: X shortens links and escapes `&`, `<` and `>`."""
    long = post.get("note_tweet") or {}
    text = str(long.get("text") or post.get("text", ""))
    entities = long.get("entities") or post.get("entities") or {}
    for link in entities.get("urls", []):
        # A picture stands at the end of the text as a link that nobody wrote.
        written = "" if "media_key" in link else link.get("expanded_url", link["url"])
        text = text.replace(link["url"], written)
    return html.unescape(text)
