"""What a reader's yes and no mean: rules over values, without a clock or a database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

#: a link to confirm is good for this long; what was asked for and never confirmed goes with it
CONFIRM_WITHIN = timedelta(days=7)


class Wish(NamedTuple):
    """One organisation's one channel: what a consent is for. Both are slugs."""

    organisation: str
    channel: str

    @classmethod
    def read(cls, text: str) -> Wish:
        """Read `organisation/channel`.

        Raises:
            ValueError: it is not two names with a slash between them.
        """
        organisation, slash, channel = text.partition("/")
        if not (organisation and slash and channel) or "/" in channel:
            raise ValueError(f"“{text}” is not organisation/channel, such as iso/newsletter")
        return cls(organisation, channel)

    def __str__(self) -> str:
        return f"{self.organisation}/{self.channel}"


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What a preferences page's answer means for a reader's consents."""

    give: tuple[Wish, ...]
    withdraw: tuple[Wish, ...]


def changes(
    wanted: Collection[Wish], *, live: Collection[Wish], offered: Collection[Wish]
) -> Changes:
    """Compare what was ticked with what is live; what was not on the page stays as it is."""
    return Changes(
        give=tuple(sorted(set(wanted) & set(offered) - set(live))),
        withdraw=tuple(sorted(set(live) & set(offered) - set(wanted))),
    )


def to_ask(wanted: Iterable[Wish], confirmed: Collection[Wish]) -> tuple[Wish, ...]:
    """Give the wishes that need a confirmation: those not confirmed already."""
    return tuple(sorted(set(wanted) - set(confirmed)))


def may_confirm(asked_at: datetime, now: datetime) -> bool:
    """Say whether a link to confirm is still good."""
    return timedelta() <= now - asked_at <= CONFIRM_WITHIN


def muted(topics: Mapping[str, object], chosen: Collection[str]) -> list[str]:
    """Give the topics a reader does not want to hear about: all but the chosen ones.

    Topics that come into the plan later are heard about until the reader says otherwise.
    """
    return sorted(set(topics) - set(chosen))


def masked(address: str) -> str:
    """Write an address so that its owner knows it and nobody else learns it: a…@example.org."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
