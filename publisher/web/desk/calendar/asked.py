"""What a calendar page was asked for, and the addresses of others like it."""

from __future__ import annotations

import calendar
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Literal, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from publisher.flows.days import Wish
from publisher.kit.zones import instant

View = Literal["month", "week", "list", "day"]
_YEARS = (1970, 9000)  #: what an address may ask for


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which days, how they are drawn, and what narrows them."""

    view: View
    day: date  #: the day itself, or any of the week or month
    wish: Wish
    first_weekday: int  #: 0: Monday

    @property
    def days(self) -> list[date]:
        """The days that are shown, in order."""
        weeks = calendar.Calendar(self.first_weekday)
        match self.view:
            case "day":
                return [self.day]
            case "week":
                back = (self.day.weekday() - self.first_weekday) % 7
                return [self.day + timedelta(days=at - back) for at in range(7)]
            case "month":
                return list(weeks.itermonthdates(self.day.year, self.day.month))
            case "list":
                last = calendar.monthrange(self.day.year, self.day.month)[1]
                return [self.day.replace(day=at) for at in range(1, last + 1)]

    def between(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Give the moments at which the days begin and have ended where the viewer is."""
        shown = self.days
        return (
            instant(datetime.combine(shown[0], time()), zone.key),
            instant(datetime.combine(shown[-1] + timedelta(days=1), time()), zone.key),
        )

    def step(self, by: int) -> Asked:
        """Give the page so many days, weeks or months on."""
        if self.view in {"day", "week"}:
            days = timedelta(days=by if self.view == "day" else 7 * by)
            return replace(self, day=self.day + days)
        months = self.day.year * 12 + self.day.month - 1 + by
        return replace(self, day=date(months // 12, months % 12 + 1, 1))

    def at(self, day: date, view: View | None = None) -> Asked:
        """Give the page of another day."""
        return replace(self, day=day, view=view or self.view)

    def seen(self, view: View) -> Asked:
        """Give the same days, drawn otherwise."""
        return replace(self, view=view)

    @property
    def query(self) -> str:
        """What says it in an address."""
        months = self.view in {"month", "list"}
        when = f"month={self.day:%Y-%m}" if months else f"day={self.day}"
        drawn = f"view={self.view}&" if self.view != "month" else ""
        return f"{drawn}{when}{self._wished}"

    @property
    def address(self) -> str:
        """Where it is."""
        return f"{reverse('desk-calendar')}?{self.query}"

    def of_day(self, day: date) -> str:
        """Give where a day is, which a page says many times."""
        return f"{self._day_address}{day}{self._wished}"

    @cached_property
    def _day_address(self) -> str:
        return f"{reverse('desk-calendar')}?view=day&day="

    @cached_property
    def _wished(self) -> str:
        """What narrows it, as the end of an address."""
        said = urlencode({name: slug for name, slug in asdict(self.wish).items() if slug})
        return f"&{said}" if said else ""


def asked(request: HttpRequest, *, today: date, language: str) -> Asked:
    """Read an address; what cannot be meant is taken for today's month."""
    said = request.GET
    view = said.get("view", "month")
    return Asked(
        view=view if view in get_args(View) else "month",  # type: ignore[arg-type]  # just looked
        day=_day(said.get("day", "")) or _day(f"{said.get('month', '')}-01") or today,
        wish=wish(said),
        first_weekday=first_weekday(language),
    )


def wish(said: QueryDict) -> Wish:
    """Read what narrows it."""
    names = ("organisation", "audience", "channel", "state")
    return Wish(**{name: said.get(name, "").replace("\0", "")[:200] for name in names})


def first_weekday(language: str) -> int:
    """Give the day that weeks begin with where a language is spoken; 0: Monday."""
    return _FIRST_WEEKDAY.get(language, 0)


#: https://github.com/unicode-org/cldr-json, weekData.json: Saturday where most of Arabic is
#: spoken, Monday for the others (our English is British)
_FIRST_WEEKDAY = {"ar": 5}


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if _YEARS[0] < found.year < _YEARS[1] else None
