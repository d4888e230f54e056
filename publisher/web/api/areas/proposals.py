"""New work that was proposed on a form, with what is like it, until it is decided."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from publisher.flows import proposals as flow
from publisher.flows import propose
from publisher.flows.find_related import Related, Searched
from publisher.flows.forms_given import address, answers
from publisher.flows.rights import organisations
from publisher.kit import clock, words
from publisher.models import Act, Proposal, ProposalState
from publisher.models.errors import PlanError, Problem
from publisher.render.work_item_forms import PROPOSER, questions
from publisher.web.api.door import Area, doer
from publisher.web.api.shapes import Page, Paged, Sent, Shown, Values, cut
from publisher.web.desk.door import person
from publisher.web.desk.proposals.views import owners
from publisher.web.desk.proposals.whose import chosen, taker

area = Area("Proposals", "New work that was proposed, what is like it, and the word on it.")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class ProposalsAsked(Paged):
    """What is looked for."""

    state: ProposalState | None = None


class ProposalShown(Shown):
    """One proposal, as its form was filled in, with the evidence of the search made for it."""

    number: int
    reference: str
    organisation: str
    state: ProposalState
    language: str
    fields: dict[str, str]
    proposer: dict[str, str]
    filed_at: str | None
    decided_at: str | None
    reason: str
    evidence: Values


class ProposalSent(Sent):
    """A proposal that came by another way, typed off."""

    language: str = Field("en", max_length=12)
    fields: dict[str, str] = Field(description="By the names of the organisation’s form.")
    body: str = Field(max_length=300, description="For whom it is proposed.")
    name: str = Field("", max_length=200)
    address: str = Field("", max_length=254, description="Empty: nobody is told by mail.")
    answers: dict[str, str] = Field(
        default_factory=dict,
        description="What makes it different, by `<organisation> <identifier>` of what is like it.",
    )


class TitleAsked(Sent):
    """What is proposed."""

    title: str = Field(min_length=1, max_length=300)
    scope: str = Field("", max_length=4000)


class RelatedShown(Shown):
    """A work item that is like it, and why."""

    organisation: str
    identifier: str
    title: str
    kind: str
    score: float
    likely: bool = Field(description="It may be the same work.")
    reasons: list[str]
    state: str
    url: str


class SearchedShown(Shown):
    """What was found, and in how much, so that nothing can be said, too."""

    titles: int
    organisations: list[str]
    found: list[RelatedShown]


class Refusal(Sent):
    """Why it is refused; its proposer reads it."""

    reason: str = Field(min_length=1, max_length=flow.LONGEST)


@area.get("/proposals", Act.EDIT, gives=Page[ProposalShown])
def proposals(
    request: HttpRequest, response: HttpResponse, asked: Query[ProposalsAsked]
) -> dict[str, object]:
    """Give what was proposed to the token’s organisations, what waits first."""
    rows = flow.filed(organisations(person(request), Act.EDIT))
    rows = rows.filter(state=asked.state) if asked.state else rows
    told = [_told(row) for row in rows]
    return cut(request, response, told, asked, lambda one: str(one["number"]))


@area.get("/proposals/alike", gives=SearchedShown)
def like_this(request: HttpRequest, asked: Query[TitleAsked]) -> dict[str, object]:
    """Search all organisations’ work for what is like a title and scope."""
    del request
    return _searched(propose.search(asked.title, asked.scope))


@area.get("/proposals/{int:pk}", Act.EDIT, owners, gives=ProposalShown)
def proposal(request: HttpRequest, pk: int) -> dict[str, object]:
    """Give one proposal with its evidence."""
    del request
    return _told(_found(pk))


@area.get("/proposals/{int:pk}/form.docx", Act.EDIT, owners, gives=str, media_type=_WORD)
def proposal_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the filled form with what was found as a Word document."""
    del request
    return HttpResponse(flow.as_word(_found(pk)), content_type=_WORD)


@area.post("/proposals/{int:pk}/confirm", Act.EDIT, owners, gives=ProposalShown)
def confirm_proposal(request: HttpRequest, pk: int) -> dict[str, object]:
    """Say that a proposal is meant."""
    flow.confirm(_found(pk), doer=doer(request), now=clock.now())
    return _told(_found(pk))


@area.post("/proposals/{int:pk}/refuse", Act.EDIT, owners, gives=ProposalShown)
def refuse_proposal(request: HttpRequest, pk: int, said: Refusal) -> dict[str, object]:
    """Refuse a proposal; its proposer is told why."""
    flow.refuse(_found(pk), reason=said.reason, doer=doer(request), now=clock.now())
    return _told(_found(pk))


@area.post("/organisations/{slug:slug}/proposals", Act.EDIT, taker, gives=ProposalShown,
           status=201)  # fmt: skip
def file_proposal(request: HttpRequest, slug: str, said: ProposalSent) -> dict[str, object]:
    """File what reached the secretariat by another way; whoever files it vouches for it."""
    owner = chosen(slug)
    kept = _kept(slug, said)
    searched = propose.search(kept.get("title", ""), kept.get("scope", ""))
    made = propose.file(
        propose.Said(
            organisation=owner,
            language=said.language if said.language in words.LANGUAGES else "en",
            fields={one.name: kept[one.name] for one in questions(slug)},
            body=kept["body"],
            name=kept["name"],
            address=kept["address"],
            answers=said.answers,
        ),
        searched,
        doer=doer(request),
        now=clock.now(),
    )
    return _told(_found(made.pk))


def _kept(slug: str, said: ProposalSent) -> dict[str, str]:
    """Hold what was sent to the form.

    Raises:
        PlanError: something is missing, too long or unfit.
    """
    asked = {one.name: one for one in (*questions(slug), *PROPOSER.questions)}
    given = {**said.fields, "body": said.body, "name": said.name, "address": said.address}
    kept, wrong = answers(asked, given)
    if said.address:
        kept["address"], bad = address(said.address)
        wrong |= {"address": bad} if bad else {}
    else:
        wrong.pop("address", None)  # a paper may have come by post
    wrong |= dict.fromkeys(set(said.fields) - set(asked), "form.wrong_choice")
    if wrong:
        raise PlanError(
            [
                Problem(
                    path="",
                    field=f"fields.{name}",
                    sentence=words.say("en", key, most=_most(asked, name)),
                )
                for name, key in sorted(wrong.items())
            ]
        )
    return kept


def _most(asked: Any, name: str) -> int:  # noqa: ANN401  # questions by name
    return asked[name].most if name in asked else 0


def _searched(found: Searched | None) -> dict[str, object]:
    if found is None:
        return {"titles": 0, "organisations": [], "found": []}
    return {
        "titles": found.titles,
        "organisations": found.organisations,
        "found": [_related(one) for one in found.found],
    }


def _related(one: Related) -> dict[str, object]:
    names = ("organisation", "identifier", "title", "kind", "score", "reasons", "state", "url")
    return {**{name: getattr(one, name) for name in names}, "likely": propose.likely(one)}


def _found(pk: int) -> Proposal:
    return flow.filed().get(pk=pk)


def _told(row: Proposal) -> dict[str, object]:
    return {"number": row.pk, **flow.as_told(row)}
