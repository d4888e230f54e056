"""The secretariat's side of proposals: list, read, confirm, refuse; and the papers of one."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Case, QuerySet, Value, When

from publisher.flows import defer, landscape_proposals
from publisher.flows.audit import Doer, note
from publisher.kit.text import without_controls
from publisher.landscape.reasons import Reason
from publisher.models import Proposal, ProposalState
from publisher.models.adapter import Json
from publisher.models.errors import Refused

LONGEST = 5000  #: letters of a reason


def filed(organisations: Collection[str] | None = None) -> QuerySet[Proposal]:
    """Give the proposals whose mailbox is proven, those that wait first, the oldest on top."""
    rows = Proposal.objects.exclude(state=ProposalState.ASKED).select_related("organisation")
    if organisations is not None:
        rows = rows.filter(organisation__slug__in=organisations)
    waiting = Case(When(state=ProposalState.FILED, then=Value(0)), default=Value(1))
    return rows.order_by(waiting, "filed_at", "pk")


def waiting(organisations: Collection[str]) -> QuerySet[Proposal]:
    """Give those of which the secretariat has not spoken, the oldest first."""
    return filed(organisations).filter(state=ProposalState.FILED)


def of_reference(reference: str) -> Proposal:
    """Find a proposal by its reference.

    Raises:
        Refused: there is none.
    """
    found = filed().filter(reference__iexact=reference.strip()).first()
    if found is None:
        raise Refused(f"There is no proposal “{reference}”; see: publisher proposals list")
    return found


def confirm(proposal: Proposal, *, doer: Doer, now: datetime) -> None:
    """Say that a proposal is meant: it stands in the landscape as others do.

    Raises:
        Refused: it was decided already.
    """
    with transaction.atomic():
        row = _waiting(proposal)
        if row.item:
            landscape_proposals.confirm(row.item, now=now)
        _decide(row, ProposalState.CONFIRMED, "", doer, now)


def refuse(proposal: Proposal, *, reason: str, doer: Doer, now: datetime) -> None:
    """Refuse a proposal: it leaves the landscape, and its proposer is told why.

    Raises:
        Refused: it was decided already, or no reason is given.
    """
    reason = without_controls(reason).strip()
    if not reason:
        raise Refused("Say why the proposal is refused; its proposer reads it.")
    if len(reason) > LONGEST:
        raise Refused(f"The reason has {len(reason):,} letters; {LONGEST:,} are the most.")
    with transaction.atomic():
        row = _waiting(proposal)
        if row.item:
            landscape_proposals.leave(row.item)
            row.item = None
        _decide(row, ProposalState.REFUSED, reason, doer, now)


def as_told(proposal: Proposal, language: str = "en", *, personal: bool = True) -> Json:
    """Give a proposal as JSON values, with why each found item is like it.

    Args:
        proposal: with its organisation.
        language: of the reasons.
        personal: whether with name and address.
    """
    evidence = proposal.evidence
    return {
        "reference": proposal.reference,
        "organisation": proposal.organisation.slug,
        "state": proposal.state,
        "language": proposal.language,
        "fields": proposal.fields,
        "proposer": {"body": proposal.body}
        | ({"name": proposal.name, "address": proposal.address} if personal else {}),
        "filed_at": proposal.filed_at.isoformat() if proposal.filed_at else None,
        "decided_at": proposal.decided_at.isoformat() if proposal.decided_at else None,
        "reason": proposal.reason,
        "evidence": {
            **evidence,
            "found": [{**one, "why": why(one, language)} for one in evidence["found"]],
        },
    }


def why(found: Json, language: str) -> list[str]:
    """Say in a language why something found is like a proposal."""
    return [Reason(key=one["key"], values=one["values"]).text(language) for one in found["why"]]


def as_json(proposal: Proposal) -> bytes:
    """Give the filed proposal with its evidence as a JSON file."""
    told = as_told(proposal, proposal.language)
    return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def as_word(proposal: Proposal) -> bytes:
    """Give the filled form, with its evidence below, as a Word document.

    It is made when it is asked for, so that an erased name is in no file of ours.
    """
    from publisher.render.documents.fillable import filled
    from publisher.render.work_item_forms import told

    said = proposal.organisation.said
    language = proposal.language
    found = [
        {
            "item": f"{one['organisation'].upper()}: {one['identifier']}\n{one['title']}",
            "why": "\n".join(why(one, language)),
            "answer": one["answer"],
        }
        for one in proposal.evidence["found"]
    ]
    return filled(
        said,
        told(said.slug, language),
        {
            **proposal.fields,
            "body": proposal.body,
            "name": proposal.name,
            "address": proposal.address,
        },
        found,
        language=language,
        reference=proposal.reference,
    )


def _waiting(proposal: Proposal) -> Proposal:
    rows = Proposal.objects.select_related("organisation", "item")
    row = rows.select_for_update(of=("self",)).get(pk=proposal.pk)
    if row.state != ProposalState.FILED:
        raise Refused(f"{row.reference} was decided already: it is {row.state}.")
    return row


def _decide(row: Proposal, state: ProposalState, reason: str, doer: Doer, now: datetime) -> None:
    row.state, row.reason, row.decided_at, row.decided_by = state, reason, now, doer.person
    row.save()
    note(
        doer,
        "proposal.confirm" if state == ProposalState.CONFIRMED else "proposal.refuse",
        f"proposal/{row.reference}",
        now=now,
        organisation=row.organisation.slug,
    )
    if row.address:
        defer.form_letter("proposal", row.pk, str(state))
