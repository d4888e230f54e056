"""A link that signs somebody in once: printed at the terminal, where its owner stands."""

from __future__ import annotations

from datetime import datetime, timedelta

from publisher.flows.audit import Doer, note
from publisher.kit.signing import person_token, read_person_token
from publisher.models import Organisation, Person, Role, RoleName
from publisher.models.errors import Refused

LINK_GOOD_FOR = timedelta(hours=1)
OFFICER = "Demonstration officer"  #: signs in only at the machine itself


def link(who: Person, *, doer: Doer, now: datetime) -> str:
    """Give the path by which somebody signs in once, within the hour.

    Raises:
        Refused: it is switched off.
    """
    if not who.is_active:
        raise Refused(f"{who.called} is switched off; see: publisher people activate")
    note(doer, "sign_in.link", f"person/{who.username}", now=now)
    token = person_token(who.pk, now + LINK_GOOD_FOR, _state(who))
    return f"/desk/enter/{token}/"


def entering(token: str, *, now: datetime) -> Person:
    """Give who a link lets in.

    Raises:
        Refused: it was used, is too old, or is not ours.
    """
    try:
        pk, until = read_person_token(
            token, lambda pk: _state(Person.objects.filter(pk=pk).first())
        )
    except ValueError as error:
        raise Refused(str(error)) from None
    who = Person.objects.filter(pk=pk, is_active=True).first()
    if who is None or now >= until:
        raise Refused("This link is too old.")
    return who


def officer() -> Person:
    """Give the demonstration officer, an administrator of each organisation."""
    who, made = Person.objects.get_or_create(username=OFFICER, defaults={"full_name": OFFICER})
    if made:
        who.set_unusable_password()
        who.save(update_fields=["password"])
    for organisation in Organisation.objects.filter(retired_at=None):
        Role.objects.get_or_create(
            person=who, organisation=organisation, name=RoleName.ADMINISTRATOR
        )
    return who


def _state(who: Person | None) -> str:
    """What changes with each sign-in, and with a new password."""
    if who is None:
        return ""
    return f"{who.last_login.isoformat() if who.last_login else ''} {who.password}"
