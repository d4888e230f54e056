"""SendGrid, through its SDK: up to 1,000 readers in one request, each with values of their own.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send, read 2026-11-22
"""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.error import URLError

from publisher.adapters.sendgrid.batch import Batch
from publisher.adapters.shared import checks, http_answers
from publisher.kit.logs import without_addresses
from publisher.models.adapter import (
    Capabilities,
    Consignment,
    Json,
    Outcome,
    Parcel,
    Report,
    Verdict,
)
from publisher.models.errors import DeliveryError, OutcomeUnknown, TryLater
from publisher.models.specs import OutletSpec

logging.getLogger("python_http_client").setLevel(logging.WARNING)  # at DEBUG it logs bodies

MOST: Final = 1000  #: personalisations in one request
TIMEOUT_SECONDS: Final = 60.0  #: the SDK has none of its own
HOSTS: Final = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}

#: what an error says is wrong, if it is one reader's part of the request
_FIELD = re.compile(r"personalizations\.(\d+)(?:\.|\Z)")


class SendGrid:
    """Newsletters and circulars' covering mails through SendGrid."""

    name: ClassVar[str] = "sendgrid"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"newsletter", "circular", "circulation", "webinar", "workshop"}),
        addressed_to="readers",
        window=MOST,
        # There is no idempotency key, and no way to ask: a person decides.
        after_crash="ask",
        credential_fields=("api_key",),
        settings=("region",),
        pictures=True,
    )

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Send each window in one request, without the readers it refuses."""
        credential = checks.connected(consignment.outlet, consignment.credential, self.capabilities)
        region = str(consignment.outlet.settings.get("region", "global"))
        client = _client(credential, credential.get("base_url") or HOSTS[region])
        batch = Batch(consignment, secret=credential["api_key"])
        async for window in windows:
            fit, refused = batch.sorted(window)
            for outcome in refused:
                report(outcome)
            for parcels in batch.requests(fit):
                rest = parcels
                while rest:
                    outcomes, rest = await asyncio.to_thread(_send, client, batch, rest)
                    for outcome in outcomes:
                        report(outcome)

    async def ask(self, consignment: Consignment, parcel: Parcel) -> Outcome | None:
        """Cannot tell: its record of single mails is an extra that few accounts have."""
        return None

    def check(self, outlet: OutletSpec, credential: Mapping[str, str] | None) -> list[str]:
        """See `Adapter.check`."""
        return [
            *checks.problems(outlet, credential, self.capabilities),
            *checks.one_of(outlet, "region", frozenset(HOSTS)),
        ]


def _client(credential: Mapping[str, str], host: str) -> Any:  # noqa: ANN401  # it has no types
    from sendgrid import SendGridAPIClient

    client = SendGridAPIClient(credential["api_key"], host=host)
    client.client.timeout = TIMEOUT_SECONDS
    return client


def _send(
    client: Any,  # noqa: ANN401
    batch: Batch,
    parcels: Sequence[Parcel],
) -> tuple[list[Outcome], list[Parcel]]:
    """Make one request; give its outcomes, and who is left because others were refused.

    Raises:
        DeliveryError: none of them was taken, or nobody knows.
    """
    from python_http_client.exceptions import HTTPError

    try:
        # The SDK's helper would put personalisations in reverse; it takes plain JSON as well.
        answer = client.send(batch.body(parcels))
    except HTTPError as error:
        if refused := _refused(error, parcels):
            return refused, [
                parcel
                for parcel in parcels
                if all(parcel.delivery != outcome.delivery for outcome in refused)
            ]
        raise _refusal(error) from error
    except (OSError, http.client.HTTPException) as error:
        raise _silence(error) from error
    said = answer.headers.get("X-Message-Id", "")
    return [
        Outcome(delivery=parcel.delivery, verdict=Verdict.ACCEPTED, answer=said)
        for parcel in parcels
    ], []


def _refused(error: Any, parcels: Sequence[Parcel]) -> list[Outcome]:  # noqa: ANN401
    """Give the readers that a refused request names; with one bad address it takes none."""
    if error.status_code != http.client.BAD_REQUEST:
        return []
    found = {}
    for said in _errors(error):
        match = _FIELD.match(str(said.get("field") or ""))
        if match and int(match[1]) < len(parcels):
            found[int(match[1])] = without_addresses(str(said.get("message", "")))
    return [
        Outcome(delivery=parcels[number].delivery, verdict=Verdict.REFUSED, answer=answer)
        for number, answer in sorted(found.items())
    ]


def _refusal(error: Any) -> DeliveryError:  # noqa: ANN401
    said = "; ".join(str(one.get("message", "")) for one in _errors(error))
    return http_answers.refusal(
        "SendGrid", error.status_code, without_addresses(said), dict(error.headers or {})
    )


def _errors(error: Any) -> list[Json]:  # noqa: ANN401
    try:
        found = json.loads(error.body)["errors"]
    except (ValueError, KeyError, TypeError):
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _silence(error: Exception) -> DeliveryError:
    # urllib wraps what happens before the request has left, and only that, in URLError.
    if isinstance(error, URLError):
        return TryLater("SendGrid cannot be reached")
    return OutcomeUnknown("SendGrid took the request and did not answer")
