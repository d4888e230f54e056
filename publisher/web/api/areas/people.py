"""Who may do what for which organisation, who was invited, and who did what."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from publisher.flows import invite as invitations
from publisher.flows import people as flow
from publisher.flows import trail as audit
from publisher.flows.come import open_invitations
from publisher.flows.rights import is_operator
from publisher.flows.sign_ins import end_sessions, second_factors
from publisher.kit import clock
from publisher.models import Act, AuditRow, Invitation, Person, RoleName
from publisher.web.api.door import Area, doer
from publisher.web.api.shapes import (
    Active,
    Done,
    Moment,
    Page,
    Paged,
    Sent,
    Shown,
    Slug,
    Values,
    page,
)
from publisher.web.desk.door import person
from publisher.web.desk.people.views import invitations_owners, owners

area = Area("People", "Roles, invitations, and the audit trail of everything.")


class PeopleAsked(Sent):
    """What narrows it."""

    organisation: Slug = ""


class PersonShown(Shown):
    """Somebody who signs in, with its roles where the token administers."""

    number: int
    username: str
    full_name: str
    address: str
    active: bool
    operator: bool
    roles: dict[str, list[RoleName]]
    second_factors: list[str]
    last_seen_at: datetime | None


class InvitationShown(Shown):
    """Somebody is asked to come; the link itself is in the mail alone."""

    number: int
    address: str
    organisation: str
    roles: list[RoleName]
    invited_at: datetime
    good_until: datetime


class InvitationSent(Sent):
    """Whom to ask."""

    address: str = Field(max_length=254)
    organisation: Slug
    roles: list[RoleName] = Field(min_length=1, max_length=5)
    language: str = Field("en", max_length=12, description="Of the mail.")


class Invited(Shown):
    """What came of it."""

    invitation: InvitationShown | None = Field(
        description="Null: the person was here already, and has the roles now."
    )


class RolesSent(Sent):
    """All roles of a person in an organisation."""

    roles: list[RoleName] = Field(max_length=5)


class TrailAsked(Paged):
    """What of the trail."""

    person: Slug = Field("", description="A username.")
    act: Slug = Field("", description="How it begins, such as `role.`.")
    thing: str = Field("", max_length=300, description="How it begins, such as `entry/`.")
    organisation: Slug = ""
    since: Moment | None = None
    until: Moment | None = Field(None, description="Before that moment.")
    limit: int = Field(audit.PAGE, ge=audit.PAGE, le=audit.PAGE, description="Always 50.")


class TrailShown(Shown):
    """One act."""

    at: datetime
    person: str
    via: str
    act: str
    thing: str
    organisation: str
    details: Values


@area.get("/people", Act.ADMINISTER, gives=list[PersonShown])
def people(request: HttpRequest, asked: Query[PeopleAsked]) -> list[dict[str, object]]:
    """Give who has a role in the organisations that the token administers."""
    mine = [slug for slug in _mine(request) if asked.organisation in {"", slug}]
    everybody = is_operator(person(request)) and not asked.organisation
    return _told(flow.people(mine, everybody=everybody))


@area.get("/people/{int:pk}", Act.ADMINISTER, owners, gives=PersonShown)
def one_person(request: HttpRequest, pk: int) -> dict[str, object]:
    """Give one person with its roles where the token administers."""
    known = flow.people(_mine(request), everybody=is_operator(person(request)))
    found = next((one for one in known if one.person.pk == pk), None)
    if found is None:
        raise Http404
    return _told([found])[0]


@area.put("/people/{int:pk}/roles/{slug:organisation}", Act.ADMINISTER, owners, gives=Done)
def set_roles(request: HttpRequest, pk: int, organisation: str, said: RolesSent) -> dict[str, int]:
    """Give a person these roles in an organisation, and no others."""
    who, now = Person.objects.get(pk=pk), clock.now()
    with transaction.atomic():
        changed = 0
        for role in RoleName:
            change = flow.give_role if role in said.roles else flow.take_role
            changed += change(who, organisation, role, doer=doer(request), now=now)
    return {"count": changed}


@area.put("/people/{int:pk}/active", Act.ADMINISTER, owners, gives=PersonShown)
def switch_person(request: HttpRequest, pk: int, said: Active) -> dict[str, object]:
    """Let somebody in no more, or again; its tokens open nothing meanwhile."""
    change = flow.activate if said.active else flow.deactivate
    change(Person.objects.get(pk=pk), doer=doer(request), now=clock.now())
    return one_person(request, pk)


@area.delete("/people/{int:pk}/sessions", Act.ADMINISTER, owners, gives=Done)
def end_all_sessions(request: HttpRequest, pk: int) -> dict[str, int]:
    """Sign somebody out everywhere."""
    who = Person.objects.get(pk=pk)
    if not flow.wholly_administered(who, person(request)):
        raise Http404
    return {"count": end_sessions(who, doer=doer(request), now=clock.now())}


@area.get("/invitations", Act.ADMINISTER, gives=list[InvitationShown])
def open_invitations_(request: HttpRequest) -> list[dict[str, object]]:
    """Give the invitations that can still be taken up."""
    rows = open_invitations(clock.now()).filter(organisation__slug__in=_mine(request))
    return [_invitation(row) for row in rows.select_related("organisation")]


@area.post("/invitations", Act.ADMINISTER, gives=Invited, status=201)
def invite_person(request: HttpRequest, said: InvitationSent) -> dict[str, object]:
    """Ask somebody to come; who is here already gets the roles at once."""
    made = invitations.invite(
        said.address,
        organisation=said.organisation,
        roles=said.roles,
        language=said.language,
        doer=doer(request),
        now=clock.now(),
    )
    return {"invitation": _invitation(made) if made else None}


@area.delete("/invitations/{int:invitation}", Act.ADMINISTER, invitations_owners, status=204)
def take_invitation_back(request: HttpRequest, invitation: int) -> None:
    """Make an invitation worthless."""
    found = Invitation.objects.select_related("organisation").get(pk=invitation)
    invitations.take_back(found, doer=doer(request), now=clock.now())


@area.get("/trail", Act.ADMINISTER, gives=Page[TrailShown])
def trail(
    request: HttpRequest, response: HttpResponse, asked: Query[TrailAsked]
) -> dict[str, object]:
    """Give who did what, the newest first."""
    said = audit.Asked(**asked.model_dump(exclude={"cursor", "limit"}))
    found = audit.page(person(request), said, after=asked.cursor)
    return page(request, response, [_act(row) for row in found.rows], found.after)


def _mine(request: HttpRequest) -> list[str]:
    who = person(request)
    return flow.administered(None if is_operator(who) else who)


def _told(known: list[flow.Known]) -> list[dict[str, object]]:
    factors = second_factors(one.person.pk for one in known)
    return [
        {
            "number": one.person.pk,
            "username": one.person.username,
            "full_name": one.person.full_name,
            "address": one.person.email,
            "active": one.person.is_active,
            "operator": one.person.is_superuser,
            "roles": one.roles,
            "second_factors": factors.get(one.person.pk, []),
            "last_seen_at": one.person.last_seen_at,
        }
        for one in known
    ]


def _invitation(row: Invitation) -> dict[str, object]:
    names = ("address", "roles", "invited_at", "good_until")
    slug = row.organisation.slug if row.organisation else ""
    said = {name: getattr(row, name) for name in names}
    return {**said, "number": row.pk, "organisation": slug}


def _act(row: AuditRow) -> dict[str, object]:
    names = ("at", "via", "act", "thing", "organisation", "details")
    said = {name: getattr(row, name) for name in names}
    return {**said, "person": row.person.username if row.person else ""}
