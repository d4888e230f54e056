"""Proposing new work: a form that looks for what is alike as one types, and the proposal's page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from publisher.flows import proposals
from publisher.flows import propose as flow
from publisher.flows.find_related import Related, Searched
from publisher.flows.forms_given import address, answers, clean
from publisher.flows.propose import likely
from publisher.kit import clock
from publisher.kit.signing import numbered_token, read_numbered_token
from publisher.models import Organisation, Proposal, ProposalState
from publisher.models.specs import in_language
from publisher.render.work_item_forms import Question, questions, told
from publisher.web.language import Tongue, tongue
from publisher.web.page import notice, page
from publisher.web.public import open_forms

MOST_ANSWER = 2000  #: letters about one item that is alike
_BODY = Question(name="body", required=True)
_NAME = Question(name="name", most=200, required=True)
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Whom one can propose to."""
    spoken = tongue(request)
    shown = [
        {"slug": one.slug, "short": one.said.short, "name": in_language(one.said.name, spoken.tag)}
        for one in flow.takers()
    ]
    return page(request, "propose_to", shown=shown)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; what it is answered with is the same whatever the address."""
    spoken, owner = tongue(request), _owner(slug)
    if request.method != "POST":
        return _form(request, owner, spoken)
    # Without a search nothing can be filed: who has searched too often must not get around it.
    if not open_forms.may_search(request, clock.now()):
        return notice(request, "too_often", status=429)
    searched = _search(request)
    return _early(request, owner, spoken, searched) or _sent(request, owner, spoken, searched)


@require_POST
def alike(request: HttpRequest, slug: str) -> HttpResponse:
    """What is like a title and scope, as a part of the form's page."""
    _owner(slug)
    if not open_forms.may_search(request, clock.now()):
        return notice(request, "too_often", status=429)
    return open_forms.form_page(request, "propose_alike", **_found(request, _search(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button; only pressing it files the proposal."""
    found = _of_token("proposal-confirm", token)
    if found is None:
        return notice(request, "bad_link", status=404)
    if request.method != "POST" and found.state == ProposalState.ASKED:
        return page(request, "propose_confirm", seconds=0, title=found.fields.get("title", ""))
    if request.method == "POST" and flow.confirm(found.pk, now=clock.now()) is None:
        return notice(request, "form_late", status=410)
    return _to_status(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Where a proposal stands, with its papers; its proposer may take it back."""
    found = _of_token("proposal", token)
    if found is None or found.state == ProposalState.ASKED:
        return notice(request, "bad_link", status=404)
    if request.method == "POST":
        flow.withdraw(found.pk, now=clock.now())
        return _to_status(request, found)
    spoken = tongue(request)
    return page(
        request,
        "proposal",
        seconds=0,
        token=token,
        proposal=proposals.as_told(found, spoken.tag, personal=False),
        organisation=in_language(found.organisation.said.name, spoken.tag),
        form=told(found.organisation.slug, spoken.tag),
        may_withdraw=found.state == ProposalState.FILED,
    )


@require_safe
def paper(request: HttpRequest, token: str, ending: str) -> HttpResponse:
    """The filled form as a Word document, or all of it as JSON."""
    found = _of_token("proposal", token)
    if found is None or found.state == ProposalState.ASKED:
        return notice(request, "bad_link", status=404)
    word = ending == "docx"
    made = proposals.as_word(found) if word else proposals.as_json(found)
    answer = HttpResponse(made, content_type=_DOCX if word else "application/json")
    name = f"proposal-{found.organisation.slug}-{found.year}-{found.number}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _early(
    request: HttpRequest, owner: Organisation, spoken: Tongue, searched: Searched | None
) -> HttpResponse | None:
    """Answer what files nothing."""
    if open_forms.trapped(request):
        return notice(request, "form_asked")
    if request.POST.get("act") == "search":
        return _form(request, owner, spoken, searched=searched)
    if request.POST.get("withdraw"):
        return notice(request, "propose_withdrawn")
    return None


def _sent(
    request: HttpRequest, owner: Organisation, spoken: Tongue, searched: Searched | None
) -> HttpResponse:
    now = clock.now()
    wrong, kept, where = _read(request, owner)
    found = searched.found if searched else ()
    said = _answers(request, found)
    open_ones = flow.unanswered(found, said)
    late = not open_forms.in_time("propose", request.POST.get("stamp", ""), now)
    if wrong or open_ones or late:
        trouble = "form.again" if late and not wrong and not open_ones else "form.mend"
        return _form(
            request, owner, spoken, searched=searched, wrong=wrong, unsaid=open_ones,
            trouble=trouble, status=422,
        )  # fmt: skip
    if not open_forms.PER_VISITOR.allows(open_forms.visitor(request), now=now):
        return notice(request, "too_often", status=429)
    proposal = flow.Said(
        organisation=owner,
        language=spoken.tag,
        fields={name: kept[name] for name in kept if name not in ("body", "name")},
        body=kept["body"],
        name=kept["name"],
        address=where,
        answers=said,
    )
    flow.ask(proposal, searched, now=now)
    return notice(request, "form_asked")


def _form(
    request: HttpRequest,
    owner: Organisation,
    spoken: Tongue,
    *,
    searched: Searched | None = None,
    wrong: Mapping[str, str] | None = None,
    unsaid: Iterable[str] = (),
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    return open_forms.form_page(
        request,
        "propose",
        status=status,
        organisation=in_language(owner.said.name, spoken.tag),
        short=owner.said.short,
        slug=owner.slug,
        form=told(owner.slug, spoken.tag),
        given=request.POST,
        wrong=wrong or {},
        trouble=trouble,
        stamp=open_forms.stamp("propose", clock.now())
        if trouble != "form.mend"
        else request.POST.get("stamp", ""),
        **_found(request, searched, unsaid),
    )


def _found(
    request: HttpRequest, searched: Searched | None, unsaid: Iterable[str] = ()
) -> dict[str, Any]:
    """Give what was found as the page shows it, each with what was said of it so far."""
    spoken, wanted = tongue(request), set(unsaid)
    return {
        "searched": searched,
        "found": [
            {
                "item": one,
                "name": _field(one),
                "likely": likely(one),
                "why": [reason.text(spoken.tag) for reason in one.why],
                "answer": request.POST.get(_field(one), "")[:MOST_ANSWER],
                "unsaid": flow.key(one) in wanted,
            }
            for one in (searched.found if searched else ())
        ],
    }


def _read(request: HttpRequest, owner: Organisation) -> tuple[dict[str, str], dict[str, str], str]:
    asked = {one.name: one for one in (*questions(owner.slug), _BODY, _NAME)}
    kept, wrong = answers(asked, request.POST)
    where, bad = address(request.POST.get("address", ""))
    if bad:
        wrong["address"] = bad
    return wrong, kept, where


def _search(request: HttpRequest) -> Searched | None:
    title = clean(request.POST.get("title", ""), lines=False)
    return flow.search(title, clean(request.POST.get("scope", ""), lines=True))


def _answers(request: HttpRequest, found: Iterable[Related]) -> dict[str, str]:
    return {
        flow.key(one): clean(request.POST.get(_field(one), ""), lines=True)[:MOST_ANSWER]
        for one in found
    }


def _field(one: Related) -> str:
    """Name the field for what is said of an item, the same while it is found."""
    return f"differs {flow.key(one)}"


def _owner(slug: str) -> Organisation:
    found = next((one for one in flow.takers() if one.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _of_token(purpose: str, token: str) -> Proposal | None:
    try:
        pk = read_numbered_token(purpose, token)
    except ValueError:
        return None
    return Proposal.objects.select_related("organisation").filter(pk=pk).first()


def _to_status(request: HttpRequest, found: Proposal) -> HttpResponse:
    there = tongue(request).to(f"/proposal/{numbered_token('proposal', found.pk)}")
    answer = HttpResponseRedirect(there)
    answer["Cache-Control"] = "no-store"
    return answer
