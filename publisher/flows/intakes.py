"""The secretariat's side of intakes: list, assign, answer by mail, close; and what is late."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from publisher.flows import defer
from publisher.flows.audit import Doer, note
from publisher.kit.nearest import meant
from publisher.kit.text import one_line, without_controls
from publisher.models import Intake, IntakeAnswer, IntakeState, Organisation
from publisher.models.adapter import Json
from publisher.models.errors import Refused

FORM = "intake"
LONGEST = 5000  #: letters of an answer or a reason


def taken_in(organisations: Collection[str] | None = None) -> QuerySet[Intake]:
    """Give the intakes whose mailbox is proven, what is due first on top.

    Args:
        organisations: only theirs, and those nobody was given yet; None: all.
    """
    rows = Intake.objects.exclude(state=IntakeState.ASKED).select_related(
        "organisation", "item__organisation"
    )
    if organisations is not None:
        rows = rows.filter(Q(organisation=None) | Q(organisation__slug__in=organisations))
    return rows.order_by("closed_at", "answered_at", "due_at", "pk")


def owed(organisations: Collection[str] | None = None) -> QuerySet[Intake]:
    """Give those that nobody has answered yet, what is due first on top."""
    return taken_in(organisations).filter(state=IntakeState.OPEN).order_by("due_at", "pk")


def late(*, now: datetime, organisations: Collection[str] | None = None) -> QuerySet[Intake]:
    """Give those whose promised answer is late."""
    return owed(organisations).filter(due_at__lt=now)


def standing(intake: Intake, *, now: datetime) -> str:
    """Say how the promise of an answer stands: kept, due, late or broken.

    Answered late, or closed without an answer after it was due, it is broken: nothing mends that.
    """
    given = intake.answered_at or intake.closed_at
    if given is None:
        return "late" if intake.due_at and intake.due_at < now else "due"
    return "kept" if intake.due_at and given <= intake.due_at else "broken"


def of_reference(reference: str) -> Intake:
    """Find an intake by its reference.

    Raises:
        Refused: there is none.
    """
    found = taken_in().filter(reference__iexact=reference.strip()).first()
    if found is None:
        raise Refused(f"There is no intake “{reference}”; see: publisher intake list")
    return found


def assign(intake: Intake, *, organisation: str, committee: str, doer: Doer, now: datetime) -> None:
    """Say which organisation answers, and which committee it is for.

    Raises:
        Refused: there is no such organisation, or the intake is closed.
    """
    owner = Organisation.objects.filter(slug=organisation, retired_at=None).first()
    if owner is None:
        slugs = list(Organisation.objects.values_list("slug", flat=True))
        raise Refused(
            f"“{organisation}” is no organisation of the plan{meant(organisation, slugs)}"
        )
    with transaction.atomic():
        row = _open(intake)
        row.organisation, row.committee = owner, one_line(committee)[:200]
        row.save(update_fields=["organisation", "committee"])
        _note(doer, "intake.assign", row, now)


def answer(intake: Intake, *, text: str, doer: Doer, now: datetime) -> None:
    """Have an answer sent by mail; with the first, the promise is kept.

    Raises:
        Refused: there are no words, too many, nobody to send them to, or the intake is closed.
    """
    text = _words(text, "Write the answer.")
    with transaction.atomic():
        row = _open(intake)
        if not row.address:
            raise Refused("Whoever asked was erased; there is nobody to answer.")
        made = IntakeAnswer.objects.create(intake=row, person=doer.person, at=now, text=text)
        row.state, row.answered_at = IntakeState.ANSWERED, row.answered_at or now
        row.save(update_fields=["state", "answered_at"])
        defer.form_letter("answer", made.pk, "answer")
        _note(doer, "intake.answer", row, now)


def close(intake: Intake, *, reason: str, doer: Doer, now: datetime) -> None:
    """Close an intake, with a reason.

    Raises:
        Refused: no reason is given, or it is closed already.
    """
    reason = _words(reason, "Say why it is closed.")
    with transaction.atomic():
        row = _open(intake)
        row.state, row.closed_at, row.reason = IntakeState.CLOSED, now, reason
        row.save(update_fields=["state", "closed_at", "reason"])
        _note(doer, "intake.close", row, now)


def as_told(intake: Intake, *, now: datetime) -> Json:
    """Give an intake as JSON values."""
    return {
        "reference": intake.reference,
        "state": intake.state,
        "promise": standing(intake, now=now),
        "due_at": intake.due_at,
        "body": intake.body,
        "website": intake.website,
        "about": intake.about,
        "work": intake.work,
        "item": str(intake.item) if intake.item else "",
        "offer": intake.offer,
        "name": intake.name,
        "address": intake.address,
        "language": intake.language,
        "organisation": intake.organisation.slug if intake.organisation else "",
        "committee": intake.committee,
        "confirmed_at": intake.confirmed_at,
        "answered_at": intake.answered_at,
        "closed_at": intake.closed_at,
        "reason": intake.reason,
        "answers": [{"at": one.at, "text": one.text} for one in intake.answers.order_by("at")],
    }


def _open(intake: Intake) -> Intake:
    row = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    if row.state in {IntakeState.ASKED, IntakeState.CLOSED}:
        raise Refused(f"{row.reference} is closed already.")
    return row


def _words(text: str, missing: str) -> str:
    kept = without_controls(text).strip()
    if not kept:
        raise Refused(missing)
    if len(kept) > LONGEST:
        raise Refused(f"It has {len(kept):,} letters; {LONGEST:,} are the most.")
    return kept


def _note(doer: Doer, act: str, row: Intake, now: datetime) -> None:
    slug = row.organisation.slug if row.organisation else ""
    note(doer, act, f"intake/{row.reference}", now=now, organisation=slug)
