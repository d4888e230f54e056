"""Segments put together by clicking, with a count that follows."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from pydantic import ValidationError

from publisher.flows import segments as flow
from publisher.flows.edit import mark
from publisher.flows.readers import mine
from publisher.flows.rights import may, owners
from publisher.kit import clock
from publisher.models import Act, Audience
from publisher.models.errors import PublisherError, Refused
from publisher.models.specs import RuleSpec
from publisher.web.desk.door import doer, need, person
from publisher.web.desk.readers import clauses
from publisher.web.desk.readers.views import consents
from publisher.web.desk.screen import screen, spoken


@require_safe
def segments(request: HttpRequest) -> HttpResponse:
    """Put one together; or begin from an audience's rule."""
    begun = flow.audience(request.GET.get("audience", ""))
    if begun and "join-0" not in request.GET:
        return _page(request, clauses.written(begun[0].said.who), chosen=begun[0].slug)
    group = clauses.read(request.GET)
    if not group.parts and "join-0" not in request.GET:
        group.parts.append(clauses.Clause(path="0-0"))
    return _page(request, group, chosen=request.GET.get("audience", ""))


@require_POST
def kept(request: HttpRequest) -> HttpResponse:
    """Keep it as an audience's rule."""
    need(request, Act.EDIT)
    said, group = request.POST, clauses.Group(path="0")
    try:
        rule = _sent(said.get("rule", ""))
        group = clauses.written(rule)
        slug, _, seen = said.get("audience", "").partition(" ")
        names = {} if slug else {spoken(request).tag: said.get("name", "").strip()}
        if not slug and not (said.get("slug") and said.get("name", "").strip()):
            raise Refused(spoken(request).say("desk.readers.name_it"))
        made = flow.keep(
            rule,
            slug or said.get("slug", "").strip(),
            names=names,
            seen=seen,
            doer=doer(request),
            now=clock.now(),
        )
    except PublisherError as error:
        problems = str(error).splitlines()
        return _page(request, group, problems=problems, status=422)
    messages.success(request, spoken(request).say("desk.readers.kept", audience=made.slug))
    return HttpResponseRedirect(f"{reverse('desk-segments')}?audience={made.slug}")


def _sent(text: str) -> RuleSpec:
    try:
        return RuleSpec.model_validate(json.loads(text))
    except (ValueError, ValidationError, RecursionError) as error:
        raise Refused("This is no rule; put it together again.") from error


def _page(
    request: HttpRequest,
    group: clauses.Group,
    *,
    chosen: str = "",
    problems: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    wrong = list(problems)
    whose = mine(person(request))
    try:
        rule = clauses.rule(group)
    except ValueError as error:
        rule, wrong = None, [*wrong, str(error)]
    found = flow.segment(rule, mine=whose) if rule else None
    return screen(
        request,
        "readers/segments",
        at="readers",
        status=status,
        group=group,
        clauses=clauses,
        attributes=flow.attributes(mine=whose),
        found=found,
        consents=consents(found.some, whose) if found else {},
        everybody=whose is None,
        rule=_written(rule) if rule else "",
        asks_occasion=bool(rule and rule.seats),
        audiences=_audiences(request),
        chosen=chosen,
        may_edit=may(person(request), Act.EDIT),
        problems=wrong,
    )


def _written(rule: RuleSpec) -> str:
    return json.dumps(
        rule.model_dump(mode="json", by_alias=True, exclude_none=True), ensure_ascii=False
    )


def _audiences(request: HttpRequest) -> list[tuple[Audience, str, bool]]:
    """Give each audience with its mark, and whether who asks may change it."""
    who = person(request)
    return [
        (row, mark(row), may(who, Act.EDIT, owners("audience", row.spec)))
        for row in Audience.objects.filter(retired_at=None).order_by("slug")
    ]
