"""One square of the matrix: what says it, who chose what, and through what it is to be heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from publisher.flows.edit import mark
from publisher.flows.rights import Owners, may, owners
from publisher.flows.who_hears import chosen, hear, placements_of, the_matrix, the_squares
from publisher.kit import clock
from publisher.models import Act, Audience
from publisher.models.errors import PlanError, PublisherError
from publisher.models.specs import AudienceSpec, ChannelSpec, in_language
from publisher.schedule.heard import Square
from publisher.web.desk.calendar.spread import entry_address
from publisher.web.desk.door import doer, person
from publisher.web.desk.matrix.views import MARKS, WORDS
from publisher.web.desk.screen import screen, spoken


def audience_owners(request: HttpRequest, audience: str, message: str = "") -> Owners:
    """Give whose an audience is."""
    found = Audience.objects.filter(slug=audience, retired_at=None).first()
    if found is None:
        raise Http404
    return owners("audience", found.spec)


@require_safe
def square(request: HttpRequest, audience: str, message: str) -> HttpResponse:
    """What is known of it."""
    return _page(request, audience, message)


@require_POST
def hears(request: HttpRequest, audience: str, message: str) -> HttpResponse:
    """Say through what the audience is to hear the message."""
    try:
        hear(
            audience,
            message,
            request.POST.getlist("channel"),
            seen=request.POST.get("seen", ""),
            doer=doer(request),
            now=clock.now(),
        )
    except PlanError as error:
        found = [one.sentence for one in error.problems]
        return _page(request, audience, message, problems=found, status=422)
    except PublisherError as error:
        return _page(request, audience, message, problems=[str(error)], status=422)
    messages.success(request, spoken(request).say("desk.matrix.saved"))
    return HttpResponseRedirect(reverse("desk-matrix-square", args=[audience, message]))


def _page(
    request: HttpRequest,
    audience: str,
    message: str,
    *,
    problems: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    tongue, plan = spoken(request), the_matrix().plan
    row = Audience.objects.filter(slug=audience, retired_at=None).first()
    if row is None or message not in plan.messages:
        raise Http404
    said, found = row.said, _square(audience, message)
    own = next((one.through for one in said.hears if one.message == message), [])
    through = [one.channel for one in found.through] if found else []
    return screen(
        request,
        "matrix/square",
        at="matrix",
        status=status,
        audience=said,
        message=plan.messages[message],
        found=found,
        placements=placements_of(said, message),
        chosen=chosen(said, through),
        own=own,
        inherited=[slug for slug in through if slug not in own],
        channels=_named(plan.channels, tongue.tag),
        organisations={slug: one.short for slug, one in plan.organisations.items()},
        audiences=_named(plan.audiences, tongue.tag),
        words={heard: tongue.say(f"desk.matrix.{word}") for heard, word in WORDS.items()},
        marks=MARKS,
        classes=WORDS,
        seen=mark(row),
        may_plan=may(person(request), Act.EDIT),
        may_edit=may(person(request), Act.EDIT, owners("audience", row.spec)),
        entry_address=entry_address,
        problems=problems,
    )


def _square(audience: str, message: str) -> Square | None:
    which = (audience, message)
    return next((one for one in the_squares() if (one.audience, one.message) == which), None)


def _named(nouns: Mapping[str, AudienceSpec | ChannelSpec], language: str) -> dict[str, str]:
    return {slug: in_language(one.name, language) for slug, one in nouns.items()}
