"""Mails to one person about its registration: to confirm it, and what became of it."""

from __future__ import annotations

from typing import Literal

from asgiref.sync import sync_to_async

from publisher.feedback.letter import about_seat
from publisher.flows.occasions import find
from publisher.flows.send_letter import Letter, letter, newsletters, send
from publisher.kit import clock
from publisher.kit.signing import reader_token, request_token
from publisher.models import Outlet, Placement, Registration
from publisher.models.errors import Refused
from publisher.models.specs import in_language
from publisher.settings import settings

What = Literal["confirm", "registered", "waiting", "moved_up"]


async def send_seat_letter(registration: int, what: str) -> str:
    """Send it and give its key; empty: there is nothing to say it of any more.

    Raises:
        DeliveryError: it was not taken. Try again later: a second copy does no harm.
    """
    made = await sync_to_async(_letter)(registration, what)
    return await send(made) if made else ""


def _letter(registration: int, what: str) -> Letter | None:
    rows = Registration.objects.select_related("reader", "entry")
    found = rows.filter(pk=registration).first()
    outlet = _outlet(found) if found else None
    if found is None or outlet is None:
        return None
    try:
        held = find(found.entry.slug, now=clock.now())
    except Refused:
        return None
    date = held.date(found.sitting)
    if date is None:
        return None
    site, reader = settings().site_url, found.reader
    own = f"{site}/events/{held.said.slug}/seat/{reader_token(reader.pk, '')}"
    ask = f"{site}/events/confirm/{request_token(reader.pk, found.asked_at)}"
    content = about_seat(
        what,
        reader.language,
        link=ask if what == "confirm" else own,
        postal_address=outlet.organisation.said.postal_address,
        title=in_language(held.said.title, reader.language),
        when=f"{date.at_local:%Y-%m-%d %H:%M} ({held.zone})",
    )
    return letter(
        outlet,
        content,
        about=f"seat-{what}-{found.pk}",
        to=reader.pk,
        address=reader.address,
        at=found.changed_at,
    )


def _outlet(registration: Registration) -> Outlet | None:
    """Give what its invitations went out by, else how anybody sends newsletters."""
    sent = Placement.objects.filter(
        occurrence__entry=registration.entry,
        outlet__channel__spec__form__in=("webinar", "workshop"),
    )
    first = sent.select_related("outlet__organisation", "outlet__channel").order_by("id").first()
    return first.outlet if first else newsletters(None)
