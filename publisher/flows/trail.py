"""Read the audit trail: who did what, for those who may know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from publisher.flows.people import administered
from publisher.flows.rights import is_operator
from publisher.models import AuditRow, Person, Role

PAGE = 50
MOST = 100_000  #: rows of a table that is handed out; who wants more asks for a time


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What of it somebody asks for; empty: all."""

    person: str = ""  #: a username
    thing: str = ""  #: how it begins, such as `entry/`
    act: str = ""  #: how it begins, such as `role.`
    organisation: str = ""  #: its slug
    since: datetime | None = None  #: aware
    until: datetime | None = None  #: aware, exclusive


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some rows, the newest first."""

    rows: list[AuditRow]
    after: str  #: gives the next page; empty: there is none


def page(who: Person, asked: Asked, *, after: str = "") -> Page:
    """Give a page of what somebody may see.

    Args:
        who: an operator sees all; an administrator, what was done for its organisations or by
            their people, and what was done by nobody and for nobody in particular.
        asked: what of it.
        after: of the page before. One that is not ours begins anew.
    """
    found = list(_after(rows(who, asked), after)[: PAGE + 1])
    more = len(found) > PAGE
    last = found[PAGE - 1] if more else None
    return Page(rows=found[:PAGE], after=f"{last.at.isoformat()}_{last.pk}" if last else "")


def rows(who: Person, asked: Asked) -> QuerySet[AuditRow]:
    """Give all of it that somebody may see; see `page`."""
    found = _seen(who).select_related("person")
    if asked.person:
        found = found.filter(person__username=asked.person)
    if asked.organisation:
        found = found.filter(organisation=asked.organisation)
    if asked.since:
        found = found.filter(at__gte=asked.since)
    if asked.until:
        found = found.filter(at__lt=asked.until)
    return found.filter(thing__startswith=asked.thing, act__startswith=asked.act)


def table(who: Person, asked: Asked) -> Iterator[list[str]]:
    """Give it as a table's rows, the newest first, under the names of its columns."""
    yield ["at", "person", "via", "act", "thing", "organisation", "details"]
    for row in rows(who, asked)[:MOST].iterator(chunk_size=2000):
        person = row.person.username if row.person else ""
        details = "; ".join(f"{name}: {value}" for name, value in row.details.items())
        yield [row.at.isoformat(), person, row.via, row.act, row.thing, row.organisation, details]


def _seen(who: Person) -> QuerySet[AuditRow]:
    if is_operator(who):
        return AuditRow.objects.all()
    mine = administered(who)
    theirs = Role.objects.filter(organisation__slug__in=mine).values("person")
    by_mine = Q(person__in=theirs) | Q(person=None)
    return AuditRow.objects.filter(Q(organisation__in=mine) | Q(by_mine, organisation=""))


def _after(found: QuerySet[AuditRow], after: str) -> QuerySet[AuditRow]:
    moment, _, pk = after.rpartition("_")
    try:
        at, row = datetime.fromisoformat(moment), int(pk)
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        return found
    return found.filter(Q(at__lt=at) | Q(at=at, pk__lt=row))
