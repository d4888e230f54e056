"""The list of what waits, one occurrence's words, and the vote."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from publisher.flows.approvals import Waiting, Words, waiting, words_of
from publisher.flows.approve import approve
from publisher.flows.rights import organisations
from publisher.kit import clock
from publisher.models import Act, Entry, Organisation, Vote
from publisher.models.errors import PublisherError, Refused
from publisher.web.desk.door import need, person
from publisher.web.desk.screen import screen, spoken
from publisher.web.names import Names


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What waits for me first, then what waits for others."""
    mine = organisations(person(request), Act.APPROVE)
    found = waiting()
    first = [one for one in found if set(one.owed) & set(mine)]
    others = [one for one in found if one not in first]
    return screen(
        request, "approvals/list", at="approvals", mine=first, others=others, short=short_names()
    )


@require_safe
def sheet(request: HttpRequest, entry: str, occurrence: str) -> HttpResponse:
    """Everything that one occurrence says."""
    return _sheet(request, entry, occurrence)


@require_POST
def vote(request: HttpRequest, entry: str, occurrence: str) -> HttpResponse:
    """Say yes, no or not yet to the words that were ticked."""
    organisation = request.POST.get("organisation", "")
    need(request, Act.APPROVE, frozenset({organisation}))
    try:
        said = approve(
            entry=entry,
            organisation=organisation,
            person=person(request),
            vote=Vote(request.POST.get("vote", "")),
            reason=request.POST.get("reason", ""),
            seen=_seen(request.POST.getlist("words")),
            now=clock.now(),
        )
    except (PublisherError, ValueError) as error:
        return _sheet(request, entry, occurrence, problems=str(error).splitlines(), status=422)
    key = "desk.approvals.said" if said else "desk.approvals.said_already"
    messages.success(request, spoken(request).say(key, count=len(said)))
    return HttpResponseRedirect(reverse("desk-approvals"))


def _seen(ticked: Sequence[str]) -> dict[str, str]:
    """Read `<placement key> <hash>` of each placement that was ticked.

    Raises:
        Refused: nothing was.
    """
    pairs = [pair.split() for line in ticked for pair in line.split(",")]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise Refused("Tick the words that you mean.")
    return dict(pairs)


def _sheet(
    request: HttpRequest,
    entry: str,
    occurrence: str,
    *,
    problems: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    row = Entry.objects.filter(slug=entry).first()
    if row is None:
        raise Http404
    try:
        found = words_of(entry, occurrence, now=clock.now())
    except Refused:
        found = []
    mine = organisations(person(request), Act.APPROVE, _speaking(found))
    return screen(
        request,
        "approvals/words",
        at="approvals",
        status=status,
        entry=row,
        occurrence=occurrence,
        due_at=found[0].placements[0].due_at if found else None,
        found=found,
        mine=mine,
        short=short_names(),
        names=Names(spoken(request).tag),
        problems=problems,
        given=request.POST,
    )


def _speaking(found: Sequence[Words]) -> frozenset[str]:
    return frozenset(light.organisation for one in found for light in one.lights)


def short_names() -> dict[str, str]:
    """Give what each organisation is called in a word."""
    return dict(Organisation.objects.values_list("slug", "spec__short"))


def waiting_for(request: HttpRequest) -> list[Waiting]:
    """Give what waits for who is signed in."""
    mine = organisations(person(request), Act.APPROVE)
    return waiting(organisations=mine) if mine else []
