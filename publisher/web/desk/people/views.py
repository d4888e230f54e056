"""Who may do what: shown, given, taken away."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from publisher.flows import invite as invitations
from publisher.flows import people as flow
from publisher.flows.come import open_invitations
from publisher.flows.edit import mark
from publisher.flows.rights import Owners
from publisher.flows.second_factor import ask_for
from publisher.flows.sign_ins import end_sessions, second_factors, sessions
from publisher.kit import clock, words
from publisher.models import AuditRow, Invitation, Organisation, Person, Role, RoleName
from publisher.models.errors import PublisherError, Refused
from publisher.web.desk.door import doer, person
from publisher.web.desk.screen import screen, spoken


def owners(_request: HttpRequest, *, pk: int, **_rest: str) -> Owners:
    """Give the organisations that a person has a role in: theirs is its account."""
    who = get_object_or_404(Person, pk=pk)
    return frozenset(who.roles.values_list("organisation__slug", flat=True))


def invitations_owners(_request: HttpRequest, *, invitation: int) -> Owners:
    """Give the organisation that invited; an operator's invitation is only operators'."""
    found = get_object_or_404(Invitation, pk=invitation)
    return frozenset({found.organisation.slug} if found.organisation else ())


def organisations_owner(_request: HttpRequest, *, organisation: str) -> Owners:
    """Give the organisation itself."""
    return frozenset({organisation})


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who has which role, and who was invited."""
    return _people(request)


@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Ask somebody to come."""
    said = request.POST
    try:
        made = invitations.invite(
            said.get("address", ""),
            organisation=said.get("organisation", ""),
            roles=said.getlist("role"),
            language=said.get("language", "") or spoken(request).tag,
            doer=doer(request),
            now=clock.now(),
        )
    except Refused as refused:
        return _people(request, wrong=[str(refused)])
    key = "desk.people.invited" if made else "desk.people.was_here"
    return _back(request, reverse("desk-people"), key)


@require_POST
def take_back(request: HttpRequest, invitation: int) -> HttpResponse:
    """Make an invitation worthless."""
    found = get_object_or_404(Invitation.objects.select_related("organisation"), pk=invitation)
    return _done(
        request,
        reverse("desk-people"),
        lambda: invitations.take_back(found, doer=doer(request), now=clock.now()),
        "desk.people.taken_back",
    )


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles, sessions, and what it did last."""
    who, me = get_object_or_404(Person, pk=pk), person(request)
    held = set(who.roles.values_list("organisation__slug", "name"))
    mine = _organisations(request)
    return screen(
        request,
        "people/person",
        at="people",
        who=who,
        organisations=mine,
        roles=list(RoleName),
        held=held,
        elsewhere=sorted({slug for slug, _ in held} - {one.slug for one in mine}),
        factors=second_factors([pk]).get(pk, []),
        sessions=len(sessions(who)) if flow.wholly_administered(who, me) else None,
        wholly=flow.wholly_administered(who, me) and who.pk != me.pk,
        done=AuditRow.objects.filter(person=who, organisation__in=[o.slug for o in mine])[:10],
    )


@require_POST
def roles(request: HttpRequest, pk: int) -> HttpResponse:
    """Give and take roles: those ticked are held, those shown and not ticked are not."""
    who = get_object_or_404(Person, pk=pk)
    slug, wanted = request.POST.get("organisation", ""), set(request.POST.getlist("role"))

    def settle() -> None:
        flow.settle_roles(who, slug, wanted, doer=doer(request), now=clock.now())

    there = reverse("desk-person", args=[pk])
    response = _done(request, there, settle, "desk.people.roles_kept")
    # Whoever has no role with us any more is no longer ours to look at.
    gone = not person(request).is_superuser and not Role.objects.filter(
        person=who, organisation__slug__in=flow.administered(person(request))
    )
    return HttpResponseRedirect(reverse("desk-people")) if gone else response


@require_POST
def second_factor(request: HttpRequest, organisation: str) -> HttpResponse:
    """Ask all people of an organisation for a second factor, or ask no longer."""
    said = request.POST
    return _done(
        request,
        reverse("desk-people"),
        lambda: ask_for(
            organisation,
            wanted=said.get("wanted") == "yes",
            seen=said.get("seen", ""),
            doer=doer(request),
            now=clock.now(),
        ),
        "desk.people.second_kept",
    )


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody in no more, or again."""
    who = get_object_or_404(Person, pk=pk)
    change = flow.deactivate if who.is_active else flow.activate
    key = "desk.people.switched_off" if who.is_active else "desk.people.switched_on"
    there = reverse("desk-person", args=[pk])
    return _done(request, there, lambda: change(who, doer=doer(request), now=clock.now()), key)


@require_POST
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End all of somebody's sessions."""
    who = get_object_or_404(Person, pk=pk)
    if not flow.wholly_administered(who, person(request)):
        raise Http404
    end_sessions(who, doer=doer(request), now=clock.now())
    return _back(request, reverse("desk-person", args=[pk]), "desk.people.signed_out")


def _people(request: HttpRequest, wrong: list[str] | None = None) -> HttpResponse:
    mine = _organisations(request)
    asked = request.GET.get("organisation", "")
    shown = [one.slug for one in mine if asked in ("", one.slug)]
    known = flow.people(shown, everybody=person(request).is_superuser and not asked)
    return screen(
        request,
        "people/people",
        at="people",
        status=422 if wrong else 200,
        wrong=wrong or [],
        said={name: request.POST.get(name, "") for name in ("address", "organisation", "language")},
        ticked=request.POST.getlist("role"),
        organisations=mine,
        short={one.slug: one.said.short for one in mine},
        marks={one.slug: mark(one) for one in mine},
        asked=asked,
        known=known,
        factors=second_factors(one.person.pk for one in known),
        invitations=open_invitations(clock.now()).filter(organisation__slug__in=shown),
        roles=list(RoleName),
        languages=words.LANGUAGES,
    )


def _organisations(request: HttpRequest) -> QuerySet[Organisation]:
    slugs = flow.administered(person(request))
    if person(request).is_superuser:
        slugs = flow.administered(None)
    return Organisation.objects.filter(slug__in=slugs).order_by("slug")


def _done(request: HttpRequest, there: str, act: Callable[[], object], key: str) -> HttpResponse:
    """Do something and go back, with what came of it."""
    try:
        act()
    except PublisherError as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(there)
    return _back(request, there, key)


def _back(request: HttpRequest, there: str, key: str) -> HttpResponse:
    messages.success(request, spoken(request).say(key))
    return HttpResponseRedirect(there)
