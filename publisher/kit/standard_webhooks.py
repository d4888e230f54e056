"""Standard Webhooks: how a request says whose it is, so that receivers check it with a library.

https://www.standardwebhooks.com, specification 1.0.0, read 2026-11-22
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

MIN_SECRET_BYTES: Final = 24  #: as the specification wants it; at most 64
SECRET_BYTES: Final = 32  #: of those that we make
PREFIX: Final = "whsec_"


def new_secret() -> str:
    """Make a secret as `secret_key` reads it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def secret_key(secret: str) -> bytes:
    """Read a secret as Standard Webhooks writes it: `whsec_` and base64.

    Raises:
        ValueError: it is not that, or too short.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < MIN_SECRET_BYTES:
        raise ValueError(
            f"the webhook's secret is {PREFIX} and {MIN_SECRET_BYTES} bytes or more in base64"
        )
    return key


def signature(key: bytes, identifier: str, timestamp: int, body: bytes) -> str:
    """Give one signature, as `webhook-signature` lists them."""
    signed = f"{identifier}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def headers(
    secrets: Sequence[str], identifier: str, body: bytes, *, now: datetime
) -> dict[str, str]:
    """Give the headers of a request with this JSON body.

    Args:
        secrets: the receiver's; a second one while it changes from one to the other.
        identifier: the same for each attempt: by it the receiver knows a repeat.
        body: exactly as it is sent.
        now: this attempt's moment; receivers refuse an old one.

    Raises:
        ValueError: see `secret_key`.
    """
    timestamp = int(now.timestamp())
    signatures = [signature(secret_key(one), identifier, timestamp, body) for one in secrets]
    return {
        "Content-Type": "application/json",
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
