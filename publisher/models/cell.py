"""What is rendered: a cell of the matrix for one entry, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from publisher.models.specs import (
    AudienceSpec,
    ChannelSpec,
    EntrySpec,
    KeyMessageSpec,
    OrganisationSpec,
    OutletSpec,
    PictureFile,
)


@dataclass(frozen=True, kw_only=True)
class PartnerItem:
    """An item of a partner's feed, cleaned; it stands in a newsletter's last section."""

    title: str
    link: str
    summary: str  #: plain text
    published_at: datetime | None  #: aware, UTC


@dataclass(frozen=True, kw_only=True)
class Cell:
    """This entry, to this audience, through this outlet, in this language."""

    entry: EntrySpec
    audience: AudienceSpec
    outlet: OutletSpec
    channel: ChannelSpec
    organisation: OrganisationSpec
    language: str
    #: the key messages of the entry that this audience is to hear through this channel
    messages: tuple[KeyMessageSpec, ...]
    #: the organisations it speaks for, this one first
    speaks_for: tuple[OrganisationSpec, ...]
    #: the occurrence's wall time, for words that name it; null before launch. Words that use it
    #: change, and so need a new yes, when the occurrence moves.
    at_local: datetime | None = None
    #: by the entry's name for each; its annexes, too
    pictures: Mapping[str, PictureFile] = field(default_factory=dict)
    partner_items: tuple[PartnerItem, ...] = ()
    #: what its form needs beyond the plan, as JSON values by name; see `flows/materials/`
    material: Mapping[str, Any] = field(default_factory=dict)

    @property
    def form(self) -> str:
        """The form its channel has."""
        return self.channel.form
