"""Readers brought in from a file: rehearsed, looked at, then imported or dropped."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Form, UploadedFile
from pydantic import Field

from publisher.flows import readers_files as flow
from publisher.flows.audit import note
from publisher.flows.readers import mine
from publisher.kit import clock
from publisher.models import Act, ReadersFile, ReadersFileState
from publisher.web.api.door import Area, doer
from publisher.web.api.problems import Denied
from publisher.web.api.shapes import Sent, Shown
from publisher.web.desk.door import person

area = Area("Readers from files", "A file is rehearsed first, and imported when somebody said yes.")


class FileShown(Shown):
    """A file that was brought."""

    number: int
    name: str
    at: datetime
    state: ReadersFileState
    size: int
    read: int = Field(description="Octets so far.")
    figures: dict[str, int] = Field(description="What would happen, or did.")
    problem: str
    settled_at: datetime | None


class Evidence(Sent):
    """Where the consents in a file were given."""

    source: str = Field("", max_length=200)
    wording: str = Field("", max_length=5000, description="The sentence that was agreed to.")
    encoding: str = Field("", max_length=40, description="Empty: to be found out.")


class FileDecided(Sent):
    """Whether what was rehearsed is done."""

    import_it: bool = Field(strict=True)


@area.get("/readers-files", Act.READERS, gives=list[FileShown])
def readers_files(request: HttpRequest) -> list[dict[str, object]]:
    """Give the files that the token’s person brought last."""
    return [_told(row) for row in _rows(request)[:50]]


@area.post("/readers-files", Act.READERS, gives=FileShown, status=201)
def bring_readers_file(
    request: HttpRequest, file: File[UploadedFile], evidence: Form[Evidence]
) -> dict[str, object]:
    """Bring a file of readers; it is rehearsed at once, or soon by a worker if it is long."""
    if (file.size or 0) > flow.MAX_BYTES:
        raise Denied("too-long", f"A file has {flow.MAX_BYTES // 1_000_000} MB at most.")
    given = flow.Given(name=file.name or "", content=file.read(), **evidence.model_dump())
    who = person(request)
    return _told(flow.take_in(given, mine=mine(who), person=who, now=clock.now()))


@area.get("/readers-files/{int:number}", Act.READERS, gives=FileShown)
def readers_file(request: HttpRequest, number: int) -> dict[str, object]:
    """Give how far a file is, and what would happen or did."""
    return _told(_own(request, number))


@area.post("/readers-files/{int:number}/decision", Act.READERS, gives=FileShown)
def decide_readers_file(request: HttpRequest, number: int, said: FileDecided) -> dict[str, object]:
    """Say yes or no to what was rehearsed."""
    row, who = _own(request, number), person(request)
    act = flow.confirm if said.import_it else flow.drop
    act(row.pk, person=who, now=clock.now())
    verb = "confirm" if said.import_it else "drop"
    note(doer(request), f"readers_file.{verb}", f"readers-file/{number}", now=clock.now())
    return _told(_own(request, number))


@area.get("/readers-files/{int:number}/rejects", Act.READERS, gives=str, media_type="text/csv")
def readers_file_rejects(request: HttpRequest, number: int) -> HttpResponse:
    """Give the bad lines of a file with their reasons, to be mended and brought again."""
    _own(request, number)
    row = ReadersFile.objects.get(pk=number)
    if not row.rejects:
        raise Http404
    note(doer(request), "readers.rejects", f"readers-file/{number}", now=clock.now())
    return HttpResponse(bytes(row.rejects), content_type="text/csv; charset=utf-8")


def _rows(request: HttpRequest) -> QuerySet[ReadersFile]:
    """Give somebody's own files, of organisations that the token reaches."""
    whose = mine(person(request))
    rows = ReadersFile.objects.filter(person=person(request)).defer("content", "rejects")
    return rows if whose is None else rows.filter(organisations__contained_by=list(whose))


def _own(request: HttpRequest, number: int) -> ReadersFile:
    row = _rows(request).filter(pk=number).first()
    if row is None:
        raise Http404
    return row


def _told(row: ReadersFile) -> dict[str, object]:
    names = ("name", "at", "state", "size", "read", "problem", "settled_at")
    figures = {name: value for name, value in row.figures.items() if isinstance(value, int)}
    said = {name: getattr(row, name) for name in names}
    return {**said, "number": row.pk, "figures": figures}
