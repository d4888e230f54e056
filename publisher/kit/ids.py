"""Identifiers that are the same for the same thing, for ever."""

import hashlib


def placement_key(*, entry: str, occurrence: str, audience: str, outlet: str, language: str) -> str:
    """Give the 20 hexadecimal digits that name a cell of the calendar.

    Message-IDs, feed ids, idempotency keys and record keys are made from it, so it depends on
    nothing but the five names: a restored or rebuilt database gives the same key.
    """
    names = f"{entry}\n{occurrence}\n{audience}\n{outlet}\n{language}"
    return hashlib.sha256(names.encode()).hexdigest()[:20]


def parcel_key(placement: str, recipient: int) -> str:
    """Give the key of one delivery: the placement's and the recipient's number."""
    return f"{placement}.{recipient}"
