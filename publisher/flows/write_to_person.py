"""The mails to those who sign in: an invitation, a way to a new password, what changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from asgiref.sync import sync_to_async
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import int_to_base36

from publisher.feedback.letter import to_person
from publisher.flows.come import open_invitations
from publisher.flows.invite import link
from publisher.flows.send_letter import Letter, letter, newsletters, send
from publisher.models import Person, Role
from publisher.settings import settings

#: what is said when something about an account changed
NOTICES: Mapping[str, str] = {
    "password": "letter.account.password",
    "added": "letter.account.added",
    "codes": "letter.account.codes",
    "removed": "letter.account.removed",
}


async def send_invitation(invitation: int, *, now: datetime) -> str:
    """Send an invitation and give its mail's key; empty: it is no longer open, nothing was sent.

    Raises:
        DeliveryError: it was not taken. Try again later.
    """
    made = await sync_to_async(_invitation)(invitation, now)
    return await send(made) if made else ""


async def send_password_link(person: int, *, now: datetime) -> str:
    """Send the link by which somebody chooses a new password; empty: nothing was sent.

    Raises:
        DeliveryError: it was not taken. Try again later.
    """
    made = await sync_to_async(_password)(person, now)
    return await send(made) if made else ""


async def send_account_notice(person: int, what: str, *, now: datetime) -> str:
    """Tell somebody what changed about its account; empty: nothing was sent.

    Args:
        person: its id.
        what: of `NOTICES`.
        now: aware.

    Raises:
        DeliveryError: it was not taken. Try again later.
    """
    made = await sync_to_async(_notice)(person, what, now)
    return await send(made) if made else ""


def _invitation(pk: int, now: datetime) -> Letter | None:
    found = open_invitations(now).filter(pk=pk).first()
    outlet = newsletters(found.organisation_id) if found else None
    if found is None or outlet is None:
        return None
    whose = found.organisation.said if found.organisation else outlet.organisation.said
    content = to_person(
        "letter.invitation",
        found.language,
        link=link(found),
        postal_address=whose.postal_address,
        organisation=whose.short,
        address=found.address,
    )
    return letter(
        outlet, content, about="invitation", to=pk, address=found.address, at=found.invited_at
    )


def _password(pk: int, now: datetime) -> Letter | None:
    who = Person.objects.filter(pk=pk, is_active=True).first()
    if who is None:
        return None
    token = PasswordResetTokenGenerator().make_token(who)
    address = f"{settings().site_url}/desk/password/{int_to_base36(pk)}-{token}/"
    return _to(who, "letter.new_password", address, now)


def _notice(pk: int, what: str, now: datetime) -> Letter | None:
    who = Person.objects.filter(pk=pk).first()
    return _to(who, NOTICES[what], f"{settings().site_url}/desk/account/", now) if who else None


def _to(who: Person, key: str, address: str, now: datetime) -> Letter | None:
    role = Role.objects.filter(person=who).order_by("organisation__slug").first()
    outlet = newsletters(role.organisation_id if role else None)
    if outlet is None or not who.email:
        return None
    postal = outlet.organisation.said.postal_address
    content = to_person(key, who.language, link=address, postal_address=postal, name=who.called)
    return letter(outlet, content, about=key, to=who.pk, address=who.email, at=now)
