"""File a proposal that came by another way: typed off, or read from the filled Word form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from publisher.flows import paper_form
from publisher.flows import propose as flow
from publisher.flows.find_related import Searched
from publisher.flows.forms_given import address, answers, clean
from publisher.kit import clock, words
from publisher.models import Organisation
from publisher.models.errors import Refused
from publisher.render.work_item_forms import PROPOSER, questions, told
from publisher.web.desk.door import doer
from publisher.web.desk.proposals.whose import chosen
from publisher.web.desk.screen import screen, spoken

MOST_ANSWER = 2000  #: letters about one item that is alike


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, slug: str) -> HttpResponse:
    """A form to read a paper into, to search by, and to file."""
    owner = chosen(slug)
    match request.POST.get("act"):
        case "read":
            return _read(request, owner)
        case "search":
            return _form(request, owner, request.POST, searched=_search(request.POST))
        case "file":
            return _file(request, owner)
        case _:
            return _form(request, owner, {})


def _read(request: HttpRequest, owner: Organisation) -> HttpResponse:
    sent = request.FILES.get("file")
    try:
        given = paper_form.read(_content(sent))
    except Refused as refused:
        return _form(request, owner, {}, problems=[str(refused)], status=422)
    return _form(request, owner, given, searched=_search(given))


def _content(sent: object) -> bytes:
    if not isinstance(sent, UploadedFile):
        raise Refused("Choose a file.")
    content: bytes = sent.read(paper_form.MAX_BYTES + 1)
    return content


def _file(request: HttpRequest, owner: Organisation) -> HttpResponse:
    said, searched = request.POST, _search(request.POST)
    asked = {one.name: one for one in (*questions(owner.slug), *PROPOSER.questions)}
    kept, wrong = answers(asked, said)
    if kept["address"]:
        kept["address"], bad = address(said.get("address", ""))
        wrong |= {"address": bad} if bad else {}
    else:
        del wrong["address"]  # a paper may have come by post
    found = searched.found if searched else ()
    differs = {
        flow.key(one): clean(said.get(_field(flow.key(one)), ""), lines=True)[:MOST_ANSWER]
        for one in found
    }
    if wrong:
        return _form(request, owner, said, searched=searched, wrong=wrong, status=422)
    language = said.get("language", "")
    made = flow.file(
        flow.Said(
            organisation=owner,
            language=language if language in words.LANGUAGES else "en",
            fields={one.name: kept[one.name] for one in questions(owner.slug)},
            body=kept["body"],
            name=kept["name"],
            address=kept["address"],
            answers=differs,
        ),
        searched,
        doer=doer(request),
        now=clock.now(),
    )
    messages.success(request, spoken(request).say("desk.proposals.filed", reference=made.reference))
    return HttpResponseRedirect(reverse("desk-proposal", args=[made.pk]))


def _form(
    request: HttpRequest,
    owner: Organisation,
    given: Mapping[str, str],
    *,
    searched: Searched | None = None,
    wrong: Mapping[str, str] | None = None,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    tag = spoken(request).tag
    return screen(
        request,
        "proposals/file",
        at="proposals",
        status=status,
        problems=problems or ([spoken(request).say("form.mend")] if wrong else []),
        organisation=owner,
        form=told(owner.slug, tag),
        given=given,
        wrong=wrong or {},
        searched=searched,
        found=_found(searched, given, tag),
    )


def _found(
    searched: Searched | None, given: Mapping[str, str], language: str
) -> list[dict[str, Any]]:
    return [
        {
            "item": one,
            "name": _field(flow.key(one)),
            "likely": flow.likely(one),
            "why": [reason.text(language) for reason in one.why],
            "answer": given.get(_field(flow.key(one)), "")[:MOST_ANSWER],
        }
        for one in (searched.found if searched else ())
    ]


def _search(given: Mapping[str, str]) -> Searched | None:
    title = clean(given.get("title", ""), lines=False)
    return flow.search(title, clean(given.get("scope", ""), lines=True))


def _field(item: str) -> str:
    return f"differs {item}"
