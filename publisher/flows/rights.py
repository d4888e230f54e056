"""Who may do what: roles are given for one organisation, and things belong to some or to all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from publisher.models import MAY, Act, Organisation, Outlet, Person, Placement, Role
from publisher.plan.diff import Said

#: whose a thing is; None: everybody's, so that leave from any organisation will do
Owners = frozenset[str] | None


def acts(person: Person) -> Mapping[str, frozenset[Act]]:
    """Give what a person may do, by the slug of the organisation that lets it.

    Whoever acts through a token may do what both may: the person now, and the token ever.
    """
    able, token = _own_acts(person), person.acts_through
    if token is None:
        return able
    within = token.organisations or able
    return {
        slug: left
        for slug in within
        if (left := able.get(slug, frozenset()) & frozenset(map(Act, token.acts)))
    }


def is_operator(person: Person) -> bool:
    """Whether nobody's leave is asked for; a token that is for some organisations never is so."""
    token = person.acts_through
    narrowed = token is not None and bool(token.organisations)
    return person.is_superuser and person.is_active and not narrowed


def _own_acts(person: Person) -> Mapping[str, frozenset[Act]]:
    if not person.is_active:
        return {}
    if person.is_superuser:
        slugs = Organisation.objects.filter(retired_at=None).values_list("slug", flat=True)
        return dict.fromkeys(slugs, frozenset(Act))
    allowed: dict[str, frozenset[Act]] = {}
    rows = Role.objects.filter(person=person, organisation__retired_at=None)
    for slug, name in rows.values_list("organisation__slug", "name"):
        allowed[slug] = allowed.get(slug, frozenset()) | MAY[name]
    return allowed


def may(person: Person, act: Act, owners: Owners = None) -> bool:
    """Whether a person may do this to a thing of these organisations."""
    if is_operator(person):
        return person.acts_through is None or act in person.acts_through.acts
    return bool(organisations(person, act, owners))


def organisations(person: Person, act: Act, owners: Owners = None) -> list[str]:
    """Give the organisations for which a person may do this, among the owners; by slug."""
    allowed = acts(person)
    return sorted(
        slug for slug, able in allowed.items() if act in able and (owners is None or slug in owners)
    )


def owners(kind: str, said: Said) -> Owners:
    """Give whose an object of the plan is.

    An entry is theirs whom it speaks for, and what speaks for nobody everybody's, of whom
    `may_change` asks more; an audience, theirs whose it is; an outlet and a choice, the one
    organisation's. Channels, key messages, events and whatever names nobody are everybody's.
    """
    match kind:
        case "organisation":
            return frozenset({said["slug"]})
        case "outlet":
            return frozenset({said["organisation"]})
        case "choice":
            return _of_outlet(said["outlet"])
        case "entry":
            return _named(said.get("speaks_for", ()))
        case "audience":
            return _named(said.get("organisations", ()))
        case _:
            return None


def may_change(person: Person, act: Act, kind: str, said: Said) -> bool:
    """Whether a person may do this to an object of the plan, all that follows from it included.

    An entry that speaks for nobody takes the leave of everybody through whose outlets it goes:
    docs/decisions/0032-what-speaks-for-nobody-takes-everybodys-leave.md.
    """
    if not may(person, act, owners(kind, said)):
        return False
    if kind != "entry" or said.get("speaks_for"):
        return True
    rows = Placement.objects.filter(occurrence__entry__slug=said["slug"])
    through = set(rows.values_list("outlet__organisation__slug", flat=True).distinct())
    return is_operator(person) or through <= set(organisations(person, act))


def act_of_changing(kind: str, before: Said | None, after: Said | None) -> Act:
    """Give what changing an object amounts to.

    What decides where credentials go and in whose name something speaks is for administrators;
    channels and templates are everybody's, so changing them is, too.
    """
    if kind in {"organisation", "channel", "template"}:
        return Act.ADMINISTER
    if kind == "outlet" and (
        before is None or after is None or _reaches(before) != _reaches(after)
    ):
        return Act.ADMINISTER
    return Act.EDIT


def _reaches(outlet: Said) -> list[object]:
    """Give what says which service an outlet reaches, and as whom."""
    names = ("organisation", "channel", "adapter", "account", "settings", "sender")
    return [outlet.get(name) for name in names]


def _named(slugs: Iterable[str]) -> Owners:
    return frozenset(slugs) or None


def _of_outlet(slug: str) -> Owners:
    found = Outlet.objects.filter(slug=slug).values_list("organisation__slug", flat=True)
    return frozenset(found)
