"""Readers brought in from a file: rehearsed, looked at, then imported or dropped."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from publisher.flows import readers_files as flow
from publisher.flows.audit import note
from publisher.flows.readers import mine
from publisher.kit import clock
from publisher.models import Channel, ReadersFile, ReadersFileState
from publisher.models.errors import PublisherError
from publisher.web.desk.door import doer, person
from publisher.web.desk.readers.views import organisations
from publisher.web.desk.screen import guarded, screen, spoken

_SHOWN = 20  #: bad lines on the page; the rest is in the file
FIGURES = (
    "lines", "new", "changed", "unchanged", "repeated", "suppressed", "consents", "withdrawn", "bad"
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """Bring a file; and one's own last ones."""
    if request.method != "POST":
        return _form(request)
    said, sent = request.POST, request.FILES.get("file")
    try:
        row = flow.take_in(
            flow.Given(
                name=str(sent.name) if sent else "",
                content=_content(sent),
                source=said.get("source", ""),
                wording=said.get("wording", ""),
                encoding=said.get("encoding", "")[:40],
            ),
            mine=mine(person(request)),
            person=person(request),
            now=clock.now(),
        )
    except PublisherError as error:
        return _form(request, problems=str(error).splitlines(), status=422)
    return HttpResponseRedirect(reverse("desk-readers-file", args=[row.pk]))


@require_safe
def one(request: HttpRequest, file: int) -> HttpResponse:
    """What would happen, or how far it is, or what became of it."""
    return _page(request, _own(request, file))


@require_POST
def decide(request: HttpRequest, file: int) -> HttpResponse:
    """Say yes or no to what was rehearsed."""
    row, yes = _own(request, file), request.POST.get("decision") == "yes"
    try:
        (flow.confirm if yes else flow.drop)(row.pk, person=person(request), now=clock.now())
    except PublisherError as error:
        return _page(request, row, problems=str(error).splitlines(), status=422)
    if not yes:
        messages.success(request, spoken(request).say("desk.readers.dropped"))
        return HttpResponseRedirect(reverse("desk-readers-files"))
    return HttpResponseRedirect(reverse("desk-readers-file", args=[file]))


@require_safe
def rejects(request: HttpRequest, file: int) -> HttpResponse:
    """The bad lines, with their reasons, to be mended and brought again."""
    row = get_object_or_404(ReadersFile, pk=file, person=person(request))
    if not row.rejects:
        raise Http404
    note(doer(request), "readers.rejects", f"readers-file/{file}", now=clock.now())
    response = HttpResponse(bytes(row.rejects), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="readers-{file}.rejects.csv"'
    return guarded(response)


def _content(sent: UploadedFile[bytes] | None) -> bytes:
    """Read a file, and no more of it than shows that it is too long."""
    return sent.read(flow.MAX_BYTES + 1) if sent else b""


def _own(request: HttpRequest, file: int) -> ReadersFile:
    return get_object_or_404(_rows(request), pk=file)


def _rows(request: HttpRequest) -> QuerySet[ReadersFile]:
    """Somebody's own files: what others bring is their own."""
    return ReadersFile.objects.filter(person=person(request)).defer("content")


def _form(request: HttpRequest, *, problems: Sequence[str] = (), status: int = 200) -> HttpResponse:
    whose = mine(person(request))
    return screen(
        request,
        "readers/files",
        at="readers",
        status=status,
        typed=request.POST,
        rows=_rows(request).defer("content", "rejects")[:10],
        organisations=organisations(whose),
        bound=whose is not None,
        channels=[
            row
            for row in Channel.objects.filter(retired_at=None).order_by("slug")
            if row.said.asks_consent
        ],
        most=flow.MAX_BYTES // 1_000_000,
        problems=problems,
    )


def _page(
    request: HttpRequest, row: ReadersFile, *, problems: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    return screen(
        request,
        "readers/file",
        at="readers",
        status=status,
        row=row,
        figures=FIGURES,
        under_way=row.state in (ReadersFileState.WAITING, ReadersFileState.CONFIRMED),
        bad=_bad(bytes(row.rejects)),
        problems=[*problems, *([row.problem] if row.problem else [])],
    )


def _bad(rejects: bytes) -> list[list[str]]:
    """Give the first bad lines: their number, the reason, and what stands there."""
    rows = csv.reader(io.StringIO(rejects.decode("utf-8-sig"), newline=""))
    next(rows, None)
    return [
        [*row[:2], " · ".join(filter(None, row[2:]))]
        for row, _ in zip(rows, range(_SHOWN), strict=False)
    ]
