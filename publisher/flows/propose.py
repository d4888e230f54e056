"""Somebody proposes new work: searched for what is like it, asked to confirm by mail, then filed.

Whatever the address, who asks learns nothing about it: see `publisher.flows.subscribe`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max

from publisher.feedback.consent import may_confirm
from publisher.flows import defer, landscape_proposals
from publisher.flows.audit import Doer, note
from publisher.flows.find_related import Related, Searched, find_related
from publisher.flows.landscape_lines import NEAR
from publisher.flows.tallies import Most
from publisher.kit.signing import address_hash
from publisher.models import Organisation, Outlet, Proposal, ProposalState, Suppression
from publisher.models.adapter import Json
from publisher.models.errors import Refused

FORM = "work-item-form"
MOST_FOUND = 8  #: items shown beside a form
PER_ADDRESS = Most(what="proposal", times=3, stretch=timedelta(days=1))


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a form said, checked."""

    organisation: Organisation
    language: str
    fields: Mapping[str, str]
    body: str
    name: str
    address: str
    answers: Mapping[str, str]  #: what makes it different, by the key of what is like it


def takers() -> list[Organisation]:
    """Give the organisations that take proposals on our forms."""
    outlets = Outlet.objects.filter(
        retired_at=None, channel__retired_at=None, channel__spec__form=FORM
    )
    rows = Organisation.objects.filter(retired_at=None, outlets__in=outlets)
    return list(rows.distinct().order_by("slug"))


def search(title: str, scope: str) -> Searched | None:
    """Look in what all organisations work on; None: there is nothing to search by yet."""
    title, scope = title[:300], scope[:4000]
    if not title.strip():
        return None
    try:
        return find_related(title, scope=scope, most=MOST_FOUND, proposed=True)
    except Refused:
        return None


def likely(one: Related) -> bool:
    """Whether it may be the same work, so that the proposer must say what makes it different."""
    return one.kind == "twin" or one.score >= NEAR


def key(one: Related) -> str:
    """Name it among what was found."""
    return f"{one.organisation} {one.identifier}"


def unanswered(found: Sequence[Related], answers: Mapping[str, str]) -> list[str]:
    """Give the keys of likely twins of which the proposer has said nothing."""
    return [key(one) for one in found if likely(one) and not answers.get(key(one))]


def ask(said: Said, searched: Searched | None, *, now: datetime) -> None:
    """Keep it, and have the mail sent that asks to confirm it."""
    if not PER_ADDRESS.allows(said.address, now=now):
        return
    with transaction.atomic():
        if Suppression.objects.filter(address_hash=address_hash(said.address)).exists():
            return
        made = _kept(said, searched, now)
        defer.form_letter("proposal", made.pk, "confirm")


def confirm(pk: int, *, now: datetime) -> Proposal | None:
    """File what its mailbox confirms; None: it is gone or too old. A repeat changes nothing."""
    with transaction.atomic():
        rows = Proposal.objects.select_related("organisation")
        found = rows.select_for_update(of=("self",)).filter(pk=pk).first()
        if found is None or found.state != ProposalState.ASKED:
            return found
        if not may_confirm(found.asked_at, now):
            return None
        _enter(found, now)
        return found


def file(said: Said, searched: Searched | None, *, doer: Doer, now: datetime) -> Proposal:
    """File at once what reached the secretariat by another way; whoever files it vouches for it.

    An address that nobody may write to is not kept; without one, nobody is told by mail.
    """
    with transaction.atomic():
        shut = Suppression.objects.filter(address_hash=address_hash(said.address)).exists()
        made = _kept(replace(said, address="") if shut else said, searched, now)
        _enter(made, now)
        slug = made.organisation.slug
        note(doer, "proposal.file", f"proposal/{made.reference}", now=now, organisation=slug)
        return made


def withdraw(pk: int, *, now: datetime) -> None:
    """Take a proposal back, by its proposer, while the secretariat has not spoken."""
    with transaction.atomic():
        rows = Proposal.objects.select_for_update(of=("self",)).filter(pk=pk)
        found = rows.filter(state=ProposalState.FILED).first()
        if found is None:
            return
        if found.item:
            landscape_proposals.leave(found.item)
        found.state, found.decided_at, found.item = ProposalState.WITHDRAWN, now, None
        found.save()


def _kept(said: Said, searched: Searched | None, now: datetime) -> Proposal:
    return Proposal.objects.create(
        organisation=said.organisation,
        language=said.language,
        fields=dict(said.fields),
        evidence=_evidence(searched, said.answers, now),
        body=said.body,
        name=said.name,
        address=said.address,
        asked_at=now,
    )


def _enter(proposal: Proposal, now: datetime) -> None:
    """Give it its number and its line in the landscape, and have its proposer told."""
    _number(proposal, now)
    proposal.state, proposal.filed_at = ProposalState.FILED, now
    proposal.item = landscape_proposals.enter(proposal, now=now)
    proposal.save()
    if proposal.address:
        defer.form_letter("proposal", proposal.pk, "filed")


def _number(proposal: Proposal, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('publisher.proposal-numbers'))")
    said = proposal.organisation.said
    proposal.year = now.astimezone(ZoneInfo(said.time_zone)).year
    mine = Proposal.objects.filter(organisation=proposal.organisation, year=proposal.year)
    proposal.number = (mine.aggregate(last=Max("number"))["last"] or 0) + 1
    short = (said.short or proposal.organisation.slug)[:20]
    proposal.reference = f"{short}/P {proposal.year}-{proposal.number}"


def _evidence(searched: Searched | None, answers: Mapping[str, str], now: datetime) -> Json:
    """Keep what was searched and found, in the words of that moment."""
    found = searched.found if searched else ()
    return {
        "searched": now.isoformat(),
        "titles": searched.titles if searched else 0,
        "organisations": list(searched.organisations) if searched else [],
        "found": [
            {
                "organisation": one.organisation,
                "identifier": one.identifier,
                "title": one.title,
                "kind": one.kind,
                "score": one.score,
                "url": one.url,
                "why": [{"key": each.key, "values": dict(each.values)} for each in one.why],
                "likely": likely(one),
                "answer": answers.get(key(one), ""),
            }
            for one in found
        ],
    }
