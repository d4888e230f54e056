"""What templates see, as plain frozen values: documented in `templates/README.md`.

A `Context` goes to JSON and back without loss, so that a rendition whose template branches on a
reader's value can be rendered again, for each reader, from what was frozen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from publisher.kit.pictures import ending
from publisher.kit.text import direction, one_line
from publisher.models.cell import Cell, PartnerItem
from publisher.models.form import Sources
from publisher.models.specs import (
    AudienceSpec,
    ChannelSpec,
    KeyMessageSpec,
    OrganisationSpec,
    in_language,
)
from publisher.render.colours import palette
from publisher.render.labels import labels
from publisher.render.limits import network
from publisher.render.variants import Chosen, chosen


@dataclass(frozen=True, kw_only=True)
class EntryWords:
    """The entry."""

    slug: str
    title: str
    summary: str  #: empty when the entry has none in this language
    link: str  #: where to read more; may be empty
    at: datetime | None  #: the occurrence's wall time; null before launch


@dataclass(frozen=True, kw_only=True)
class OrganisationWords:
    """An organisation."""

    slug: str
    name: str
    short: str
    website: str
    postal_address: str
    sender: str  #: the name mails come from
    brand: Mapping[str, str]  #: main, ink, link, and those for dark screens; see `colours`


@dataclass(frozen=True, kw_only=True)
class NamedWords:
    """An audience or a channel."""

    slug: str
    name: str


@dataclass(frozen=True, kw_only=True)
class MessageWords:
    """A key message."""

    slug: str
    name: str
    text: str
    talking_points: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PictureWords:
    """A picture of the entry."""

    file: str  #: as the entry names it
    url: str  #: where readers fetch it
    alt: str  #: words for who cannot see it
    sha256: str
    media_type: str


@dataclass(frozen=True, kw_only=True)
class AnnexWords:
    """A file that a board's paper is handed in with."""

    number: int  #: from 1
    title: str  #: empty: it has none in this language
    file: str  #: its name, without a folder
    sha256: str
    media_type: str
    kilobytes: int


@dataclass(frozen=True, kw_only=True)
class PartnerWords:
    """An item of a partner's feed."""

    title: str
    link: str
    summary: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Context:
    """Everything but the reader's values and the words, which depend on them."""

    form: str
    language: str
    direction: Literal["ltr", "rtl"]
    site_url: str
    network: str  #: of a post: whose rules it is cut to
    entry: EntryWords
    organisation: OrganisationWords
    speaks_for: tuple[OrganisationWords, ...]
    audience: NamedWords
    channel: NamedWords
    outlet: str  #: its slug
    messages: tuple[MessageWords, ...]
    pictures: tuple[PictureWords, ...]
    partner_items: tuple[PartnerWords, ...]
    material: Mapping[str, Any]  #: what the form asked for beyond the plan, as JSON values
    labels: Mapping[str, str]
    chosen: Chosen  #: the officer's words, as written
    annexes: tuple[AnnexWords, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON values."""
        given: dict[str, Any] = _shape().dump_python(self, mode="json")
        return given

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Context:
        """Read what `to_json` gave."""
        return _shape().validate_python(value)

    def names(self) -> dict[str, Any]:
        """Give what stands at the top of a template's context, less words and holes."""
        shown = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        del shown["chosen"], shown["network"]
        left_to_right = self.direction == "ltr"
        shown["start"] = "left" if left_to_right else "right"
        shown["end"] = "right" if left_to_right else "left"
        return shown


def context(cell: Cell, sources: Sources, *, site_url: str) -> Context:
    """Gather what the templates of a cell see.

    Raises:
        PlanError: the entry has no words for this cell, or the labels cannot be read.
    """
    language = cell.language
    return Context(
        form=cell.form,
        language=language,
        direction=direction(language),
        site_url=site_url,
        network=network(cell) if cell.form == "post" else "",
        entry=_entry(cell),
        organisation=_organisation(cell.organisation, cell),
        speaks_for=tuple(_organisation(each, cell) for each in cell.speaks_for),
        audience=_named(cell.audience, language),
        channel=_named(cell.channel, language),
        outlet=cell.outlet.slug,
        messages=tuple(_message(each, language) for each in cell.messages),
        pictures=tuple(_pictures(cell, site_url)),
        partner_items=tuple(_partner(each) for each in cell.partner_items),
        material=cell.material,
        labels=labels(sources.source("labels.yaml"), language),
        chosen=chosen(cell),
        annexes=tuple(_annexes(cell)),
    )


def _entry(cell: Cell) -> EntryWords:
    return EntryWords(
        slug=cell.entry.slug,
        title=in_language(cell.entry.title, cell.language),
        summary=cell.entry.summary.get(cell.language, ""),
        link=cell.entry.link,
        at=cell.at_local.replace(tzinfo=None) if cell.at_local else None,
    )


def _named(spec: AudienceSpec | ChannelSpec, language: str) -> NamedWords:
    return NamedWords(slug=spec.slug, name=in_language(spec.name, language))


def _message(spec: KeyMessageSpec, language: str) -> MessageWords:
    return MessageWords(
        slug=spec.slug,
        name=in_language(spec.name, language),
        text=in_language(spec.text, language),
        talking_points=tuple(spec.talking_points.get(language, ())),
    )


def _partner(item: PartnerItem) -> PartnerWords:
    return PartnerWords(
        title=item.title, link=item.link, summary=item.summary, at=item.published_at
    )


def _organisation(spec: OrganisationSpec, cell: Cell) -> OrganisationWords:
    own = spec.slug == cell.organisation.slug and cell.outlet.sender
    return OrganisationWords(
        slug=spec.slug,
        name=in_language(spec.name, cell.language),
        short=spec.short,
        website=spec.website,
        postal_address=spec.postal_address,
        sender=(own or spec.sender).name,
        brand=palette(spec),
    )


def _pictures(cell: Cell, site_url: str) -> Iterator[PictureWords]:
    for picture in cell.entry.pictures:
        file = cell.pictures.get(picture.file)
        if file is None:
            continue
        yield PictureWords(
            file=picture.file,
            url=f"{site_url}/pictures/{file.sha256}{ending(file.media_type)}",
            alt=one_line(picture.alt.get(cell.language, "")),
            sha256=file.sha256,
            media_type=file.media_type,
        )


def _annexes(cell: Cell) -> Iterator[AnnexWords]:
    for number, annex in enumerate(cell.entry.annexes, start=1):
        file = cell.pictures.get(annex.file)
        if file is None:
            continue
        yield AnnexWords(
            number=number,
            title=one_line(annex.title.get(cell.language, "")),
            file=annex.file.rpartition("/")[2],
            sha256=file.sha256,
            media_type=file.media_type,
            kilobytes=max(1, round(len(file.content) / 1000)),
        )


@cache
def _shape() -> TypeAdapter[Context]:
    return TypeAdapter(Context)
