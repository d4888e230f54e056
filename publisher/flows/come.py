"""Who may come in without a word at the terminal, and what becomes of an invitation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from publisher.flows.audit import Doer, note
from publisher.models import Invitation, Person, Role, Via
from publisher.models.errors import Refused


def open_invitations(now: datetime) -> QuerySet[Invitation]:
    """Give those that can still be taken up."""
    return Invitation.objects.filter(
        accepted_at=None, taken_back_at=None, good_until__gt=now
    ).select_related("organisation")


def may_come(
    address: str, claims: Mapping[str, Any], *, domains: str, claim: str, now: datetime
) -> bool:
    """Whether somebody whom an issuer vouches for may have an account here.

    Args:
        address: one that the issuer has verified; empty: it has verified none, and nobody comes.
        claims: what the issuer says of it.
        domains: those allowed, with commas between.
        claim: `name=value` that is enough, too; the claim may be a list.
        now: aware.
    """
    if not address:
        return False
    allowed = {one.strip().lower() for one in domains.split(",") if one.strip()}
    if address.rpartition("@")[2].lower() in allowed or _has(claims, claim):
        return True
    return open_invitations(now).filter(address__iexact=address).exists()


def person_called(name: str) -> Person | None:
    """Find a person by name or address, as it would sign in."""
    return Person.objects.filter(Q(username=name) | Q(email__iexact=name)).first() if name else None


def take_up(who: Person, address: str, *, now: datetime) -> None:
    """Give somebody what all invitations to its verified address offer."""
    if address:
        for invitation in open_invitations(now).filter(address__iexact=address):
            accept(invitation, who, now=now)


def accept(invitation: Invitation, who: Person, *, now: datetime) -> None:
    """Give somebody what an invitation offers; it is good once.

    Raises:
        Refused: it was taken up or taken back, or is too old.
    """
    with transaction.atomic():
        row = open_invitations(now).select_for_update(of=("self",)).filter(pk=invitation.pk).first()
        if row is None:
            raise Refused("This invitation was used or taken back, or is too old.")
        Invitation.objects.filter(pk=row.pk).update(accepted_at=now, person=who)
        _give(row, who)
        note(
            Doer(person=who, via=Via.DESK),
            "invitation.accept",
            f"person/{who.username}",
            now=now,
            organisation=row.organisation.slug if row.organisation else "",
            roles=row.roles,
        )


def _give(invitation: Invitation, who: Person) -> None:
    if invitation.organisation is None:
        Person.objects.filter(pk=who.pk).update(is_superuser=True)
        who.is_superuser = True
    for name in invitation.roles:
        Role.objects.get_or_create(person=who, organisation=invitation.organisation, name=name)


def _has(claims: Mapping[str, Any], claim: str) -> bool:
    name, equals, wanted = claim.partition("=")
    if not equals or not wanted:
        return False
    said = claims.get(name.strip())
    return wanted.strip() in (said if isinstance(said, list) else [said])
