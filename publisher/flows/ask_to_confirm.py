"""The mail that asks a reader to confirm goes out, by the organisation's own way of sending."""

from __future__ import annotations

from datetime import datetime

from asgiref.sync import sync_to_async

from publisher.feedback.letter import confirmation, reminder
from publisher.flows.send_letter import Letter, letter, newsletters, send
from publisher.flows.subscribe import asked
from publisher.kit.signing import reader_token, request_token
from publisher.models import Outlet, Reader
from publisher.models.content import Content
from publisher.settings import settings


async def ask_to_confirm(reader: int, asked_at: datetime) -> str:
    """Send it and give its key; empty: the reader or the outlet is gone, and nothing was sent.

    Raises:
        DeliveryError: it was not taken. Try again later: a second copy does no harm.
    """
    made = await sync_to_async(_letter)(reader, asked_at)
    return await send(made) if made else ""


def _letter(reader: int, asked_at: datetime) -> Letter | None:
    found = Reader.objects.filter(pk=reader).first()
    outlet = _outlet(reader, asked_at) if found else None
    if found is None or outlet is None:
        return None
    content = _content(found, outlet, asked_at)
    return letter(outlet, content, about="confirm", to=reader, address=found.address, at=asked_at)


def _outlet(reader: int, asked_at: datetime) -> Outlet | None:
    """Find how the first organisation that was asked for sends newsletters; else any other."""
    first = asked(reader, asked_at).order_by("organisation__slug").first()
    return newsletters(first.organisation_id if first else None)


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
