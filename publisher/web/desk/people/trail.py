"""The audit trail: shown, filtered, handed out as a table."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publisher.flows import trail as flow
from publisher.flows.audit import note
from publisher.flows.people import administered
from publisher.kit import clock, spreadsheet
from publisher.models import AuditRow
from publisher.web.desk.door import doer, person
from publisher.web.desk.screen import guarded, screen, zone

HASH = re.compile(r"\b[0-9a-f]{40,64}\b")
FIELDS = ("person", "act", "thing", "organisation", "since", "until")


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Who did what, the newest first."""
    said = {name: request.GET.get(name, "").strip() for name in FIELDS}
    found = flow.page(person(request), _asked(request, said), after=request.GET.get("after", ""))
    kept = request.GET.copy()
    kept.pop("after", None)
    return screen(
        request,
        "people/trail",
        at="people",
        rows=[_told(row) for row in found.rows],
        after=found.after,
        said=said,
        kept=kept.urlencode(),
        acts=_acts(request),
        organisations=administered(None if person(request).is_superuser else person(request)),
    )


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same as a CSV file."""
    said = {name: request.GET.get(name, "").strip() for name in FIELDS}
    asked = {name: value for name, value in said.items() if value}
    note(doer(request), "trail.export", now=clock.now(), asked=asked)
    written = io.StringIO()
    lines = csv.writer(written)
    for row in flow.table(person(request), _asked(request, said)):
        lines.writerow(map(spreadsheet.guarded, row))
    response = HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit-trail.csv"'
    return guarded(response)


def _told(row: AuditRow) -> dict[str, object]:
    """Give a row as a line; long hashes are cut, which a table hands out whole."""
    said = {name: _short(value) for name, value in row.details.items() if value not in ("", [], {})}
    return {
        "at": row.at,
        "person": row.person,
        "act": row.act,
        "thing": row.thing,
        "organisation": row.organisation,
        "via": row.via,
        "told": "; ".join(f"{name}: {value}" for name, value in said.items()),
    }


def _short(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_short, value))
    return HASH.sub(lambda match: f"{match[0][:8]}…", str(value))


def _asked(request: HttpRequest, said: dict[str, str]) -> flow.Asked:
    return flow.Asked(
        person=said["person"],
        act=said["act"],
        thing=said["thing"],
        organisation=said["organisation"],
        since=_day(request, said["since"]),
        until=_day(request, said["until"], after=timedelta(days=1)),
    )


def _day(request: HttpRequest, text: str, after: timedelta = timedelta(0)) -> datetime | None:
    """Read a day as it begins where the person is; nothing if it is none."""
    try:
        day = datetime.fromisoformat(text)
        return (day.replace(tzinfo=None) + after).replace(tzinfo=zone(request))
    except (ValueError, OverflowError):
        return None


def _acts(request: HttpRequest) -> list[str]:
    """Give the acts to choose from: those among the last that the person may see."""
    last = flow.rows(person(request), flow.Asked()).values_list("act", flat=True)[:2000]
    return sorted(set(last))
