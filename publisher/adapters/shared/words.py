"""A consignment's words as one recipient gets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from publisher.models.adapter import Consignment, Parcel
from publisher.models.errors import PlanError, WillNeverWork


def filled(consignment: Consignment, parcel: Parcel) -> Mapping[str, str]:
    """Give a consignment's parts with every hole filled.

    Raises:
        WillNeverWork: nobody gave a value, or the words go wrong with it.
    """
    return _made(consignment.fill, consignment, parcel)


def opened(consignment: Consignment, parcel: Parcel) -> Mapping[str, str]:
    """Give the parts as they are for one recipient, its own values' holes still open.

    Raises:
        WillNeverWork: the words go wrong with a value.
    """
    return _made(consignment.opened or consignment.fill, consignment, parcel)


def _made(
    make: Callable[[Mapping[str, str]], Mapping[str, str]],
    consignment: Consignment,
    parcel: Parcel,
) -> Mapping[str, str]:
    try:
        return make({**consignment.values, **parcel.values})
    except PlanError as error:
        raise WillNeverWork(str(error)) from error


def texts(parts: Mapping[str, str]) -> list[str]:
    """Give the texts of a post's thread, in order."""
    return [parts[number] for number in sorted(filter(str.isdecimal, parts), key=int)]


def card(consignment: Consignment) -> dict[str, str]:
    """Give what a network shows of the page that a post leads to; empty if it leads nowhere."""
    parts = consignment.content.parts
    if not parts.get("link") or not parts.get("title"):
        return {}
    return {
        "uri": parts["link"],
        "title": parts["title"],
        "description": parts.get("summary", ""),
    }
