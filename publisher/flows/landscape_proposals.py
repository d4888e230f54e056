"""Proposals as lines of the landscape: found at once by whoever looks for what is alike.

One is marked unconfirmed until the secretariat says that it is meant; until then it is in no
document and in no circulation, so that nobody puts words into them by filling in a form.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import connection

from publisher.flows import landscape_sql as statements
from publisher.landscape.record import record
from publisher.models import Proposal, WorkItem, WorkItemState

SOURCE = "proposals on our forms"


def enter(proposal: Proposal, *, now: datetime) -> WorkItem:
    """Make its line, and index it; call it in the transaction that files it."""
    said = record(
        {
            "identifier": proposal.reference,
            "title": proposal.fields.get("title", ""),
            "scope": proposal.fields.get("scope", ""),
            "committees": [proposal.fields["committee"]]
            if proposal.fields.get("committee")
            else [],
        }
    )
    values = asdict(said)
    lists = {name: list(value) for name, value in values.items() if isinstance(value, tuple)}
    with connection.cursor() as cursor:
        cursor.execute(statements.ALONE)
        made = WorkItem.objects.create(
            **values | lists | {"state": WorkItemState.PROPOSAL},
            organisation=proposal.organisation,
            work=said.works[0],
            words=list(said.words),
            source=SOURCE,
            unconfirmed=True,
            first_seen_at=now,
            changed_at=now,
        )
        cursor.execute(statements.ADD_TITLE, [made.pk])
        cursor.execute(statements.ADD_WORDS, [made.pk])
    return made


def confirm(item: WorkItem, *, now: datetime) -> None:
    """Let it stand as a proposal like others: the next circulation has it as new."""
    WorkItem.objects.filter(pk=item.pk).update(unconfirmed=False, first_seen_at=now, changed_at=now)


def leave(item: WorkItem) -> None:
    """Take it out, with what was indexed of it; the words' counts follow with the next import."""
    item.delete()
