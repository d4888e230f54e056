"""Somebody from outside offers to collaborate: asked to confirm by mail, then an answer is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from publisher.feedback.consent import may_confirm
from publisher.flows import defer
from publisher.flows.intakes import FORM
from publisher.flows.propose import MOST_FOUND, search
from publisher.flows.tallies import Most
from publisher.flows.tell import tell
from publisher.kit.dates import working_days_after
from publisher.kit.signing import address_hash
from publisher.models import EventName, Intake, IntakeState, Outlet, Suppression, WorkItem
from publisher.settings import settings

PER_ADDRESS = Most(what="intake", times=3, stretch=timedelta(days=1))


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a form said, checked."""

    language: str
    body: str
    website: str
    about: str
    work: str
    item: str  #: `<organisation> <identifier>` of what was chosen in the landscape; may be empty
    offer: str
    name: str
    address: str


def is_open() -> bool:
    """Whether somebody in the plan takes offers."""
    return Outlet.objects.filter(
        retired_at=None, channel__retired_at=None, channel__spec__form=FORM
    ).exists()


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A work item that the words of an offer may mean."""

    key: str  #: `<organisation> <identifier>`
    identifier: str
    title: str


def work_items(words: str) -> list[Choice]:
    """Find the work items that words may mean: by the beginning of a number, else by title."""
    rows = WorkItem.objects.filter(
        identifier__istartswith=words, unconfirmed=False, missing_since=None
    )
    rows = rows.select_related("organisation").order_by("identifier")[:MOST_FOUND]
    named = [(one.organisation.slug, one.identifier, one.title) for one in rows]
    searched = search(words, "")
    alike = [
        (one.organisation, one.identifier, one.title)
        for one in (searched.found if searched else ())
        if not one.unconfirmed
    ]
    return [
        Choice(key=f"{owner} {identifier}", identifier=identifier, title=title)
        for owner, identifier, title in list(dict.fromkeys([*named, *alike]))[:MOST_FOUND]
    ]


def ask(said: Said, *, now: datetime) -> None:
    """Keep it, and have the mail sent that asks to confirm it."""
    if not PER_ADDRESS.allows(said.address, now=now):
        return
    with transaction.atomic():
        if Suppression.objects.filter(address_hash=address_hash(said.address)).exists():
            return
        made = Intake.objects.create(
            language=said.language,
            body=said.body,
            website=said.website,
            about=said.about,
            work=said.work,
            item=_item(said.item),
            offer=said.offer,
            name=said.name,
            address=said.address,
            asked_at=now,
        )
        defer.form_letter("intake", made.pk, "confirm")


def confirm(pk: int, *, now: datetime) -> Intake | None:
    """Take in what its mailbox confirms; from now on an answer is owed.

    None: it is gone or too old. A repeat changes nothing.
    """
    with transaction.atomic():
        found = Intake.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if found is None or found.state != IntakeState.ASKED:
            return found
        if not may_confirm(found.asked_at, now):
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('publisher.intake-numbers'))")
        last = Intake.objects.filter(year=now.year).aggregate(last=Max("number"))["last"]
        found.year, found.number = now.year, (last or 0) + 1
        found.reference = f"INTAKE {found.year}-{found.number}"
        found.state, found.confirmed_at = IntakeState.OPEN, now
        found.due_at = working_days_after(now, settings().intake_days)
        found.save()
        defer.form_letter("intake", found.pk, "taken_in")
        told = {"intake": found.reference, "due_at": found.due_at.isoformat()}
        tell(EventName.INTAKE_CAME, None, told, now=now)
        return found


def _item(key: str) -> WorkItem | None:
    organisation, _, identifier = key.partition(" ")
    rows = WorkItem.objects.filter(organisation__slug=organisation, identifier=identifier)
    return rows.first() if identifier else None
