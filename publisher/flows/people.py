"""Look after those who sign in: roles, an organisation each, and whether they may come in."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from publisher.flows.audit import Doer, note
from publisher.flows.rights import is_operator, may, organisations
from publisher.flows.sign_ins import end_sessions
from publisher.models import Act, Organisation, Person, Role, RoleName
from publisher.models.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Known:
    """One person as an administrator sees it: with its roles where that administers."""

    person: Person
    roles: dict[str, list[str]]  #: names, by organisation's slug


def administered(who: Person | None) -> list[str]:
    """Give the slugs of the organisations whose people somebody looks after; None: the terminal."""
    if who is None:
        rows = Organisation.objects.filter(retired_at=None).order_by("slug")
        return list(rows.values_list("slug", flat=True))
    return organisations(who, Act.ADMINISTER)


def people(of: Iterable[str], *, everybody: bool = False) -> list[Known]:
    """Give those who have a role in these organisations, by name.

    Args:
        of: slugs.
        everybody: those without any role, too.
    """
    slugs = set(of)
    theirs = Role.objects.filter(organisation__slug__in=slugs).select_related("organisation")
    rows = Person.objects.order_by("full_name", "username")
    if not everybody:
        rows = rows.filter(pk__in=theirs.values("person"))
    return [_known(row) for row in rows.prefetch_related(Prefetch("roles", theirs, "seen_roles"))]


def found(name: str) -> Person:
    """Find a person by name or address.

    Raises:
        Refused: there is none.
    """
    rows = Person.objects.filter(Q(username=name) | Q(email__iexact=name) | Q(full_name=name))
    first = rows.order_by("pk").first()
    if first is None:
        raise Refused(f"There is no person “{name}”; see: publisher people list")
    return first


def give_role(who: Person, organisation: str, role: str, *, doer: Doer, now: datetime) -> bool:
    """Give a role; False if the person had it.

    Raises:
        Refused: the doer does not administer the organisation, or there is no such thing.
    """
    whose = administered_organisation(organisation, doer)
    name = _named(role)
    with transaction.atomic():
        _, made = Role.objects.get_or_create(person=who, organisation=whose, name=name)
        if made:
            _note(doer, "role.give", who, whose, now, role=name)
    return made


def take_role(who: Person, organisation: str, role: str, *, doer: Doer, now: datetime) -> bool:
    """Take a role away; False if the person did not have it.

    Raises:
        Refused: the doer does not administer the organisation, or it would be left without an
            administrator.
    """
    whose = administered_organisation(organisation, doer)
    name = _named(role)
    with transaction.atomic():
        # Two at once must not take away the last two.
        Organisation.objects.select_for_update().get(pk=whose.pk)
        if name == RoleName.ADMINISTRATOR and doer.person is not None:
            _refuse_last(who, [whose])
        gone, _ = Role.objects.filter(person=who, organisation=whose, name=name).delete()
        if gone:
            _note(doer, "role.take", who, whose, now, role=name)
    return bool(gone)


def settle_roles(
    who: Person, organisation: str, wanted: Collection[str], *, doer: Doer, now: datetime
) -> None:
    """Let somebody have these roles in an organisation and no others: all of it, or none.

    Raises:
        Refused: see `give_role` and `take_role`; nothing is changed.
    """
    with transaction.atomic():
        for role in RoleName:
            change = give_role if role in wanted else take_role
            change(who, organisation, role, doer=doer, now=now)


def deactivate(who: Person, *, doer: Doer, now: datetime) -> None:
    """Let somebody in no more; what it did stays written down.

    Raises:
        Refused: the doer does not administer all organisations it has a role in, or it is itself,
            or an organisation would be left without an administrator.
    """
    theirs = _refuse_others(who, doer)
    if doer.person is not None:
        if who.pk == doer.person.pk:
            raise Refused("Nobody switches off the account it works with.")
        _refuse_last(who, theirs)
    with transaction.atomic():
        if Person.objects.filter(pk=who.pk, is_active=True).update(is_active=False):
            _note(doer, "person.deactivate", who, None, now)
        # Else they would be open again on the day the account is.
        end_sessions(who, doer=doer, now=now)
    who.is_active = False


def activate(who: Person, *, doer: Doer, now: datetime) -> None:
    """Let somebody in again, with the roles it had.

    Raises:
        Refused: the doer does not administer all organisations it has a role in.
    """
    _refuse_others(who, doer)
    with transaction.atomic():
        if Person.objects.filter(pk=who.pk, is_active=False).update(is_active=True):
            _note(doer, "person.activate", who, None, now)
    who.is_active = True


def wholly_administered(who: Person, doer: Person) -> bool:
    """Whether somebody administers every organisation that a person has a role in."""
    if is_operator(doer):
        return True
    slugs = set(who.roles.values_list("organisation__slug", flat=True))
    return not who.is_superuser and bool(slugs) and slugs <= set(administered(doer))


def administered_organisation(slug: str, doer: Doer) -> Organisation:
    """Give an organisation that the doer administers.

    Raises:
        Refused: there is none, or it does not.
    """
    whose = Organisation.objects.filter(slug=slug, retired_at=None).first()
    if whose is None:
        raise Refused(
            f"There is no organisation “{slug}”; there are {', '.join(administered(None))}."
        )
    if doer.person is not None and not may(doer.person, Act.ADMINISTER, frozenset({slug})):
        raise Refused(f"You do not administer {whose.said.short}.")
    return whose


def nobody_administers() -> bool:
    """Whether there is nobody yet who could let others in."""
    able = Q(is_superuser=True) | Q(roles__name=RoleName.ADMINISTRATOR)
    return not Person.objects.filter(able, is_active=True).exists()


def _refuse_others(who: Person, doer: Doer) -> QuerySet[Organisation]:
    if doer.person is not None and not wholly_administered(who, doer.person):
        raise Refused(
            f"{who.called} has a role in an organisation that you do not administer; "
            "take away the roles in yours instead."
        )
    return Organisation.objects.filter(roles__person=who).distinct()


def _refuse_last(who: Person, of: Iterable[Organisation]) -> None:
    """Refuse to leave an organisation without an administrator."""
    for organisation in of:
        able = Role.objects.filter(
            organisation=organisation, name=RoleName.ADMINISTRATOR, person__is_active=True
        )
        if able.filter(person=who).exists() and not able.exclude(person=who).exists():
            raise Refused(
                f"{who.called} is the last administrator of {organisation.said.short}; "
                "name another one first."
            )


def _named(role: str) -> RoleName:
    try:
        return RoleName(role)
    except ValueError:
        raise Refused(f"There is no role “{role}”; there are {', '.join(RoleName)}.") from None


def _known(row: Person) -> Known:
    roles: dict[str, list[str]] = {}
    for role in getattr(row, "seen_roles", []):
        roles.setdefault(role.organisation.slug, []).append(role.name)
    return Known(person=row, roles=roles)


def _note(
    doer: Doer,
    act: str,
    who: Person,
    organisation: Organisation | None,
    now: datetime,
    **details: object,
) -> None:
    slug = organisation.slug if organisation else ""
    note(doer, act, f"person/{who.username}", now=now, organisation=slug, **details)
