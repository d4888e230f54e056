"""Links that only we can make, and addresses kept only as a hash.

Python's own hmac, without Django: a newsletter signs two links for each of a million readers.
A signature stands in hexadecimal digits at the end of its token, because some mail programs cut
a link before a last hyphen or underscore, and some change the case of letters.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

from publisher.kit.secret import secret_key
from publisher.settings import settings

_READER = re.compile(r"(\d{1,19})-([0-9a-f]{20})?-([0-9a-f]{32})\Z", re.ASCII)
_REQUEST = re.compile(r"(\d{1,19})-(\d{1,17})-([0-9a-f]{32})\Z", re.ASCII)
_PERSON = re.compile(r"(\d{1,19})-(\d{1,12})-([0-9a-f]{32})\Z", re.ASCII)
_INVITATION = re.compile(r"(\d{1,19})-([0-9a-f]{32})\Z", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def reader_token(reader: int, placement: str) -> str:
    """Make the token of a reader's own links in the mails of one placement.

    Args:
        reader: its id.
        placement: its key, 20 hexadecimal digits; empty for links that belong to no placement.
    """
    said = f"{reader}-{placement}"
    return f"{said}-{_signature('reader', said)}"


def read_reader_token(token: str) -> tuple[int, str]:
    """Give back the reader's id and the placement's key.

    Raises:
        ValueError: we did not make this token.
    """
    match = _READER.match(token.lower())
    if match is None or not _signed("reader", match):
        raise ValueError("this link is not one of ours, or a part of it is missing")
    return int(match[1]), match[2] or ""


def request_token(reader: int, asked_at: datetime) -> str:
    """Make the token that confirms what a reader asked for at that moment."""
    microseconds = (asked_at - _EPOCH) // timedelta(microseconds=1)
    said = f"{reader}-{microseconds}"
    return f"{said}-{_signature('request', said)}"


def read_request_token(token: str) -> tuple[int, datetime]:
    """Give back the reader's id and the moment it asked; how old it may be is the caller's rule.

    Raises:
        ValueError: we did not make this token.
    """
    match = _REQUEST.match(token.lower())
    if match is None or not _signed("request", match):
        raise ValueError("this link is not one of ours, or a part of it is missing")
    return int(match[1]), _EPOCH + timedelta(microseconds=int(match[2]))


def invitation_token(invitation: int) -> str:
    """Make the token of an invitation; how long it is good, and whether once, says its row."""
    said = str(invitation)
    return f"{said}-{_signature('invitation', said)}"


def read_invitation_token(token: str) -> int:
    """Give back the invitation's id.

    Raises:
        ValueError: we did not make this token.
    """
    match = _INVITATION.match(token.lower())
    said = match[1] if match else ""
    if match is None or not hmac.compare_digest(_signature("invitation", said), match[2]):
        raise ValueError("this link is not one of ours, or a part of it is missing")
    return int(said)


def person_token(person: int, until: datetime, state: str) -> str:
    """Make the token by which somebody signs in once.

    Args:
        person: its id.
        until: aware; good before that, to the second.
        state: what changes with each sign-in, so that the token is good for one.
    """
    said = f"{person}-{int(until.timestamp())}"
    return f"{said}-{_signature('person', f'{said}-{state}')}"


def read_person_token(token: str, state: Callable[[int], str]) -> tuple[int, datetime]:
    """Give back the person's id, and until when it is good; whether it is still, says the caller.

    Args:
        token: what was asked with.
        state: gives a person's state as it is now, from its id.

    Raises:
        ValueError: we did not make this token, or it was used.
    """
    match = _PERSON.match(token.lower())
    if match is None:
        raise ValueError("this link is not one of ours, or a part of it is missing")
    said = f"{match[1]}-{match[2]}-{state(int(match[1]))}"
    if not hmac.compare_digest(_signature("person", said), match[3]):
        raise ValueError("this link was used, or is not one of ours")
    return int(match[1]), datetime.fromtimestamp(int(match[2]), tz=UTC)


def numbered_token(purpose: str, number: int) -> str:
    """Make a token that names one row, or one second, for one purpose.

    Args:
        purpose: what it opens, such as `proposal`; no token of another can pass for it.
        number: a row's id, or seconds since 1970.
    """
    said = str(number)
    return f"{said}-{_signature(f'numbered.{purpose}', said)}"


def read_numbered_token(purpose: str, token: str) -> int:
    """Give back the number.

    Raises:
        ValueError: we did not make this token for this purpose.
    """
    match = _INVITATION.match(token.lower())
    said = match[1] if match else ""
    signature = _signature(f"numbered.{purpose}", said)
    if match is None or not hmac.compare_digest(signature, match[2]):
        raise ValueError("this link is not one of ours, or a part of it is missing")
    return int(said)


def address_hash(address: str) -> str:
    """Give 64 hexadecimal digits for an address, whatever its case, under our own key."""
    key = _key("address")
    return hmac.digest(key, address.strip().lower().encode(), "sha256").hex()


def _signed(purpose: str, match: re.Match[str]) -> bool:
    said = match.string[: match.start(3) - 1]
    return hmac.compare_digest(_signature(purpose, said), match[3])


def _signature(purpose: str, said: str) -> str:
    return hmac.digest(_key(purpose), said.encode(), "sha256")[:16].hex()


@cache
def _key(purpose: str) -> bytes:
    """A key for each purpose, so that no token can pass for one of another."""
    secret = secret_key(settings())
    return hmac.digest(secret.encode(), f"publisher.kit.signing.{purpose}".encode(), "sha256")
