"""Where the calendar addresses the same readers too often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from publisher.models.specs import Plan
from publisher.schedule.matrix import wholes

MANY = 3  #: in one day
SOON = timedelta(hours=4)


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """Something that an audience's readers are to hear."""

    audience: str
    entry: str
    occurrence: int
    channel: str
    at: datetime  #: aware
    on: date  #: the day that is where readers are told of it


@dataclass(frozen=True, kw_only=True)
class Clash:
    """Readers who would hear from us too often."""

    audience: str
    on: date
    entries: tuple[str, ...]  #: in the order they come
    sentence: str


def clashes(hearings: Iterable[Hearing], plan: Plan) -> list[Clash]:
    """Find who is addressed three times in a day, or twice within hours, in order of days.

    Who is in an audience is in the wider ones too, and hears what they are told; one occurrence
    comes once through one channel, whatever the number of outlets and languages.
    """
    heard = _heard(hearings, plan)
    found = [clash for audience, rows in heard.items() for clash in _of(audience, rows)]
    return sorted(found, key=lambda clash: (clash.on, clash.audience))


def _heard(hearings: Iterable[Hearing], plan: Plan) -> dict[str, list[Hearing]]:
    told: dict[str, list[Hearing]] = defaultdict(list)
    for hearing in hearings:
        told[hearing.audience].append(hearing)
    return {
        audience: _once(
            [row for one in wholes(plan, plan.audiences[audience]) for row in told[one.slug]]
        )
        for audience in list(told)
        if audience in plan.audiences
    }


def _once(rows: Sequence[Hearing]) -> list[Hearing]:
    first: dict[tuple[int, str], Hearing] = {}
    for row in sorted(rows, key=lambda row: (row.at, row.entry)):
        first.setdefault((row.occurrence, row.channel), row)
    return list(first.values())


def _of(audience: str, rows: Sequence[Hearing]) -> Iterator[Clash]:
    days: dict[date, list[Hearing]] = defaultdict(list)
    for row in rows:
        days[row.on].append(row)
    many = {on: found for on, found in days.items() if len(found) >= MANY}
    for on, found in many.items():
        yield _clash(audience, on, found, f"is addressed {len(found)} times on {on}")
    for before, after in pairwise(rows):
        # One entry in two channels is its officer's own wish.
        other = after.occurrence != before.occurrence
        if other and after.at - before.at < SOON and not {before.on, after.on} & many.keys():
            yield _clash(
                audience, before.on, [before, after], f"is addressed twice {_apart(before, after)}"
            )


def _clash(audience: str, on: date, rows: Sequence[Hearing], says: str) -> Clash:
    entries = tuple(row.entry for row in rows)
    names = ", ".join(dict.fromkeys(entries))
    return Clash(audience=audience, on=on, entries=entries, sentence=f"{audience} {says}: {names}.")


def _apart(before: Hearing, after: Hearing) -> str:
    minutes = round((after.at - before.at).total_seconds() / 60)
    if not minutes:
        return f"at the same time on {before.on}"
    hours, minutes = divmod(minutes, 60)
    return f"within {f'{hours} h ' if hours else ''}{minutes} min on {before.on}"
