"""List, read, assign, answer and close what came in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from publisher.flows import intakes as flow
from publisher.flows.rights import Owners, organisations
from publisher.kit import clock
from publisher.models import Act, Intake, IntakeState, Organisation
from publisher.web.desk.acts import acted
from publisher.web.desk.door import doer, person
from publisher.web.desk.screen import screen


def owners(_request: HttpRequest, *, pk: int) -> Owners:
    """Give who answers it; while nobody was chosen, it is everybody's."""
    found = _found(pk)
    return frozenset({found.organisation.slug}) if found.organisation else None


@require_safe
def intakes(request: HttpRequest) -> HttpResponse:
    """All that may be theirs, what is owed first."""
    now = clock.now()
    rows = flow.taken_in(organisations(person(request), Act.EDIT))
    shown = [(row, flow.standing(row, now=now)) for row in rows]
    owed = [pair for pair in shown if pair[0].state == IntakeState.OPEN]
    rest = [pair for pair in shown if pair[0].state != IntakeState.OPEN]
    return screen(request, "intake/list", at="intake", shown=[*owed, *rest])


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """What was written, and what to do with it."""
    return _one(request, pk)


@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who answers."""
    said = request.POST
    return _done(
        request,
        pk,
        lambda: flow.assign(
            _found(pk),
            organisation=said.get("organisation", ""),
            committee=said.get("committee", ""),
            doer=doer(request),
            now=clock.now(),
        ),
        "desk.intake.assigned",
    )


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Have an answer sent."""
    text = request.POST.get("text", "")
    return _done(
        request,
        pk,
        lambda: flow.answer(_found(pk), text=text, doer=doer(request), now=clock.now()),
        "desk.intake.sent",
    )


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it with a reason."""
    reason = request.POST.get("reason", "")
    return _done(
        request,
        pk,
        lambda: flow.close(_found(pk), reason=reason, doer=doer(request), now=clock.now()),
        "desk.intake.closed",
    )


def _found(pk: int) -> Intake:
    found = flow.taken_in().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _one(request: HttpRequest, pk: int, wrong: Sequence[str] = ()) -> HttpResponse:
    found = _found(pk)
    return screen(
        request,
        "intake/one",
        at="intake",
        status=422 if wrong else 200,
        wrong=wrong,
        intake=found,
        promise=flow.standing(found, now=clock.now()),
        answers=found.answers.select_related("person").order_by("at"),
        organisations=Organisation.objects.filter(retired_at=None).order_by("slug"),
        is_open=found.state != IntakeState.CLOSED,
        said=request.POST,
        most=flow.LONGEST,
    )


def _done(request: HttpRequest, pk: int, act: Callable[[], None], key: str) -> HttpResponse:
    return acted(
        request,
        act,
        says=key,
        there=lambda: _after(request, pk),
        refused=lambda wrong: _one(request, pk, wrong),
    )


def _after(request: HttpRequest, pk: int) -> str:
    """Give its page; whoever gave it to another organisation may not look at it any more."""
    mine = owners(request, pk=pk)
    theirs = organisations(person(request), Act.EDIT, mine) or person(request).is_superuser
    return reverse("desk-intake-one", args=[pk]) if theirs else reverse("desk-intake")
