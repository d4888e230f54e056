"""The calendar as a month, a week, a list or a day; and as a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from publisher.flows.days import day_clashes, days, events_held, waiting_for_launch
from publisher.flows.rights import may
from publisher.kit import clock
from publisher.kit.dates import month_name, weekday_name
from publisher.kit.spreadsheet import guarded as harmless
from publisher.models import Act, Audience, Channel, Organisation, PlacementState
from publisher.models.specs import in_language
from publisher.web.desk.calendar.asked import Asked, View, asked
from publisher.web.desk.calendar.spread import Shown, as_shown, spread
from publisher.web.desk.door import person
from publisher.web.desk.screen import guarded, screen, spoken, zone

#: lines of a day; the rest stands on the page of the day
MOST: Mapping[View, int] = {"month": 5, "week": 20, "list": 40, "day": 500}
_TAKES: tuple[View, ...] = ("month", "week", "list")


@require_safe
@gzip_page
def calendar(request: HttpRequest) -> HttpResponse:
    """What comes when, as the address says."""
    tongue, here, now = spoken(request), zone(request), clock.now()
    today = now.astimezone(here).date()
    page = asked(request, today=today, language=tongue.tag)
    start, end = page.between(here)
    drawn = spread(
        page.days,
        days(start=start, end=end, zone=here.key, wish=page.wish, most=MOST[page.view]),
        events_held(start=start, end=end, zone=here.key),
        day_clashes(start=start, end=end),
        zone=here,
        tongue=tongue,
    )
    return screen(
        request,
        "calendar/calendar",
        at="calendar",
        page=page,
        weeks=[drawn[at : at + 7] for at in range(0, len(drawn), 7)],
        days=drawn,
        views=_TAKES,
        today=today,
        title=_title(page, tongue.tag),
        weekdays=[weekday_name(day.weekday(), tongue.tag) for day in page.days[:7]],
        waits=[as_shown(one, here, tongue.tag) for one in waiting_for_launch(wish=page.wish)],
        choices=choices(tongue.tag),
        may_edit=may(person(request), Act.EDIT),
        back=quote(page.address),
        new=reverse("desk-calendar-new"),
    )


@require_safe
def spreadsheet(request: HttpRequest) -> HttpResponse:
    """The same days as CSV, with all their lines."""
    tongue, here = spoken(request), zone(request)
    today = clock.now().astimezone(here).date()
    page = asked(request, today=today, language=tongue.tag)
    start, end = page.between(here)
    found = days(start=start, end=end, zone=here.key, wish=page.wish).lines
    rows = (_row(as_shown(one, here, tongue.tag)) for one in found)
    return as_csv(f"calendar-{page.days[0]}", chain_head(_COLUMNS, rows))


def as_csv(name: str, rows: Iterable[Iterable[str]]) -> HttpResponse:
    """Give a spreadsheet in which nothing is run as a formula."""
    out = io.StringIO()
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in rows)
    # With the mark, without which a known program takes UTF-8 for something else.
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return guarded(response)


def chain_head(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[Iterable[str]]:
    """Put a head above rows."""
    yield head
    yield from rows


_COLUMNS = (
    "day", "time", "entry_time", "entry_zone", "entry", "title", "audiences", "channels", "states",
)  # fmt: skip


def _row(shown: Shown) -> list[str]:
    line = shown.line
    return [
        str(line.day or ""),
        shown.clock,
        f"{line.at_local:%Y-%m-%d %H:%M}" if line.at_local else "",
        line.zone,
        line.entry,
        shown.title,
        " ".join(line.audiences),
        " ".join(line.channels),
        ", ".join(f"{state} {number}" for state, number in line.states.items()),
    ]


def choices(language: str) -> dict[str, dict[str, str]]:
    """Give what a calendar can be narrowed to: names by slug."""
    organisations = Organisation.objects.filter(retired_at=None)
    return {
        "organisation": dict(organisations.values_list("slug", "spec__short")),
        **{
            name: {
                slug: in_language(said, language)
                for slug, said in noun.objects.filter(retired_at=None).values_list(
                    "slug", "spec__name"
                )
            }
            for name, noun in (("audience", Audience), ("channel", Channel))
        },
        "state": dict.fromkeys(PlacementState.values, ""),
    }


def _title(page: Asked, language: str) -> str:
    if page.view == "day":
        return ""
    first, last = page.days[0], page.days[-1]
    if page.view == "week":
        return f"{_day_month(first, language)} – {_day_month(last, language)} {last.year}"
    return f"{month_name(page.day.month, language)} {page.day.year}"


def _day_month(day: date, language: str) -> str:
    return f"{day.day} {month_name(day.month, language)}"
