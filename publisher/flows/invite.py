"""Ask somebody to come to the desk, and take it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from publisher.flows import defer
from publisher.flows.audit import Doer, note
from publisher.flows.come import open_invitations
from publisher.flows.people import administered_organisation, give_role
from publisher.flows.rights import is_operator
from publisher.kit.address import plain_address
from publisher.kit.signing import invitation_token
from publisher.models import Invitation, Person, RoleName
from publisher.models.errors import Refused
from publisher.models.invitation import GOOD_FOR
from publisher.settings import settings


def invite(
    address: str,
    *,
    organisation: str,
    roles: Sequence[str],
    doer: Doer,
    now: datetime,
    language: str = "en",
    by_mail: bool = True,
) -> Invitation | None:
    """Invite an address for an organisation; who has an account gets the roles at once.

    Args:
        address: an e-mail address.
        organisation: its slug.
        roles: one or more.
        doer: who administers the organisation.
        now: aware.
        language: of the mail.
        by_mail: False: no mail is sent; the caller hands over the link.

    Returns:
        The invitation; None where the person is there already, and has the roles now.

    Raises:
        Refused: the doer may not, or the address or a role is none.
    """
    whose = administered_organisation(organisation, doer)
    to = _address(address)
    names = _roles(roles)
    there = Person.objects.filter(email__iexact=to).first()
    if there is not None:
        _welcome(there, organisation, names, doer=doer, now=now)
        return None
    with transaction.atomic():
        open_invitations(now).filter(address__iexact=to, organisation=whose).update(
            taken_back_at=now
        )
        made = Invitation.objects.create(
            address=to,
            organisation=whose,
            roles=names,
            language=language,
            invited_by=doer.person,
            invited_at=now,
            good_until=now + GOOD_FOR,
        )
        note(doer, "invitation.send", f"invitation/{made.pk}", now=now, organisation=organisation)
        if by_mail:
            defer.invitation(made.pk)
    return made


def _welcome(
    there: Person, organisation: str, names: Sequence[str], *, doer: Doer, now: datetime
) -> None:
    """Give somebody who has an account the roles."""
    if not there.is_active:
        raise Refused(f"{there.called} has that address and is switched off; switch it on again.")
    for name in names:
        give_role(there, organisation, name, doer=doer, now=now)


def invite_operator(address: str, *, doer: Doer, now: datetime) -> Invitation:
    """Ask somebody to be an operator, who may do everything: only the terminal can.

    Raises:
        Refused: the address is none, or somebody has it.
    """
    to = _address(address)
    if Person.objects.filter(email__iexact=to).exists():
        raise Refused(f"Somebody with that address is here; see: publisher people link {to}")
    with transaction.atomic():
        made = Invitation.objects.create(
            address=to, invited_at=now, good_until=now + GOOD_FOR, invited_by=doer.person
        )
        note(doer, "invitation.send", f"invitation/{made.pk}", now=now, operator=True)
    return made


def take_back(invitation: Invitation, *, doer: Doer, now: datetime) -> None:
    """Make an invitation worthless.

    Raises:
        Refused: it was used or taken back, or the doer does not administer the organisation.
    """
    slug = invitation.organisation.slug if invitation.organisation else ""
    if invitation.organisation is not None:
        administered_organisation(slug, doer)
    elif doer.person is not None and not is_operator(doer.person):
        raise Refused("Only an operator takes that back.")
    with transaction.atomic():
        if not open_invitations(now).filter(pk=invitation.pk).update(taken_back_at=now):
            raise Refused("This invitation was used or taken back, or is too old.")
        thing = f"invitation/{invitation.pk}"
        note(doer, "invitation.take_back", thing, now=now, organisation=slug)


def link(invitation: Invitation) -> str:
    """Give the address that takes an invitation up; whoever has it can."""
    return f"{settings().site_url}/desk/come/{invitation_token(invitation.pk)}/"


def _address(text: str) -> str:
    try:
        return plain_address(text)
    except ValueError as error:
        raise Refused(f"Nobody can be invited so: {str(error).rstrip('.')}.") from None


def _roles(names: Sequence[str]) -> list[str]:
    wrong = [name for name in names if name not in set(RoleName)]
    if wrong or not names:
        raise Refused(f"Say at least one role, of {', '.join(RoleName)}.")
    return list(dict.fromkeys(str(name) for name in names))
