"""One reader: what is known of it, what it agreed to with the whole evidence, what it got."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from publisher.flows import reader_acts
from publisher.flows.audit import note
from publisher.flows.export_readers import about
from publisher.flows.readers import Mine
from publisher.flows.readers import mine as looked_after
from publisher.kit import clock
from publisher.kit.signing import address_hash
from publisher.models import Consent, Delivery, KeyMessage, Reader, Suppression
from publisher.models.errors import PublisherError, Refused
from publisher.web.desk.door import doer, person
from publisher.web.desk.screen import guarded, screen, spoken
from publisher.web.names import Names

_DELIVERIES = 10


@require_http_methods(["GET", "HEAD", "POST"])
def reader(request: HttpRequest, reader: int) -> HttpResponse:
    """Show it, or mend what is known of it."""
    row = Reader.objects.get(pk=reader)
    if request.method != "POST":
        return page(request, row)
    said = request.POST
    try:
        known = reader_acts.Known(
            name=said.get("name", "").strip(),
            language=said.get("language", "").strip(),
            attributes=_attributes(said.get("attributes", ""), row.attributes),
        )
        reader_acts.change(reader, known, doer=doer(request), now=clock.now())
    except PublisherError as error:
        return page(request, row, problems=str(error).splitlines(), typed=said, status=422)
    messages.success(request, spoken(request).say("desk.readers.saved"))
    return HttpResponseRedirect(reverse("desk-reader", args=[reader]))


@require_safe
def data(request: HttpRequest, reader: int) -> HttpResponse:
    """All that is held about it, for the reader: GDPR, articles 15 and 20."""
    row = Reader.objects.get(pk=reader)
    note(doer(request), "reader.export", f"reader/{reader}", now=clock.now())
    told = about(row.address, mine=looked_after(person(request)))
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="reader-{reader}.json"'
    return guarded(response)


def page(
    request: HttpRequest,
    row: Reader,
    *,
    problems: Sequence[str] = (),
    typed: Any = None,  # noqa: ANN401  # a form's, as it came
    status: int = 200,
) -> HttpResponse:
    """Show a reader, with what could not be done."""
    mine = looked_after(person(request))
    muted = {one.slug: one for one in KeyMessage.objects.filter(slug__in=row.muted)}
    consents = _consents(row, mine)
    return screen(
        request,
        "readers/reader",
        at="readers",
        status=status,
        row=row,
        typed=typed,
        attributes=_written(row.attributes),
        consents=consents,
        pending=any(not one.confirmed_at and not one.withdrawn_at for one in consents),
        suppression=Suppression.objects.filter(address_hash=address_hash(row.address)).first(),
        others=reader_acts.others(row.pk, mine),
        deliveries=_deliveries(row, mine),
        muted=[(slug, muted.get(slug)) for slug in row.muted],
        names=Names(spoken(request).tag),
        problems=problems,
    )


def _consents(row: Reader, mine: Mine) -> list[Consent]:
    rows = row.consents.select_related("organisation", "channel").order_by("-given_at", "-id")
    return list(rows if mine is None else rows.filter(organisation__slug__in=mine))


def _deliveries(row: Reader, mine: Mine) -> list[Delivery]:
    rows = Delivery.objects.shown().filter(recipient=row.pk)
    if mine is not None:
        rows = rows.filter(placement__outlet__organisation__slug__in=mine)
    named = rows.select_related("placement__occurrence__entry", "placement__outlet__channel")
    return list(named.order_by("-id")[:_DELIVERIES])


def _written(attributes: dict[str, Any]) -> str:
    """Write attributes as they are edited: one a line, a list's values between semicolons."""
    return "\n".join(_line(name, value) for name, value in sorted(attributes.items()))


def _line(name: str, value: Any) -> str:  # noqa: ANN401  # what JSON holds
    if isinstance(value, list):
        return f"{name}[]: {'; '.join(map(str, value))}"
    return f"{name}: {value}"


def _attributes(text: str, before: dict[str, Any]) -> dict[str, Any]:
    """Read them back; what was not changed keeps its kind.

    Raises:
        Refused: a line is none.
    """
    lines = {_line(name, value): (name, value) for name, value in before.items()}
    found: dict[str, Any] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, colon, said = (part.strip() for part in line.partition(":"))
        if not colon:
            raise Refused(f"“{line[:60]}” is no attribute; write a name, a colon and what it is.")
        key, value = lines.get(line) or _read(name, said)
        if key in found:
            raise Refused(f"“{key}” is there twice.")
        if value not in ("", []):
            found[key] = value
    return found


def _read(name: str, said: str) -> tuple[str, str | list[str]]:
    if not name.endswith("[]"):
        return name, said
    return name.removesuffix("[]"), [one.strip() for one in said.split(";") if one.strip()]
