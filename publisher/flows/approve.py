"""Say yes or no to a placement's words, for an organisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from publisher.flows.audit import Doer, note
from publisher.flows.move import describe
from publisher.flows.prepare import prepare
from publisher.flows.rights import may
from publisher.flows.tell import tell_of_vote
from publisher.flows.waiting import NAMES, UNDECIDED, placements, undecided
from publisher.models import (
    Act,
    Approval,
    Entry,
    Organisation,
    Person,
    Placement,
    Version,
    Via,
    Vote,
)
from publisher.models.errors import PlanError, Refused


def approve(
    *,
    entry: str | None,
    organisation: str,
    person: str | Person,
    now: datetime,
    vote: Vote = Vote.YES,
    reason: str = "",
    language: str | None = None,
    outlet: str | None = None,
    seen: Mapping[str, str] | None = None,
    via: Via = Via.DESK,
) -> list[Approval]:
    """Record a vote on the words as they are now; give the rows that were added.

    Saying again what the organisation said last of the same words adds nothing.

    Args:
        entry: its slug; None for every entry that speaks for the organisation.
        organisation: the slug of the one that says it.
        person: who says it: signed in at the desk, or by name at the terminal.
        now: aware.
        vote: yes, no or not yet.
        reason: needed unless it is a yes.
        language: narrows to the placements in it.
        outlet: its slug; narrows to its placements.
        seen: the hash of the words that were looked at, by placement's key; narrows to these.
        via: the door of who is signed in.

    Raises:
        PlanError: the form check finds something wrong with words that are said yes to.
        Refused: nobody says it, of nothing, without a reason or leave, or of words that changed.
    """
    whose = _organisation(organisation)
    if vote is not Vote.YES and not reason.strip():
        raise Refused("A “no” or a “not yet” needs a reason, so that it can be put right.")
    _refuse_without_leave(person, whose)
    asked = _spoken_for(entry, organisation, language, outlet)
    if seen is not None:
        asked = [row for row in asked if row.key in seen]
    problems = prepare(asked, now=now)
    if problems and vote is Vote.YES:
        raise PlanError(problems)
    _refuse_unseen(asked, seen)
    doer = _doer(person, via)
    if vote is Vote.YES:
        _refuse_own_words(asked, whose, doer)
    return _record(asked, _Said(whose, doer, vote, reason.strip(), now))


def _refuse_without_leave(person: str | Person, organisation: Organisation) -> None:
    """Refuse what nobody says, or somebody who may not say it for the organisation."""
    if isinstance(person, str):
        if not person.strip():
            raise Refused("An approval is a person's: say whose with --as “Anna Keller”.")
    elif not may(person, Act.APPROVE, frozenset({organisation.slug})):
        raise Refused(f"You have no role that says yes or no for {organisation.said.short}.")


def _doer(person: str | Person, via: Via) -> Doer:
    """Give who says it; whoever is only named is somebody we know from now on."""
    if isinstance(person, str):
        return Doer(person=_person(person.strip()), via=Via.TERMINAL)
    return Doer(person=person, via=via)


def _refuse_unseen(asked: Sequence[Placement], seen: Mapping[str, str] | None) -> None:
    """Refuse words that are no longer those that were looked at."""
    changed = [row for row in asked if seen is not None and row.rendition_id != seen[row.key]]
    if changed:
        raise Refused(
            "The words changed since you opened them: "
            + "; ".join(describe(row) for row in changed)
            + ". Read them again."
        )


def _refuse_own_words(asked: Sequence[Placement], whose: Organisation, doer: Doer) -> None:
    """Hold to the rule of two: where an organisation has it, writers do not approve themselves."""
    if not whose.said.second_person:
        return
    entries = {f"entry/{row.occurrence.entry.slug}" for row in asked}
    latest = Version.objects.filter(thing__in=entries).order_by("thing", "-at", "-id")
    for version in latest.distinct("thing"):
        if version.person_id is not None and doer.person and version.person_id == doer.person.pk:
            raise Refused(
                f"You wrote “{version.thing.partition('/')[2]}” as it is now; at "
                f"{whose.said.short} somebody else says yes."
            )


def yeses_missing(rows: Iterable[Placement]) -> dict[int, list[str]]:
    """Give, for each placement's id, the organisations that have not said yes to its words."""
    ids = [row.pk for row in rows]
    said = _last_votes(ids)
    found = Placement.objects.filter(id__in=ids).values_list(
        "id", "outlet__organisation__slug", "occurrence__entry"
    )
    # Asked of each entry once: its whole spec is read for it.
    entries = {entry for _, _, entry in found}
    others = dict(Entry.objects.filter(pk__in=entries).values_list("pk", "spec__speaks_for"))
    return {
        pk: [
            slug
            for slug in dict.fromkeys([own, *(others[entry] or [])])
            if said.get((pk, slug)) != Vote.YES
        ]
        for pk, own, entry in found
    }


def _last_votes(ids: Iterable[int]) -> dict[tuple[int, str], str]:
    """Give what each organisation said last of the words that each placement has now."""
    rows = (
        Approval.objects.filter(placement__in=list(ids), rendition=F("placement__rendition"))
        .order_by("placement_id", "organisation_id", "-at", "-id")
        .distinct("placement_id", "organisation_id")
    )
    return {
        (placement, slug): vote
        for placement, slug, vote in rows.values_list("placement_id", "organisation__slug", "vote")
    }


def _organisation(slug: str) -> Organisation:
    found = Organisation.objects.filter(slug=slug, retired_at=None).first()
    if found is None:
        there = ", ".join(
            Organisation.objects.filter(retired_at=None).values_list("slug", flat=True)
        )
        raise Refused(f"There is no organisation “{slug}”; there are {there or 'none yet'}.")
    return found


def _spoken_for(
    entry: str | None, organisation: str, language: str | None, outlet: str | None
) -> Sequence[Placement]:
    """Give the undecided placements whose words the organisation has a say in."""
    rows = placements(entry, UNDECIDED) if entry else undecided()
    if language:
        rows = rows.filter(language=language)
    if outlet:
        rows = rows.filter(outlet__slug=outlet)
    found = [row for row in rows if organisation in speakers(row)]
    if not found and entry is not None:
        raise Refused(
            f"Nothing of “{entry}” waits for a word from “{organisation}”"
            + (" with these options." if language or outlet else ".")
        )
    return found


def speakers(placement: Placement) -> list[str]:
    """Give the organisations whose yes a placement needs, its outlet's own first."""
    others = placement.occurrence.entry.spec.get("speaks_for", [])
    return list(dict.fromkeys([placement.outlet.organisation.slug, *others]))


@dataclass(frozen=True)
class _Said:
    organisation: Organisation
    doer: Doer
    vote: Vote
    reason: str
    at: datetime


def _record(asked: Sequence[Placement], said: _Said) -> list[Approval]:
    with transaction.atomic():
        rows = Placement.objects.select_for_update(of=("self",)).filter(
            id__in=[row.pk for row in asked], state__in=UNDECIDED, rendition__isnull=False
        )
        locked = list(rows.select_related(*NAMES).order_by("id"))
        before = _last_votes(row.pk for row in locked)
        made = Approval.objects.bulk_create(
            _approval(row, said)
            for row in locked
            if before.get((row.pk, said.organisation.slug)) != said.vote
        )
        _write_down(made, said)
        return made


def _write_down(made: Iterable[Approval], said: _Said) -> None:
    """Note one act for each entry it was said of."""
    rows: dict[str, list[Approval]] = {}
    for row in made:
        rows.setdefault(row.placement.occurrence.entry.slug, []).append(row)
    for entry, theirs in rows.items():
        note(
            said.doer,
            f"words.{said.vote}",
            f"entry/{entry}",
            now=said.at,
            organisation=said.organisation.slug,
            words=sorted({row.rendition_id for row in theirs}),
            reason=said.reason,
        )
        tell_of_vote(said.vote, entry, said.organisation.slug, theirs, now=said.at)


def _approval(row: Placement, said: _Said) -> Approval:
    assert row.rendition_id is not None
    assert said.doer.person is not None
    return Approval(
        placement=row,
        rendition_id=row.rendition_id,
        organisation=said.organisation,
        person=said.doer.person,
        vote=said.vote,
        reason=said.reason,
        at=said.at,
    )


def _person(name: str) -> Person:
    """Find a person by name, or write one down, who cannot sign in."""
    first = {"full_name": name[:200], "password": make_password(None)}
    person, _ = Person.objects.get_or_create(username=name[:150], defaults=first)
    return person
