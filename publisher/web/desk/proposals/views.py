"""List, read, confirm and refuse what was proposed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from publisher.flows import proposals as flow
from publisher.flows.propose import key, likely, search, takers
from publisher.flows.rights import Owners
from publisher.kit import clock
from publisher.models import Proposal, ProposalState
from publisher.render.work_item_forms import told
from publisher.web.desk.acts import acted
from publisher.web.desk.door import doer
from publisher.web.desk.proposals.whose import mine
from publisher.web.desk.screen import guarded, screen, spoken

MANY = 50  #: rows of a page
STATES = tuple(state for state in ProposalState if state != ProposalState.ASKED)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def owners(_request: HttpRequest, *, pk: int, **_rest: str) -> Owners:
    """Give whom it was proposed to."""
    return frozenset({_found(pk).organisation.slug})


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """All that were proposed to them, those that wait first."""
    rows, slugs = flow.filed(mine(request)), mine(request)
    wanted = request.GET.get("state", "")
    if wanted in STATES:
        rows = rows.filter(state=wanted)
    return screen(
        request,
        "proposals/list",
        at="proposals",
        rows=Paginator(rows, MANY).get_page(request.GET.get("page")),
        states=STATES,
        wanted=wanted if wanted in STATES else "",
        takers=[one for one in takers() if one.slug in slugs],
    )


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """What was proposed, beside it what was found that is like it, and what to do."""
    return _one(request, pk)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is meant."""
    return _done(
        request,
        pk,
        lambda: flow.confirm(_found(pk), doer=doer(request), now=clock.now()),
        "desk.proposals.confirmed",
    )


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse it, and say why."""
    reason = request.POST.get("reason", "")
    return _done(
        request,
        pk,
        lambda: flow.refuse(_found(pk), reason=reason, doer=doer(request), now=clock.now()),
        "desk.proposals.refused",
    )


@require_safe
def paper(_request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The filled form with what was found, as a Word document or as JSON."""
    row = _found(pk)
    if ending == "docx":
        answer = HttpResponse(flow.as_word(row), content_type=_WORD)
    elif ending == "json":
        answer = HttpResponse(flow.as_json(row), content_type="application/json")
    else:
        raise Http404
    name = f"proposal-{row.organisation.slug}-{row.year}-{row.number}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return guarded(answer)


def _found(pk: int) -> Proposal:
    found = flow.filed().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _one(request: HttpRequest, pk: int, wrong: Sequence[str] = ()) -> HttpResponse:
    row, tag = _found(pk), spoken(request).tag
    return screen(
        request,
        "proposals/one",
        at="proposals",
        status=422 if wrong else 200,
        wrong=wrong,
        proposal=row,
        evidence=flow.as_told(row, tag)["evidence"],
        form=told(row.organisation.slug, tag),
        waits=row.state == ProposalState.FILED,
        since=_since(row, tag) if "again" in request.GET else None,
        said=request.POST,
        most=flow.LONGEST,
    )


def _since(row: Proposal, language: str) -> list[dict[str, object]]:
    """Give what is like it today and was not found when it was filed."""
    searched = search(row.fields.get("title", ""), row.fields.get("scope", ""))
    known = {f"{one['organisation']} {one['identifier']}" for one in row.evidence["found"]}
    known.add(f"{row.organisation.slug} {row.reference}")
    return [
        {
            "organisation": one.organisation,
            "identifier": one.identifier,
            "title": one.title,
            "url": one.url,
            "likely": likely(one),
            "why": [reason.text(language) for reason in one.why],
            "answer": "",
        }
        for one in (searched.found if searched else ())
        if key(one) not in known
    ]


def _done(request: HttpRequest, pk: int, act: Callable[[], None], said: str) -> HttpResponse:
    return acted(
        request,
        act,
        says=said,
        there=lambda: reverse("desk-proposal", args=[pk]),
        refused=lambda wrong: _one(request, pk, wrong),
    )
