"""Gather what the organisations work on: files and feeds become work items, and the index.

An import may be repeated. What a source says of an identifier replaces what it said before;
what two sources, or two lines of one, say differently is kept as a conflict for a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from publisher.flows import landscape_sql as statements
from publisher.flows.landscape_source import is_feed, lines
from publisher.kit.nearest import meant
from publisher.landscape.record import Record, as_decided, conflicting, filled, record
from publisher.landscape.stages import state
from publisher.models import Gathering, Organisation, WorkItem
from publisher.models.errors import Refused

_BATCH = 2000
_SHOWN = 20  #: problems, and items that are gone, that are told one by one
_MANY_GONE = 10  #: so many may go at once, however few a source has
#: what an import may change of a work item
_FIELDS = (
    "work", "works", "same_as", "mentions", "title", "scope", "words", "committees", "ics",
    "stage", "stage_code", "state", "edition", "published", "url", "answer_by",
    "answer_to", "source", "conflicts", "decided", "missing_since",
)  # fmt: skip
_COLUMNS = ("organisation_id", "identifier", *_FIELDS, "first_seen_at", "changed_at")


@dataclass(kw_only=True)
class Gathered:
    """What became of a source's lines."""

    lines: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0  #: items that the source named before and does not name now
    gone_items: list[str] = field(default_factory=list)  #: the first of them
    repeated: int = 0  #: lines whose identifier stood on an earlier one, with the same words
    conflicts: list[str] = field(default_factory=list)  #: identifiers with different titles
    bad: int = 0
    problems: list[str] = field(default_factory=list)  #: the first of the bad lines, and why
    indexed: int = 0  #: titles that can be found now, of all organisations


@dataclass(kw_only=True)
class _Entry:
    """A record and the other titles that its source gives to its identifier."""

    record: Record
    others: list[str] = field(default_factory=list)


def gather_items(
    source: str, *, organisation: str, now: datetime, adds: bool = False, shrinks: bool = False
) -> Gathered:
    """Import a file or feed, all good lines of it or none, and index what can be found.

    A file is the whole of what it is about: what it named before and does not name now is gone.
    A feed holds the newest only, and so takes nothing away; nor does a file with a bad line, which
    may be the one that is missing.

    Args:
        source: a path or an address; see `landscape_source.lines`.
        organisation: the slug of the organisation whose items these are.
        now: when they came in.
        adds: the file is not the whole: it only adds to what it named before.
        shrinks: it is meant that most of what the file named before is gone.

    Raises:
        Refused: the organisation is not known, the source as a whole cannot be read, or it names
            less than half of what it named before.
    """
    owner = _organisation(organisation)
    name = (source if "://" in source else Path(source).name)[:300]
    done = Gathered()
    entries = _entries(source, done)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.ALONE)
        waiting = iter(entries.values())
        while batch := list(islice(waiting, _BATCH)):
            _store(batch, owner, name, now, done)
        if not (adds or done.bad or is_feed(source)):
            _take_out(set(entries), owner, name, now, done, shrinks=shrinks)
        Gathering.objects.update_or_create(
            organisation=owner, source=name, defaults={"at": now, "items": len(entries)}
        )
        done.indexed = index()
    return done


def index() -> int:
    """Write the index anew; give how many titles it holds.

    Call it in a transaction: who looks meanwhile waits, and then finds the new one.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (statements.TITLES, statements.WORDS, statements.SETTLE):
            cursor.execute(statement)
        cursor.execute(statements.HOW_MANY)
        (titles,) = cursor.fetchone() or (0,)
    return int(titles)


def _organisation(slug: str) -> Organisation:
    known = Organisation.objects.filter(retired_at=None)
    found = known.filter(slug=slug).first()
    if found is None:
        slugs = list(known.values_list("slug", flat=True))
        raise Refused(f"“{slug}” is no organisation of the plan{meant(slug, slugs)}")
    return found


def _entries(source: str, done: Gathered) -> dict[str, _Entry]:
    """Read the lines, and join those of one identifier."""
    entries: dict[str, _Entry] = {}
    for one in _records(source, done):
        known = entries.setdefault(one.identifier, _Entry(record=one))
        if known.record is one:
            continue
        if conflicting(known.record, one):
            if one.title not in known.others:
                known.others.append(one.title)
        else:
            done.repeated += 1
            known.record = filled(known.record, one)
    return entries


def _records(source: str, done: Gathered) -> Iterator[Record]:
    for place, said in lines(source):
        done.lines += 1
        try:
            yield record(said)
        except ValueError as error:
            done.bad += 1
            if len(done.problems) < _SHOWN:
                done.problems.append(f"{place}: {error}")


def _store(
    batch: Sequence[_Entry], owner: Organisation, source: str, now: datetime, done: Gathered
) -> None:
    known = {
        item.identifier: item
        for item in WorkItem.objects.filter(
            organisation=owner, identifier__in=[each.record.identifier for each in batch]
        )
    }
    new, changed = [], []
    for each in batch:
        had = known.get(each.record.identifier)
        item = _item(each, had, owner, source, now)
        if item.conflicts:
            done.conflicts.append(item.identifier)
        if had is None:
            new.append(item)
        elif any(getattr(item, name) != getattr(had, name) for name in _FIELDS):
            changed.append(item)
    _copy(new)
    WorkItem.objects.bulk_update(changed, [*_FIELDS, "changed_at"])
    done.new += len(new)
    done.changed += len(changed)
    done.unchanged += len(batch) - len(new) - len(changed)


def _take_out(
    named: set[str], owner: Organisation, source: str, now: datetime, done: Gathered, *,
    shrinks: bool,
) -> None:  # fmt: skip
    """Mark what the source does not name any more."""
    there = WorkItem.objects.filter(organisation=owner, source=source, missing_since=None)
    known = dict(there.values_list("identifier", "pk"))
    gone = sorted(known.keys() - named)
    if len(gone) > max(_MANY_GONE, len(known) // 2) and not shrinks:
        raise Refused(
            f"{source} names {len(known) - len(gone):,} of the {len(known):,} work items that it "
            "named before. If it only adds to them, say --adds; if the others are gone, say "
            "--shrinks."
        )
    done.gone, done.gone_items = len(gone), gone[:_SHOWN]
    for at in range(0, len(gone), _BATCH):
        pks = [known[one] for one in gone[at : at + _BATCH]]
        WorkItem.objects.filter(pk__in=pks).update(missing_since=now, changed_at=now)


def _copy(items: Sequence[WorkItem]) -> None:
    """Write new rows; with COPY an import of a hundred thousand takes half the time."""
    with connection.cursor() as cursor, cursor.copy(statements.COPY) as copy:
        for item in items:
            values = [getattr(item, name) for name in _COLUMNS]
            copy.write_row([Jsonb(one) if isinstance(one, dict) else one for one in values])


def _item(
    each: _Entry, had: WorkItem | None, owner: Organisation, source: str, now: datetime
) -> WorkItem:
    """Give the row that an entry makes of what was there.

    The words of another source stay; those here are then a conflict, until both say the same.
    """
    said, others = each.record, list(each.others)
    conflicts = dict(had.conflicts) if had else {}
    if had and had.source != source:
        kept = _record_of(had)
        if conflicting(kept, said):
            others = [said.title, *others]
        said, source_kept = filled(kept, said), had.source
    else:
        source_kept = source
    conflicts.pop(source, None)
    decided = had.decided if had else {}
    said, others = as_decided(said, others, decided)
    if others:
        conflicts[source] = others
    values = asdict(said)
    lists = {name: list(value) for name, value in values.items() if isinstance(value, tuple)}
    return WorkItem(
        **values | lists,
        id=had.pk if had else None,
        organisation=owner,
        work=said.works[0],
        words=list(said.words),
        source=source_kept,
        conflicts=conflicts,
        decided=decided,
        missing_since=None,
        first_seen_at=had.first_seen_at if had else now,
        changed_at=now,
    )


def _record_of(item: WorkItem) -> Record:
    """Read a row back; its words are all that is compared and filled in."""
    return Record(
        identifier=item.identifier,
        title=item.title,
        scope=item.scope,
        committees=tuple(item.committees),
        ics=tuple(item.ics),
        stage=item.stage,
        stage_code=item.stage_code,
        state=state(item.stage_code),
        edition=item.edition,
        published=item.published,
        url=item.url,
        answer_by=item.answer_by,
        answer_to=item.answer_to,
        works=tuple(item.works),
        same_as=tuple(item.same_as),
        mentions=tuple(item.mentions),
    )
