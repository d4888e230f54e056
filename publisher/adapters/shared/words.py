"""A consignment's words as one recipient gets them."""

from __future__ import annotations

from collections.abc import Mapping

from publisher.models.adapter import Consignment, Parcel
from publisher.models.errors import PlanError, WillNeverWork


def filled(consignment: Consignment, parcel: Parcel) -> Mapping[str, str]:
    """Give a consignment's parts with every hole filled.

    Raises:
        WillNeverWork: nobody gave a value, or the words go wrong with it.
    """
    try:
        return consignment.fill({**consignment.values, **parcel.values})
    except PlanError as error:
        raise WillNeverWork(str(error)) from error


def texts(parts: Mapping[str, str]) -> list[str]:
    """Give the texts of a post's thread, in order."""
    return [parts[number] for number in sorted(filter(str.isdecimal, parts), key=int)]
