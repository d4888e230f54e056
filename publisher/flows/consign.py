"""Make a consignment of a placement: everything an adapter needs, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from publisher.adapters.registry import adapter
from publisher.flows import dkim
from publisher.flows.frozen import content_of
from publisher.flows.surroundings import shell
from publisher.kit import clock
from publisher.kit.ids import parcel_key
from publisher.kit.signing import reader_token
from publisher.kit.vault import Vault, VaultFailed
from publisher.models import Audience, Placement
from publisher.models.adapter import Consignment, Json, Parcel
from publisher.models.content import Content, PictureRef
from publisher.models.errors import NeedsConnecting, WillNeverWork
from publisher.models.specs import AudienceSpec, OutletSpec
from publisher.render.rendition import attachments, fill, opened
from publisher.settings import settings


def consignment(placement: Placement) -> Consignment:
    """Give what is handed over for an addressed placement.

    Raises:
        WillNeverWork: it has no words.
        NeedsConnecting: its outlet's credential is missing or cannot be opened.
    """
    if placement.rendition is None or placement.started_at is None:
        raise WillNeverWork("its words were never frozen, so there is nothing to hand over")
    outlet, organisation = placement.outlet.said, placement.outlet.organisation.said
    content = content_of(placement.rendition)
    given = {str(name): str(value) for name, value in placement.values.items()}
    return Consignment(
        key=placement.key,
        outlet=outlet,
        organisation=organisation,
        sender=outlet.sender or organisation.sender,
        audience=placement.audience.slug,
        messages=_messages(placement),
        channel=placement.outlet.channel.slug,
        entry=placement.occurrence.entry.slug,
        content=content,
        values=given,
        published_at=placement.started_at,
        credential={**_credential(outlet), **dkim.keys(outlet)},
        attachments=attachments(content, given),
        pictures={one.sha256: content.files[one.sha256] for one in _there(content)},
        data=settings().data_folder,
        site_url=settings().site_url,
        shell=shell(placement.outlet.organisation, now=clock.now())
        if adapter(outlet.adapter).capabilities.site
        else None,
        fill=lambda values: fill(content, {**given, **values}),
        opened=(lambda values: opened(content, {**given, **values})) if content.program else None,
    )


def parcel(  # each is something else about one reader
    consignment: Consignment,
    *,
    delivery: int,
    recipient: int,
    address: str,
    name: str,
    committees: Json = None,
    interests: Json = None,
) -> Parcel:
    """Give one recipient's parcel, with the links that only this reader may have.

    Args:
        consignment: what it is a copy of.
        delivery: the ledger row's id.
        recipient: the reader's id; 0 for an endpoint.
        address: the reader's, as its name.
        name: see there.
        committees: the reader's attribute of that name, if it has one: a list, or one.
        interests: likewise.
    """
    key = parcel_key(consignment.key, recipient)
    if not recipient:
        return Parcel(delivery=delivery, key=key)
    token, site = reader_token(recipient, consignment.key), consignment.site_url
    values = {
        "reader.name": name,
        "reader.address": address,
        "unsubscribe_url": f"{site}/leave/{token}",
        "seat_url": f"{site}/events/seat/{token}",
        "preferences_url": f"{site}/preferences/{token}",
    }
    # Most readers have none, and most templates do not ask.
    if committees:
        values["reader.committees"] = _spaced(committees)
    if interests:
        values["reader.interests"] = _spaced(interests)
    return Parcel(delivery=delivery, key=key, address=address, name=name, values=values)


def _spaced(value: Json) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _messages(placement: Placement) -> tuple[str, ...]:
    """Give the entry's key messages that this audience is to hear through this channel."""
    heard = {
        row.message
        for audience in _wholes(placement.audience)
        for row in audience.hears
        if placement.outlet.channel.slug in row.through
    }
    wanted = placement.occurrence.entry.said.messages
    return tuple(message for message in wanted if message in heard) or tuple(wanted)


def _wholes(audience: Audience) -> Iterable[AudienceSpec]:
    """Give an audience and the wider ones it is part of."""
    found = {audience.slug: audience.said}
    part = audience.said.part_of
    while part and part not in found and (wider := Audience.objects.filter(slug=part).first()):
        found[part] = wider.said
        part = wider.said.part_of
    return found.values()


def _credential(outlet: OutletSpec) -> Mapping[str, str]:
    """Open the outlet's credential; what needs none, such as capture, may name one all the same."""
    if not outlet.account:
        return {}
    try:
        found = Vault.of(settings()).get(outlet.account)
    except VaultFailed as error:
        raise NeedsConnecting(str(error)) from error
    if found is None and adapter(outlet.adapter).capabilities.credential_fields:
        raise NeedsConnecting(
            f"there is no credential “{outlet.account}”; "
            f"set it with: publisher accounts set {outlet.account}"
        )
    return found or {}


def _there(content: Content) -> list[PictureRef]:
    return [picture for picture in content.pictures if picture.sha256 in content.files]
