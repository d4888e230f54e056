"""Readers searched, a page at a time, and handed out as a table."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from publisher.flows import readers as flow
from publisher.flows.audit import note
from publisher.flows.export_readers import lines
from publisher.flows.readers import Asked, Mine
from publisher.kit import clock
from publisher.models import Channel, Consent, Organisation, Reader, Suppression
from publisher.web.desk.door import doer, person
from publisher.web.desk.screen import guarded, screen

FIELDS = ("address", "name", "language", "attribute", "value", "organisation", "channel")


@require_safe
def readers(request: HttpRequest) -> HttpResponse:
    """A page of readers, the newest first."""
    asked, mine = _asked(request), flow.mine(person(request))
    found = flow.search(asked, mine=mine)
    said = _said(request)
    following = {**said, "before": found.next}
    return screen(
        request,
        "readers/readers",
        at="readers",
        rows=found.rows,
        consents=consents(found.rows, mine),
        suppressed=suppressed(found.rows),
        asked=asked,
        narrowed=bool(said),
        kept=urlencode(said),
        following=f"?{urlencode(following)}" if found.next else "",
        organisations=organisations(mine),
        channels=Channel.objects.filter(retired_at=None).order_by("slug"),
    )


@require_safe
def table(request: HttpRequest) -> StreamingHttpResponse:
    """All that are found as a CSV file, which is made as it is fetched."""
    asked, mine = _asked(request), flow.mine(person(request))
    # What was looked for may be an address, so only its kinds are written down.
    note(doer(request), "readers.export", now=clock.now(), narrowed_by=sorted(_said(request)))
    response = StreamingHttpResponse(
        _sent(lines(asked, mine=mine)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="readers.csv"'
    return guarded(response)


def organisations(mine: Mine) -> list[Organisation]:
    """Give those whose readers somebody looks after."""
    rows = Organisation.objects.filter(retired_at=None).order_by("slug")
    return list(rows if mine is None else rows.filter(slug__in=mine))


def consents(rows: Sequence[Reader], mine: Mine) -> dict[int, list[Consent]]:
    """Give what each reader of a page receives, of what may be told."""
    found: dict[int, list[Consent]] = {row.pk: [] for row in rows}
    live = Consent.objects.filter(reader__in=rows, withdrawn_at=None)
    live = live.select_related("organisation", "channel").order_by("organisation__slug", "id")
    for one in live if mine is None else live.filter(organisation__slug__in=mine):
        found[one.reader_id].append(one)
    return found


def suppressed(rows: Sequence[Reader]) -> set[str]:
    """Give the hashes of those of a page that must not be written to."""
    hashes = [row.address_hash for row in rows if row.address_hash]
    rows_ = Suppression.objects.filter(address_hash__in=hashes)
    return set(rows_.values_list("address_hash", flat=True))


def _said(request: HttpRequest) -> dict[str, str]:
    names = (*FIELDS, "suppressed")
    given = {name: request.GET.get(name, "").strip()[:320] for name in names}
    return {name: text.replace("\0", "") for name, text in given.items() if text}


def _asked(request: HttpRequest) -> Asked:
    said, before = _said(request), request.GET.get("before", "")
    return Asked(
        address=said.get("address", ""),
        name=said.get("name", ""),
        language=said.get("language", ""),
        attribute=said.get("attribute", ""),
        value=said.get("value", ""),
        organisation=said.get("organisation", ""),
        channel=said.get("channel", ""),
        suppressed="suppressed" in said,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else 0,
    )


async def _sent(pieces: Iterator[str]) -> AsyncIterator[bytes]:
    """Make each piece in the thread that talks to the database."""
    while piece := await sync_to_async(_next)(pieces):
        yield piece.encode()


def _next(pieces: Iterator[str]) -> str:
    return next(pieces, "")
