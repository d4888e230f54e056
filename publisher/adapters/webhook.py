"""Webhook: a placement as signed JSON, to an address of the receiver's, whatever its form.

The headers and the signature are those of Standard Webhooks; see `kit/standard_webhooks`.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import ClassVar, Final

from publisher.adapters.shared import checks
from publisher.adapters.shared.http import Http
from publisher.adapters.shared.words import filled
from publisher.kit import clock, standard_webhooks
from publisher.models.adapter import (
    EVERY,
    Capabilities,
    Consignment,
    Json,
    Outcome,
    Parcel,
    Report,
    Verdict,
)
from publisher.models.errors import NeedsConnecting, WillNeverWork
from publisher.models.specs import OutletSpec

MAX_BYTES: Final = 20_000_000  #: of one request, files included


class Webhook:
    """Hands a placement to a program of the receiver's."""

    name: ClassVar[str] = "webhook"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=EVERY,
        addressed_to="readers",
        window=1,
        after_crash="repeat",  # the receiver knows a repeat by its webhook-id
        credential_fields=("url", "secret"),
        settings=("files", "network"),
        pictures=True,
    )

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Post each parcel, and take any 2xx for a yes."""
        credential = checks.connected(consignment.outlet, consignment.credential, self.capabilities)
        async for window in windows:
            for parcel in window:
                await asyncio.to_thread(_post, credential, consignment, parcel)
                report(Outcome(delivery=parcel.delivery, verdict=Verdict.ACCEPTED))

    async def ask(self, consignment: Consignment, parcel: Parcel) -> Outcome | None:
        """Have it sent again: a receiver that has it knows it by its webhook-id."""
        answer = "it is sent again under the same webhook-id"
        return Outcome(delivery=parcel.delivery, verdict=Verdict.LATER, answer=answer)

    def check(self, outlet: OutletSpec, credential: Mapping[str, str] | None) -> list[str]:
        """See `Adapter.check`."""
        found = checks.problems(outlet, credential, self.capabilities)
        if credential and credential.get("secret") and credential.get("url"):
            found += _wrong(credential)
        return found


def _wrong(credential: Mapping[str, str]) -> list[str]:
    found = []
    try:
        standard_webhooks.secret_key(credential["secret"])
    except ValueError as error:
        found.append(str(error))
    if not credential["url"].startswith("https://") and not credential.get("private"):
        found.append("the webhook's url must begin with https://")
    return found


def _post(credential: Mapping[str, str], consignment: Consignment, parcel: Parcel) -> None:
    private = bool(credential.get("private"))
    if problems := _wrong(credential):
        raise NeedsConnecting("; ".join(problems))
    body = json.dumps(_told(consignment, parcel), ensure_ascii=False).encode()
    if len(body) > MAX_BYTES:
        raise WillNeverWork(
            f"with its files it has {len(body):,} bytes, and a webhook takes {MAX_BYTES:,}; "
            "set files: false on the outlet to send it without"
        )
    http = Http(service="The webhook", base_url="", private=private)
    signed = standard_webhooks.headers([credential["secret"]], parcel.key, body, now=clock.now())
    http.send("POST", credential["url"], content=body, headers=signed)


def _told(consignment: Consignment, parcel: Parcel) -> Json:
    content = consignment.content
    return {
        "type": "placement.published",
        "timestamp": consignment.published_at.isoformat(),
        "data": {
            "key": consignment.key,
            "entry": consignment.entry,
            "audience": consignment.audience,
            "messages": list(consignment.messages),
            "organisation": consignment.organisation.slug,
            "channel": consignment.channel,
            "outlet": consignment.outlet.slug,
            "form": content.form,
            "language": content.language,
            "dir": content.direction,
            "to": {"address": parcel.address, "name": parcel.name} if parcel.address else None,
            "parts": dict(filled(consignment, parcel)),
            **_files(consignment),
        },
    }


def _files(consignment: Consignment) -> Json:
    """Give pictures and attachments, with what is in them unless the outlet goes without."""
    whole = consignment.outlet.settings.get("files", True) is not False
    pictures = [
        {
            "filename": one.filename,
            "media_type": one.media_type,
            "alt": one.alt,
            "sha256": one.sha256,
            "content": _base64(consignment.pictures.get(one.sha256, b"")) if whole else None,
        }
        for one in consignment.content.pictures
    ]
    attachments = [
        {
            "filename": one.filename,
            "media_type": one.media_type,
            "sha256": hashlib.sha256(one.content).hexdigest(),
            "content": _base64(one.content) if whole else None,
        }
        for one in consignment.attachments
    ]
    return {"pictures": pictures, "attachments": attachments}


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
