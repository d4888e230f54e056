"""What organisations from outside offer, and the answers that were promised them."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from publisher.flows import intakes as flow
from publisher.flows.rights import organisations
from publisher.kit import clock
from publisher.models import Act, Intake, IntakeState
from publisher.web.api.door import Area, doer
from publisher.web.api.shapes import Sent, Shown, Slug
from publisher.web.desk.door import person
from publisher.web.desk.intake.views import owners

area = Area("Intake", "Offers of collaboration from outside, and answering them.")


class IntakesAsked(Sent):
    """What is looked for."""

    state: IntakeState | None = None
    owed: bool = Field(default=False, description="Only those that nobody has answered yet.")


class AnswerShown(Shown):
    """One mail to who offered."""

    at: datetime
    text: str


class IntakeShown(Shown):
    """One offer, as its form was filled in."""

    number: int
    reference: str
    state: IntakeState
    promise: str = Field(description="Of an answer: kept, due, late or broken.")
    due_at: datetime | None
    body: str
    website: str
    about: str
    work: str
    item: str
    offer: str
    name: str
    address: str
    language: str
    organisation: str = Field(description="Who answers; empty: nobody was chosen.")
    committee: str
    confirmed_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    reason: str
    answers: list[AnswerShown]


class Assigned(Sent):
    """Who answers."""

    organisation: Slug
    committee: str = Field("", max_length=200)


class AnswerSent(Sent):
    """A mail to who offered."""

    text: str = Field(min_length=1, max_length=flow.LONGEST)


class Closed(Sent):
    """Why it is closed."""

    reason: str = Field(min_length=1, max_length=flow.LONGEST)


@area.get("/intakes", Act.EDIT, gives=list[IntakeShown])
def intakes(request: HttpRequest, asked: Query[IntakesAsked]) -> list[dict[str, object]]:
    """Give the offers that may be the token’s to answer, what is due first on top."""
    mine = organisations(person(request), Act.EDIT)
    rows = flow.owed(mine) if asked.owed else flow.taken_in(mine)
    return [_told(row) for row in (rows.filter(state=asked.state) if asked.state else rows)[:500]]


@area.get("/intakes/{int:pk}", Act.EDIT, owners, gives=IntakeShown)
def intake(request: HttpRequest, pk: int) -> dict[str, object]:
    """Give one offer with the answers to it."""
    del request
    return _told(_found(pk))


@area.put("/intakes/{int:pk}/assignment", Act.EDIT, owners, gives=IntakeShown)
def assign_intake(request: HttpRequest, pk: int, said: Assigned) -> dict[str, object]:
    """Say which organisation answers, and which committee it is for."""
    flow.assign(_found(pk), **said.model_dump(), doer=doer(request), now=clock.now())
    return _told(_found(pk))


@area.post("/intakes/{int:pk}/answers", Act.EDIT, owners, gives=IntakeShown, status=201)
def answer_intake(request: HttpRequest, pk: int, said: AnswerSent) -> dict[str, object]:
    """Have an answer sent by mail; with the first, the promise is kept."""
    flow.answer(_found(pk), text=said.text, doer=doer(request), now=clock.now())
    return _told(_found(pk))


@area.post("/intakes/{int:pk}/close", Act.EDIT, owners, gives=IntakeShown)
def close_intake(request: HttpRequest, pk: int, said: Closed) -> dict[str, object]:
    """Close an offer, with a reason."""
    flow.close(_found(pk), reason=said.reason, doer=doer(request), now=clock.now())
    return _told(_found(pk))


def _found(pk: int) -> Intake:
    return flow.taken_in().get(pk=pk)


def _told(row: Intake) -> dict[str, object]:
    return {"number": row.pk, **flow.as_told(row, now=clock.now())}
