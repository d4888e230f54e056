"""The mail that asks a reader to confirm goes out, by the organisation's own way of sending."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from asgiref.sync import sync_to_async

from publisher.adapters.registry import adapter
from publisher.feedback.letter import confirmation, reminder
from publisher.flows.subscribe import asked
from publisher.kit.ids import parcel_key, placement_key
from publisher.kit.signing import reader_token, request_token
from publisher.kit.vault import Vault
from publisher.models import Outlet, Reader
from publisher.models.adapter import Consignment, Outcome, Parcel, Verdict
from publisher.models.content import Content
from publisher.models.errors import TryLater
from publisher.settings import settings


async def ask_to_confirm(reader: int, asked_at: datetime) -> str:
    """Send it and give its key; empty: the reader or the outlet is gone, and nothing was sent.

    Raises:
        DeliveryError: it was not taken. Try again later: a second copy does no harm.
    """
    letter = await sync_to_async(_letter)(reader, asked_at)
    if letter is None:
        return ""
    consignment, parcel = letter
    outcomes: list[Outcome] = []
    way = adapter(consignment.outlet.adapter)
    await way.hand_over(consignment, _window(parcel), outcomes.append)
    if any(outcome.verdict is Verdict.LATER for outcome in outcomes):
        raise TryLater("the mail that asks to confirm was not taken; it is tried again")
    return parcel.key


def _letter(reader: int, asked_at: datetime) -> tuple[Consignment, Parcel] | None:
    found = Reader.objects.filter(pk=reader).first()
    outlet = _outlet(reader, asked_at) if found else None
    if found is None or outlet is None:
        return None
    content = _content(found, outlet, asked_at)
    consignment = _consignment(outlet, content, found, asked_at)
    key = parcel_key(consignment.key, reader)
    return consignment, Parcel(delivery=0, key=key, address=found.address)


def _outlet(reader: int, asked_at: datetime) -> Outlet | None:
    """Find how the first organisation that was asked for sends newsletters; else any other."""
    newsletters = Outlet.objects.filter(retired_at=None, channel__spec__form="newsletter")
    newsletters = newsletters.select_related("organisation", "channel").order_by("slug")
    first = asked(reader, asked_at).order_by("organisation__slug").first()
    own = newsletters.filter(organisation=first.organisation_id) if first else newsletters
    return own.first() or newsletters.first()


def _content(reader: Reader, outlet: Outlet, asked_at: datetime) -> Content:
    pending = asked(reader.pk, asked_at).filter(confirmed_at=None).order_by("id")
    postal = outlet.organisation.said.postal_address
    site = settings().site_url
    if pending:
        return confirmation(
            reader.language,
            wordings=[consent.wording for consent in pending],
            link=f"{site}/confirm/{request_token(reader.pk, asked_at)}",
            postal_address=postal,
        )
    link = f"{site}/preferences/{reader_token(reader.pk, '')}"
    return reminder(reader.language, link=link, postal_address=postal)


def _consignment(
    outlet: Outlet, content: Content, reader: Reader, asked_at: datetime
) -> Consignment:
    said, organisation = outlet.said, outlet.organisation.said
    key = placement_key(
        entry="confirm",
        occurrence=asked_at.isoformat(),
        audience=str(reader.pk),
        outlet=said.slug,
        language=content.language,
    )
    vault = Vault.of(settings())
    return Consignment(
        key=key,
        outlet=said,
        organisation=organisation,
        sender=said.sender or organisation.sender,
        audience="",
        messages=(),
        channel=outlet.channel.slug,
        entry="confirm",
        content=content,
        values={},
        published_at=asked_at,
        credential=(vault.get(said.account) if said.account else None) or {},
        data=settings().data_folder,
        site_url=settings().site_url,
        fill=lambda _values: content.parts,
    )


async def _window(parcel: Parcel) -> AsyncIterator[Sequence[Parcel]]:
    yield [parcel]
