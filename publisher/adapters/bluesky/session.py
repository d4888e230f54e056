"""Signing in with an app password, and staying signed in.

https://atproto.com/specs/xrpc and https://docs.bsky.app/docs/api, read 2026-11-22
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from publisher.adapters.shared.http import Http
from publisher.models.adapter import Json
from publisher.models.errors import DeliveryError, NeedsConnecting, TryLater, WillNeverWork

SERVER: Final = "https://bsky.social"

Request = Callable[[Http], Json]


class Expired(TryLater):
    """The access token's hours are over; the refresh token gets another."""


class NotThere(WillNeverWork):
    """No such record, or no such handle."""


_MEANINGS: Final[Mapping[str, type[DeliveryError]]] = {
    "ExpiredToken": Expired,
    "InvalidToken": NeedsConnecting,
    "AuthenticationRequired": NeedsConnecting,
    "AccountTakedown": NeedsConnecting,
    "AccountDeactivated": NeedsConnecting,
    "AuthFactorTokenRequired": NeedsConnecting,
    "RecordNotFound": NotThere,
    "RateLimitExceeded": TryLater,
}


class Session:
    """One account's session, kept as long as the process: signing in is counted by the day.

    Args:
        credential: `identifier` (a handle), `app_password`, and `base_url` where the account is
            not at bsky.social.
    """

    def __init__(self, credential: Mapping[str, str]) -> None:
        own = credential.get("base_url", "")
        self._http = Http(
            service="Bluesky",
            base_url=(own or SERVER).rstrip("/"),
            private=bool(own),
            meaning=_meaning,
        )
        self._credential = credential
        self._tokens: Json = {}

    @property
    def did(self) -> str:
        """The account's permanent identifier."""
        if not self._tokens:
            self._sign_in()
        return str(self._tokens["did"])

    def call(self, method: str, said: Json) -> Json:
        """Call a procedure on the account's own repository."""
        said = {"repo": self.did, **said}
        return self._signed(
            lambda http: http.json("POST", f"/xrpc/{method}", said=said, changes=True)
        )

    def ask(self, method: str, query: Mapping[str, str]) -> Json:
        """Ask what changes nothing."""
        return self._signed(
            lambda http: http.json("GET", f"/xrpc/{method}", query=query, changes=False)
        )

    def record(self, collection: str, rkey: str) -> Json | None:
        """Read a record of the account; None if it is not there."""
        query = {"repo": self.did, "collection": collection, "rkey": rkey}
        try:
            return self.ask("com.atproto.repo.getRecord", query)
        except NotThere:
            return None

    def upload(self, content: bytes, media_type: str) -> Json:
        """Upload a blob, which stands nowhere until a record names it."""

        def sent(http: Http) -> Json:
            url = f"{http.base_url}/xrpc/com.atproto.repo.uploadBlob"
            kind = {"Content-Type": media_type}
            reply = http.send("POST", url, content=content, headers=kind, changes=False)
            return http.read(reply, changes=False)

        return self._signed(sent)

    def did_of(self, handle: str) -> str | None:
        """Give the account behind a handle; None where there is none, or it cannot be told."""
        try:
            found = self.ask("com.atproto.identity.resolveHandle", {"handle": handle})
        except WillNeverWork:
            return None
        return str(found["did"]) if "did" in found else None

    def _signed(self, request: Request) -> Json:
        """Make a request, once more with a new token if the old one's hours are over."""
        if not self._tokens:
            self._sign_in()
        try:
            return request(self._as(self._tokens["accessJwt"]))
        except Expired:
            self._refresh()
            return request(self._as(self._tokens["accessJwt"]))
        except NeedsConnecting:
            self._tokens = {}  # what is set anew is signed in with anew
            raise

    def _sign_in(self) -> None:
        said = {
            "identifier": self._credential["identifier"],
            "password": self._credential["app_password"],
        }
        method = "/xrpc/com.atproto.server.createSession"
        self._tokens = _tokens(self._http.json("POST", method, said=said, changes=False))

    def _refresh(self) -> None:
        method = "/xrpc/com.atproto.server.refreshSession"
        try:
            http = self._as(self._tokens["refreshJwt"])
            self._tokens = _tokens(http.json("POST", method, changes=False))
        except (Expired, NeedsConnecting):
            self._sign_in()

    def _as(self, token: str) -> Http:
        return replace(self._http, headers={"Authorization": f"Bearer {token}"})


def _tokens(said: Json) -> Json:
    if not all(isinstance(said.get(name), str) for name in ("did", "accessJwt", "refreshJwt")):
        raise TryLater("Bluesky gave no session")
    return said


def _meaning(status: int, said: Json) -> type[DeliveryError] | None:
    if "Could not locate record" in str(said.get("message", "")):
        return NotThere  # as servers said before they said RecordNotFound
    return _MEANINGS.get(str(said.get("error", "")))
