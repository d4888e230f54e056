"""A service's HTTP interface: requests with JSON, and errors named for the next move."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from publisher.adapters.shared import http_answers
from publisher.kit import outbound
from publisher.kit.outbound import NeverLeft, NotAllowed, OutboundFailed, Reply
from publisher.models.adapter import Json
from publisher.models.errors import DeliveryError, NeedsConnecting, OutcomeUnknown, TryLater

TIMEOUT_SECONDS: Final = 30.0  #: for a whole request
JSON: Final = "application/json"

Meaning = Callable[[int, Json], type[DeliveryError] | None]


@dataclass(frozen=True, kw_only=True)
class Http:
    """One service, as one account speaks to it. Used in a thread, where waiting harms nobody.

    Where `base_url` is the operator's own word, it may be in their own network; an address that a
    service gives may only be a public one.
    """

    service: str  #: its name, for sentences
    base_url: str  #: without a slash at the end
    private: bool = False  #: private addresses, and http, are allowed
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: reads a service's own names for what its status does not tell: status and body give an error
    meaning: Meaning = field(default=lambda _status, _said: None, repr=False)

    def json(
        self,
        method: str,
        route: str,
        *,
        query: Mapping[str, str] | None = None,
        said: Json = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        changes: bool = True,
    ) -> Json:
        """Make a request and give the object it answers; an empty answer is an empty object.

        Args:
            method: such as POST.
            route: with a slash at the front.
            query: what stands behind the question mark.
            said: sent as JSON.
            form: sent as a form, in place of JSON.
            headers: besides the account's.
            changes: whether it publishes something; what does not can be repeated.

        Raises:
            DeliveryError: see `http_answers`.
        """
        body, kind = _body(said, form)
        reply = self.send(
            method,
            self.base_url + route + (f"?{urlencode(query)}" if query else ""),
            content=body,
            headers={"Accept": JSON, **kind, **(headers or {})},
            changes=changes,
        )
        return self.read(reply, changes=changes)

    def send_json(self, method: str, route: str, said: Json) -> Reply:
        """Make a request that publishes something, where its answer's headers matter."""
        body, kind = _body(said, None)
        return self.send(method, self.base_url + route, content=body, headers=kind)

    def send(
        self,
        method: str,
        url: str,
        *,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        changes: bool = True,
    ) -> Reply:
        """Make a request; give its answer, which is a 2xx.

        Raises:
            DeliveryError: see `http_answers`.
        """
        try:
            reply = asyncio.run(
                outbound.send(
                    method,
                    url,
                    headers={**self.headers, **(headers or {})},
                    content=content,
                    seconds=TIMEOUT_SECONDS,
                    allow_private=self.private,
                )
            )
        except OutboundFailed as error:
            raise self._silence(error, changes=changes) from error
        if not 200 <= reply.status < 300:
            raise self.refusal(reply, changes=changes)
        return reply

    def read(self, reply: Reply, *, changes: bool) -> Json:
        """Read an answer's object."""
        try:
            found = json.loads(reply.content or b"{}")
        except ValueError as error:
            raise self._silence(error, changes=changes) from error
        if not isinstance(found, dict):
            raise self._silence(ValueError("no object"), changes=changes)
        return found

    def refusal(self, reply: Reply, *, changes: bool) -> DeliveryError:
        """Give the error that an answer calls for."""
        said = _object(reply)
        sentence = words(said)
        if kind := self.meaning(reply.status, said):
            return kind(f"{self.service} answered {reply.status}: {sentence[:300]}")
        return http_answers.refusal(
            self.service, reply.status, sentence, reply.headers, changes=changes
        )

    def _silence(self, error: Exception, *, changes: bool) -> DeliveryError:
        if isinstance(error, NotAllowed):  # its own sentence shows the address
            return NeedsConnecting(f"{self.service} is at an address that is not a public one")
        if not changes or isinstance(error, NeverLeft):
            return TryLater(f"{self.service} cannot be reached")
        return OutcomeUnknown(f"{self.service} took the request and did not answer")


def words(said: Json) -> str:
    """Give a service's own sentence for a refusal, where it says one in a known place."""
    if isinstance(said.get("error"), dict):  # as Graph nests it
        said = said["error"]
    found = [said.get(name) for name in ("error", "code", "message")]
    return ": ".join(str(one) for one in found if isinstance(one, str | int))


def _object(reply: Reply) -> Json:
    try:
        found = json.loads(reply.content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _body(said: Json, form: Mapping[str, str] | None) -> tuple[bytes, dict[str, str]]:
    if form is not None:
        return urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
    if said is not None:
        return json.dumps(said, ensure_ascii=False).encode(), {"Content-Type": JSON}
    return b"", {}
