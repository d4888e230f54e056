"""A calendar's days with what stands on each, as a screen shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse

from publisher.flows.days import Days, Held, Line
from publisher.models import Audience, Entry
from publisher.models.specs import in_language
from publisher.schedule.clashes import Clash
from publisher.web.language import Tongue


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An occurrence on a day."""

    line: Line
    title: str
    clock: str  #: where the viewer is
    theirs: str  #: where the entry is, if clocks there show something else
    state: str  #: of its placements, the one that asks most for somebody; empty: it has none
    address: str
    move: str  #: where it can be moved


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day with all that stands on it."""

    day: date
    lines: tuple[Shown, ...]
    more: int  #: how many are not shown
    events: tuple[Held, ...]
    clashes: tuple[str, ...]  #: sentences


#: what an occurrence is said to be when its placements stand differently
_URGENCY = (
    "missed", "paused", "sending", "cancelled", "planned", "unavailable", "dropped", "finished",
)  # fmt: skip


def spread(
    shown: list[date],
    found: Days,
    held: list[Held],
    clashes: list[Clash],
    *,
    zone: ZoneInfo,
    tongue: Tongue,
) -> list[Day]:
    """Put everything on its day."""
    lines: dict[date | None, list[Line]] = defaultdict(list)
    for line in found.lines:
        lines[line.day].append(line)
    said = sentences(clashes, tongue)
    return [
        Day(
            day=day,
            lines=tuple(as_shown(line, zone, tongue.tag) for line in lines[day]),
            more=found.numbers.get(day, 0) - len(lines[day]),
            events=tuple(one for one in held if one.first <= day <= one.last),
            clashes=tuple(said.get(day, ())),
        )
        for day in shown
    ]


def as_shown(line: Line, zone: ZoneInfo, language: str) -> Shown:
    """Give an occurrence as it stands on a day."""
    here = line.due_at.astimezone(zone) if line.due_at else None
    there = line.due_at.astimezone(ZoneInfo(line.zone)) if line.due_at else None
    other = here and there and here.utcoffset() != there.utcoffset()
    return Shown(
        line=line,
        title=in_language(line.title, language),
        clock=f"{here:%H:%M}" if here else "",
        theirs=_theirs(there, here) if there and here and other else "",
        state=next((state for state in _URGENCY if state in line.states), ""),
        address=entry_address(line.entry, line.occurrence),
        move=_MOVES().format(quote(line.entry), quote(line.occurrence, safe="")),
    )


def _theirs(there: datetime, here: datetime) -> str:
    return f"{there:%H:%M}" if there.date() == here.date() else f"{there:%d.%m. %H:%M}"


def entry_address(entry: str, occurrence: str) -> str:
    """Give where an entry is written, or, while there is no such page, where it is read."""
    return _ENTRIES().format(quote(entry), quote(occurrence, safe=""))


# A page says hundreds of addresses, and Django takes long for each.
@cache
def _ENTRIES() -> str:  # noqa: N802  # a constant, known once all addresses are
    try:
        return reverse("desk-entry", args=["ENTRY"]).replace("ENTRY", "{0}")
    except NoReverseMatch:
        return _pattern("desk-approval")


@cache
def _MOVES() -> str:  # noqa: N802  # a constant, known once all addresses are
    return _pattern("desk-calendar-move")


def _pattern(name: str) -> str:
    found = reverse(name, args=["ENTRY", "OCCURRENCE"])
    return found.replace("ENTRY", "{0}").replace("OCCURRENCE", "{1}")


def sentences(clashes: list[Clash], tongue: Tongue) -> Mapping[date, list[str]]:
    """Say each clash in the viewer's language, by day."""
    if not clashes:
        return {}
    names = names_in(clashes, tongue.tag)
    found: dict[date, list[str]] = defaultdict(list)
    for one in clashes:
        found[one.on].append(said(one, names, tongue))
    return found


def names_in(clashes: Iterable[Clash], language: str) -> Mapping[str, str]:
    """Give what the audiences and the first entries of clashes are called: `entry/<slug>`."""
    entries = {slug for one in clashes for slug in one.entries[:_NAMED]}
    titles = Entry.objects.filter(slug__in=entries).values_list("slug", "spec__title")
    audiences = Audience.objects.values_list("slug", "spec__name")
    return {
        **{slug: in_language(name, language) for slug, name in audiences},
        **{f"entry/{slug}": in_language(title, language) for slug, title in titles},
    }


def said(clash: Clash, names: Mapping[str, str], tongue: Tongue) -> str:
    """Say a clash."""
    kind = "many" if len(clash.entries) > 2 else "soon"
    entries = [names.get(f"entry/{one}", one) for one in dict.fromkeys(clash.entries)]
    return tongue.say(
        f"desk.calendar.clash_{kind}",
        audience=names.get(clash.audience, clash.audience),
        count=len(clash.entries),
        entries="; ".join(_first(entries, _NAMED)),
    )


_NAMED = 4  #: entries of a clash that are named; of the rest there is only a number


def _first(names: list[str], most: int) -> Iterator[str]:
    yield from names[:most]
    if len(names) > most:
        yield f"… (+{len(names) - most})"
