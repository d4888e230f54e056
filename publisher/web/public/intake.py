"""The door for consortia, fora and others: a form, its confirmation, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from publisher.flows import intake as flow
from publisher.flows.forms_given import address, answers, clean
from publisher.kit import clock
from publisher.kit.signing import numbered_token, read_numbered_token
from publisher.models import Intake, IntakeState
from publisher.models.specs import in_language
from publisher.render.work_item_forms import Question
from publisher.settings import settings
from publisher.web.language import tongue
from publisher.web.page import notice, page
from publisher.web.public import open_forms

#: what is asked, in this order
ASKED: Mapping[str, Question] = {
    one.name: one
    for one in (
        Question(name="body", required=True),
        Question(name="website", most=500),
        Question(name="about", kind="text", most=3000, required=True),
        Question(name="work", required=True),
        Question(name="offer", kind="text", most=4000, required=True),
        Question(name="name", most=200, required=True),
    )
}


@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    """The form; what it is answered with is the same whatever the address."""
    if not flow.is_open():
        raise Http404
    if request.method != "POST":
        return _form(request)
    if open_forms.trapped(request):
        return notice(request, "form_asked")
    if not open_forms.may_search(request, clock.now()):
        return notice(request, "too_often", status=429)
    if request.POST.get("act") == "search":
        return _form(request, found=_search(request))
    return _sent(request)


@require_POST
def alike(request: HttpRequest) -> HttpResponse:
    """The work items that words may mean, as a part of the form's page."""
    if not flow.is_open():
        raise Http404
    if not open_forms.may_search(request, clock.now()):
        return notice(request, "too_often", status=429)
    return open_forms.form_page(request, "intake_items", found=_search(request), given=request.POST)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button; only pressing it takes the offer in."""
    found = _of_token("intake-confirm", token)
    if found is None:
        return notice(request, "bad_link", status=404)
    if request.method != "POST" and found.state == IntakeState.ASKED:
        return page(request, "intake_confirm", seconds=0, body=found.body)
    if request.method == "POST" and flow.confirm(found.pk, now=clock.now()) is None:
        return notice(request, "form_late", status=410)
    answer = HttpResponseRedirect(
        tongue(request).to(f"/intake/status/{numbered_token('intake', found.pk)}")
    )
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Where an offer stands, and until when an answer is promised."""
    found = _of_token("intake", token)
    if found is None or found.state == IntakeState.ASKED:
        return notice(request, "bad_link", status=404)
    said = found.organisation.said if found.organisation else None
    return page(
        request,
        "intake_status",
        seconds=0,
        intake=found,
        who=in_language(said.name, tongue(request).tag) if said else "",
        answers=found.answers.order_by("at"),
    )


def _sent(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    kept, wrong = answers(ASKED, request.POST)
    where, bad = address(request.POST.get("address", ""))
    if bad:
        wrong["address"] = bad
    if kept["website"] and not _is_web_address(kept["website"]):
        wrong["website"] = "form.wrong_website"
    late = not open_forms.in_time("intake", request.POST.get("stamp", ""), now)
    if wrong or late:
        trouble = "form.mend" if wrong else "form.again"
        return _form(request, found=_search(request), wrong=wrong, trouble=trouble, status=422)
    if not open_forms.PER_VISITOR.allows(open_forms.visitor(request), now=now):
        return notice(request, "too_often", status=429)
    item = clean(request.POST.get("item", ""), lines=False)[:300]
    flow.ask(flow.Said(**kept, item=item, address=where, language=tongue(request).tag), now=now)
    return notice(request, "form_asked")


def _form(
    request: HttpRequest,
    *,
    found: Sequence[flow.Choice] | None = None,
    wrong: Mapping[str, str] | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    kept = request.POST.get("stamp", "")
    return open_forms.form_page(
        request,
        "intake",
        status=status,
        asked=ASKED,
        found=found,
        given=request.POST,
        wrong=wrong or {},
        trouble=trouble,
        days=settings().intake_days,
        stamp=kept if trouble == "form.mend" else open_forms.stamp("intake", clock.now()),
    )


def _search(request: HttpRequest) -> Sequence[flow.Choice] | None:
    """Find work items; None: there is nothing to search by."""
    words = clean(request.POST.get("work", ""), lines=False)
    return flow.work_items(words[:300]) if words else None


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _of_token(purpose: str, token: str) -> Intake | None:
    try:
        pk = read_numbered_token(purpose, token)
    except ValueError:
        return None
    return Intake.objects.select_related("organisation").filter(pk=pk).first()
