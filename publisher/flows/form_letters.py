"""Mails about what somebody typed into an open form: to confirm it, and what became of it.

The mail that asks to confirm says none of the words typed, so that nobody can have us carry
theirs to a stranger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from asgiref.sync import sync_to_async

from publisher.feedback.letter import to_person
from publisher.flows.send_letter import Letter, letter, newsletters, send
from publisher.kit.dates import in_words
from publisher.kit.signing import numbered_token
from publisher.models import Intake, IntakeAnswer, Outlet, Proposal
from publisher.models.content import Content
from publisher.models.specs import in_language
from publisher.settings import settings


async def send_form_letter(kind: str, pk: int, what: str) -> str:
    """Send it and give its key; empty: there is nobody to send it to, or nothing to send it by.

    Args:
        kind: proposal, intake or answer: which table the row is in.
        pk: its id.
        what: what it says, such as `confirm`.

    Raises:
        DeliveryError: it was not taken. Try again later: a second copy does no harm.
    """
    made = await sync_to_async(_LETTERS[kind])(pk, what)
    return await send(made) if made else ""


def _about_proposal(pk: int, what: str) -> Letter | None:
    row = Proposal.objects.select_related("organisation").filter(pk=pk).first()
    outlet = newsletters(row.organisation_id) if row and row.address else None
    if row is None or outlet is None:
        return None
    purpose = "proposal-confirm" if what == "confirm" else "proposal"
    way = "propose/confirm" if what == "confirm" else "proposal"
    content = to_person(
        _SAID["proposal"][what],
        row.language,
        link=f"{settings().site_url}/{way}/{numbered_token(purpose, row.pk)}",
        postal_address=outlet.organisation.said.postal_address,
        organisation=in_language(row.organisation.said.name, row.language),
        reference=row.reference,
        reason=row.reason,
    )
    return _ready(outlet, content, f"proposal-{what}", row)


def _about_intake(pk: int, what: str) -> Letter | None:
    row = Intake.objects.filter(pk=pk).first()
    outlet = newsletters(row.organisation_id) if row and row.address else None
    if row is None or outlet is None:
        return None
    confirming = what == "confirm"
    way = "intake/confirm" if confirming else "intake/status"
    purpose = "intake-confirm" if confirming else "intake"
    content = to_person(
        _SAID["intake"][what],
        row.language,
        link=f"{settings().site_url}/{way}/{numbered_token(purpose, row.pk)}",
        postal_address=outlet.organisation.said.postal_address,
        reference=row.reference,
        day=in_words(row.due_at.date(), row.language) if row.due_at else "",
    )
    return _ready(outlet, content, f"intake-{what}", row)


def _answer(pk: int, _what: str) -> Letter | None:
    said = IntakeAnswer.objects.select_related("intake").filter(pk=pk).first()
    outlet = newsletters(said.intake.organisation_id) if said and said.intake.address else None
    if said is None or outlet is None:
        return None
    content = to_person(
        _SAID["answer"]["answer"],
        said.intake.language,
        link=f"{settings().site_url}/intake/status/{numbered_token('intake', said.intake_id)}",
        postal_address=outlet.organisation.said.postal_address,
        reference=said.intake.reference,
        text=said.text,
    )
    return _ready(outlet, content, f"intake-answer-{pk}", said.intake)


def _ready(outlet: Outlet, content: Content, about: str, row: Proposal | Intake) -> Letter:
    return letter(
        outlet,
        content,
        about=f"{about}-{row.pk}",
        to=row.pk,
        address=row.address,
        at=row.asked_at,
    )


_LETTERS: Mapping[str, Callable[[int, str], Letter | None]] = {
    "proposal": _about_proposal,
    "intake": _about_intake,
    "answer": _answer,
}
#: the sentences of each, `letter.…`
_SAID: Mapping[str, Mapping[str, str]] = {
    "proposal": {
        "confirm": "letter.proposal_confirm",
        "filed": "letter.proposal_filed",
        "confirmed": "letter.proposal_confirmed",
        "refused": "letter.proposal_refused",
    },
    "intake": {"confirm": "letter.intake_confirm", "taken_in": "letter.intake_taken_in"},
    "answer": {"answer": "letter.intake_answer"},
}
