"""Segments: who is meant is put together, counted, looked at, and kept as an audience's rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from publisher.flows.audit import Doer
from publisher.flows.edit import edit, mark
from publisher.flows.readers import Asked, Mine, count, search
from publisher.models import Audience, Person, Reader
from publisher.models.errors import Refused
from publisher.models.specs import RuleSpec
from publisher.models.specs.audience import AttributeValue

_SAMPLE = 20_000  #: readers, the newest, whose attributes are offered
_VALUES = 60  #: of an attribute, the most frequent
_ATTRIBUTES = 60
SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class Segment:
    """Who a rule means now."""

    readers: int
    some: Sequence[Reader]  #: the newest


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """Something that readers have, with what it says of them."""

    name: str
    is_list: bool
    values: tuple[str, ...]  #: the most frequent first


def segment(rule: RuleSpec, *, mine: Mine) -> Segment:
    """Count who is meant among those one may see, and give some of them."""
    number = count(rule, mine=mine)
    some = search(Asked(rule=rule), mine=mine).rows[:SHOWN] if number else ()
    return Segment(readers=number, some=some)


def attributes(*, mine: Mine) -> list[Attribute]:
    """Give what rules can ask for: what the newest readers have, and what audiences ask for."""
    values: dict[str, dict[str, None]] = defaultdict(dict)
    lists = set()
    with connection.cursor() as cursor:
        everybody = mine is None
        cursor.execute(_SAID, [everybody, list(mine or ()), _SAMPLE])
        for name, is_list, value in cursor.fetchall():
            values[name][value] = None
            lists |= {name} if is_list else set()
    for rule in _rules():
        for said in rule.equals or ([] if rule.has is None else [rule.has]):
            values[rule.attribute or ""][_text(said)] = None
        lists |= {rule.attribute or ""} if rule.has is not None else set()
    return [
        Attribute(name=name, is_list=name in lists, values=tuple(values[name])[:_VALUES])
        for name in sorted(values)[:_ATTRIBUTES]
    ]


def keep(
    rule: RuleSpec, slug: str, *, names: Mapping[str, str], seen: str, doer: Doer, now: datetime
) -> Audience:
    """Make a rule that of an audience, or of a new one.

    Args:
        rule: who is meant.
        slug: the audience's.
        names: what a new one is called, by language; empty: it is there.
        seen: its mark when its rule was read; empty: it is new.
        doer: who does it.
        now: aware.

    Raises:
        PlanError: the plan would not hold together so.
        Refused: there is no such audience, or the doer may not change it.
    """
    row = Audience.objects.filter(slug=slug, retired_at=None).first()
    who = rule.model_dump(mode="json", by_alias=True, exclude_none=True)
    if names:
        if row is not None:
            raise Refused(f"There is an audience “{slug}” already; choose it, or name another.")
        # Who makes it is who may change it: an audience of nobody's is everybody's.
        said = {"slug": slug, "name": dict(names), "kind": "secondary", "who": who}
        made = edit("audience", {**said, **_whose(doer.person)}, seen="", doer=doer, now=now)
    elif row is None:
        raise Refused("Choose an audience, or name a new one.")
    else:
        made = edit("audience", {**row.spec, "who": who}, seen=seen, doer=doer, now=now)
    assert isinstance(made, Audience)
    return made


def audience(slug: str) -> tuple[Audience, str] | None:
    """Give an audience of the plan and its mark; None: there is none."""
    row = Audience.objects.filter(slug=slug, retired_at=None).first()
    return (row, mark(row)) if row else None


def _whose(person: Person | None) -> dict[str, list[str]]:
    from publisher.flows.rights import is_operator, organisations
    from publisher.models import Act

    if person is None or is_operator(person):
        return {}
    return {"organisations": organisations(person, Act.EDIT)}


def _rules() -> Iterator[RuleSpec]:
    """Give every clause on an attribute that audiences' rules have."""
    stack = [row.said.who for row in Audience.objects.filter(retired_at=None)]
    while stack:
        rule = stack.pop()
        stack += [*(rule.all or ()), *(rule.any or ()), *(rule.none or ())]
        if rule.attribute is not None:
            yield rule


def _text(value: AttributeValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# What the newest readers that may be seen have, the most frequent first.
_SAID = """
WITH seen AS (
    SELECT r.attributes FROM publisher_reader r
    WHERE %s OR EXISTS (
        SELECT FROM publisher_consent c JOIN publisher_organisation o ON o.id = c.organisation_id
        WHERE c.reader_id = r.id AND o.slug = ANY(%s)
    )
    ORDER BY r.id DESC LIMIT %s
), said AS (
    SELECT a.key, jsonb_typeof(a.value) = 'array' AS is_list, v.value
    FROM seen CROSS JOIN LATERAL jsonb_each(seen.attributes) a
    CROSS JOIN LATERAL jsonb_array_elements_text(
        CASE jsonb_typeof(a.value) WHEN 'array' THEN a.value ELSE jsonb_build_array(a.value) END
    ) v
    WHERE jsonb_typeof(a.value) NOT IN ('object', 'null')
)
SELECT key, bool_or(is_list), value FROM said
GROUP BY key, value ORDER BY key, count(*) DESC, value
LIMIT 5000
"""
