"""Readers found again: searched, a page at a time, by whoever looks after them.

Somebody sees the readers who have, or had, a consent with an organisation that it looks after
readers for; an operator sees all.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from publisher.dispatch.recipients import Query, members
from publisher.flows.address import hash_new_addresses
from publisher.flows.rights import Owners, is_operator, organisations
from publisher.models import Act, Channel, Consent, Organisation, Person, Reader
from publisher.models.specs import RuleSpec

PAGE = 50
_BATCH = 2000
_MANY = 10_000  #: so many of something are found soon, wherever one begins to read
#: whose consents somebody may see, by slug; None: everybody's
Mine = Collection[str] | None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is looked for; what is empty does not narrow."""

    address: str = ""  #: how it begins, whatever its case
    name: str = ""  #: how words of it begin
    language: str = ""
    attribute: str = ""
    value: str = ""  #: of the attribute, or one of its values; empty: whoever has the attribute
    organisation: str = ""  #: slug: has a live consent with it
    channel: str = ""  #: slug: has a live consent for it
    suppressed: bool = False  #: only those who must not be written to
    rule: RuleSpec | None = None  #: who is in a segment
    before: int = 0  #: ids below it: where the page before ended


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of readers, the newest first."""

    rows: Sequence[Reader] = field(default=())
    next: int = 0  #: what `before` is on the next page; 0: this is the last


def mine(person: Person) -> Mine:
    """Give the organisations whose readers somebody looks after; None: an operator's all."""
    if is_operator(person):
        return None
    return organisations(person, Act.READERS)


def owners(reader: int) -> Owners:
    """Give the organisations a reader has, or had, a consent with."""
    slugs = Consent.objects.filter(reader=reader).values_list("organisation__slug", flat=True)
    return frozenset(slugs)


def search(asked: Asked, *, mine: Mine) -> Found:
    """Give a page of readers, however many there are."""
    if asked.suppressed:
        hash_new_addresses()
    rows = _rows(asked, mine, PAGE + 1)
    more = rows[PAGE - 1].pk if len(rows) > PAGE else 0
    return Found(rows=rows[:PAGE], next=more)


def everyone(asked: Asked, *, mine: Mine) -> Iterator[Sequence[Reader]]:
    """Give all that are found, in batches, the newest first."""
    before = 0
    while rows := _rows(asked, mine, _BATCH, before=before):
        yield rows
        before = rows[-1].pk


def count(rule: RuleSpec, *, mine: Mine) -> int:
    """Count who is in a segment, as one set."""
    query = _condition(Asked(rule=rule), mine)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM publisher_reader r WHERE {query.sql}",  # noqa: S608  # values are bound
            query.parameters,
        )
        (number,) = cursor.fetchone() or (0,)
    return int(number)


def _rows(asked: Asked, mine: Mine, most: int, *, before: int = 0) -> list[Reader]:
    query = _condition(asked, mine, before=before or asked.before)
    return list(
        Reader.objects.raw(
            f"SELECT r.* FROM publisher_reader r WHERE {query.sql} ORDER BY r.id DESC LIMIT %s",  # noqa: S608  # values are bound
            (*query.parameters, most),
        )
    )


def _condition(asked: Asked, mine: Mine, *, before: int = 0) -> Query:
    parts = list(_parts(asked, mine, before))
    if before:
        parts.append(Query(sql="r.id < %s", parameters=(before,)))
    return _all(parts)


def _all(parts: Iterable[Query]) -> Query:
    parts = list(parts)
    values: tuple[Any, ...] = tuple(value for part in parts for value in part.parameters)
    return Query(sql=" AND ".join(part.sql for part in parts) or "TRUE", parameters=values)


def _parts(asked: Asked, mine: Mine, before: int) -> Iterator[Query]:
    if asked.organisation or asked.channel:
        yield _consented(asked, mine)
    else:
        yield from _described(asked)
        if mine is not None:
            yield _seen(mine, before)
    if asked.address:
        begun = _escaped(asked.address.strip().lower()) + "%"
        yield Query(sql="lower(r.address) LIKE %s", parameters=(begun,))
    if words := _words(asked.name):
        yield _named(words)
    if asked.suppressed:
        yield Query(sql=_SUPPRESSED)
    if asked.rule is not None:
        yield members(asked.rule)


def _seen(mine: Collection[str], before: int) -> Query:
    """Ask for readers whom somebody may see; what was withdrawn counts: it can be looked up."""
    if before:  # said of the consents too: PostgreSQL would read them from the newest on
        return Query(sql=_SEEN.format("AND c.reader_id < %s"), parameters=(_ids(mine), before))
    return Query(sql=_SEEN.format(""), parameters=(_ids(mine),))


def _named(words: str) -> Query:
    """Ask for a name; PostgreSQL cannot tell how many begin so, and reads all for a rare one."""
    query = Query(sql=_NAMED, parameters=(words,))
    found = _few(query)
    return query if found is None else Query(sql="r.id = ANY(%s)", parameters=(found,))


def _few(query: Query) -> list[int] | None:
    """Give the ids of those who are asked for; None: they are many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute(
            f"SELECT r.id FROM publisher_reader r WHERE {query.sql} LIMIT %s",  # noqa: S608  # values are bound
            [*query.parameters, _MANY],
        )
        found = [number for (number,) in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = on")
    return found if len(found) < _MANY else None


def _described(asked: Asked) -> Iterator[Query]:
    if asked.language:
        yield Query(sql="r.language = %s", parameters=(asked.language,))
    if asked.attribute:
        yield _attribute(asked.attribute, asked.value)


def _consented(asked: Asked, mine: Mine) -> Query:
    """Ask for who is described so, and has a live consent.

    PostgreSQL takes the two to be mixed evenly, and reads all readers where they are not; so the
    consents of the few whom an attribute leaves are looked up.
    """
    live, described = _live(asked, mine), _all(_described(asked))
    found = _few(described) if asked.attribute else None
    if found is None:
        return _all([described, Query(sql=_HAVE.format(live.sql), parameters=live.parameters)])
    return Query(sql=_AMONG.format(live.sql), parameters=(found, *live.parameters))


def _live(asked: Asked, mine: Mine) -> Query:
    """Ask for live consents `c`, of organisations that one may know of.

    By their ids: for these PostgreSQL knows how many there are.
    """
    parts = [Query(sql="c.withdrawn_at IS NULL AND c.confirmed_at IS NOT NULL")]
    if asked.organisation:
        known = mine is None or asked.organisation in mine
        parts.append(Query(sql=_OURS, parameters=(_ids([asked.organisation] if known else []),)))
    elif mine is not None:
        parts.append(Query(sql=_OURS, parameters=(_ids(mine),)))
    if asked.channel:
        found = list(Channel.objects.filter(slug=asked.channel).values_list("pk", flat=True))
        parts.append(Query(sql="c.channel_id = ANY(%s)", parameters=(found,)))
    return _all(parts)


def _ids(slugs: Collection[str]) -> list[int]:
    return list(Organisation.objects.filter(slug__in=slugs).values_list("pk", flat=True))


def _attribute(name: str, value: str) -> Query:
    if not value:
        return Query(sql="r.attributes ? %s", parameters=(name,))
    wanted = [json.dumps({name: said}) for said in (value, [value])]
    return Query(
        sql="(r.attributes @> %s::jsonb OR r.attributes @> %s::jsonb)", parameters=tuple(wanted)
    )


def _words(name: str) -> str:
    """Give words as PostgreSQL's text search takes them, each as it begins."""
    plain = "".join(letter if letter.isalnum() else " " for letter in name)
    return " & ".join(f"{word}:*" for word in plain.split())


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_OURS = "c.organisation_id = ANY(%s)"
_SEEN = f"EXISTS (SELECT FROM publisher_consent c WHERE c.reader_id = r.id AND {_OURS} {{}})"
_HAVE = "EXISTS (SELECT FROM publisher_consent c WHERE c.reader_id = r.id AND {})"
_AMONG = """r.id = ANY(ARRAY(
    SELECT c.reader_id FROM publisher_consent c WHERE c.reader_id = ANY(%s) AND {}))"""
# As the index on names has it.
_NAMED = "to_tsvector('simple'::regconfig, COALESCE(r.name, '')) @@ to_tsquery('simple', %s)"
_SUPPRESSED = """(r.address_hash <> ''
    AND r.address_hash IN (SELECT address_hash FROM publisher_suppression))"""
