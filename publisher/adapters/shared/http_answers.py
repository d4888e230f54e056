"""What an HTTP answer, or its absence, means for what was handed over (RFC 9110)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests
from urllib3.exceptions import ConnectTimeoutError as NoConnection
from urllib3.exceptions import HTTPError as TransportError
from urllib3.exceptions import MaxRetryError, NewConnectionError, SSLError

from publisher.models.errors import (
    DeliveryError,
    NeedsConnecting,
    OutcomeUnknown,
    TryLater,
    WillNeverWork,
)

#: Statuses that say nothing was done, and what to do then. Any other 5xx may have been sent by
#: something between us and a service that did take the request.
_BY_STATUS: dict[int, type[DeliveryError]] = {
    401: NeedsConnecting,
    403: NeedsConnecting,
    408: TryLater,
    425: TryLater,
    429: TryLater,
    503: TryLater,  # RFC 9110 §15.6.4: “currently unable to handle the request”
}


def refusal(
    service: str, status: int, said: str, headers: Mapping[str, str], *, changes: bool = True
) -> DeliveryError:
    """Give the error that a status code calls for.

    Args:
        service: its name, for the sentence.
        status: not 2xx.
        said: the service's own words, without an address.
        headers: of the answer; names in any case.
        changes: whether the request would have published something. One that only read or
            prepared can always be repeated.
    """
    sentence = f"{service} answered {status}" + (f": {said[:300]}" if said else "")
    kind = _BY_STATUS.get(status)
    if kind is None:
        kind = WillNeverWork if status < 500 else (OutcomeUnknown if changes else TryLater)
    if kind is TryLater:
        return TryLater(sentence, after=asked_wait(headers))
    return kind(sentence)


def silence(service: str, error: BaseException, *, changes: bool = True) -> DeliveryError:
    """Give the error for a request that got no answer, from what `requests` raised."""
    if not changes or never_left(error):
        return TryLater(f"{service} cannot be reached")
    return OutcomeUnknown(f"{service} took the request and did not answer")


def never_left(error: BaseException) -> bool:
    """Say whether a request surely did not reach the service."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL):
        return True
    reason = error.args[0] if error.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    return isinstance(reason, TransportError) and isinstance(
        reason, NewConnectionError | NoConnection | SSLError
    )


def asked_wait(headers: Mapping[str, str]) -> timedelta | None:
    """Say how long a service asked to be left alone, if it did.

    Reads `Retry-After` (RFC 9110 §10.2.3) and the reset times that X, Mastodon and SendGrid
    send, each counted from the answer's own `Date`, so that no clock of ours is needed.
    """
    said = {name.lower(): value for name, value in headers.items()}
    retry = said.get("retry-after", "")
    if retry.isdecimal():
        return timedelta(seconds=int(retry))
    sent_at = _moment(said.get("date", ""))
    reset_at = _moment(
        retry or said.get("x-rate-limit-reset", "") or said.get("x-ratelimit-reset", "")
    )
    if sent_at is None or reset_at is None:
        return None
    return max(reset_at - sent_at, timedelta(0))


def _moment(said: str) -> datetime | None:
    """Read seconds since 1970, an RFC 3339 time or an HTTP date."""
    if said.isdecimal():
        return datetime.fromtimestamp(int(said), UTC)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(said)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
