"""To whom exactly: audiences, consent and preferences as one set-wise statement.

For each audience, a reader has one copy it would get: of one organisation, in one language. It
is a candidate of that placement, and of no other of the audience's. Of the copies it would get
through several audiences, the most specific one is queued; each of the others is excluded, with
the reason.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from publisher.models.delivery import DeliveryState
from publisher.models.specs import RuleSpec
from publisher.models.specs.audience import AttributeValue, Seats


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One placement, as far as choosing among an occurrence's placements needs it."""

    placement: int
    audience: int
    audience_name: str  #: for the reason others are given
    depth: int  #: how many wider audiences its audience is part of
    organisation: int
    slug: str  #: the organisation's
    short: str  #: what people call the organisation
    channel: int
    language: str
    fallback: int  #: where its language stands with its organisation, from 0
    competes: bool  #: a reader may get this copy; else it is one of those already written out
    written: bool  #: its recipients are in the ledger already
    now: bool  #: its recipients are to be written now
    #: its audience are those registered for an occasion, which stands for a consent
    registered: bool = False


@dataclass(frozen=True, kw_only=True)
class Query:
    """SQL with its parameters."""

    sql: str
    parameters: tuple[Any, ...] = ()  #: as psycopg takes them


@dataclass(frozen=True, kw_only=True)
class About:
    """The occasion that an entry is about."""

    entry: int  #: id of the entry that holds it
    sitting: str  #: the key of the date; empty: any of them


def members(rule: RuleSpec, about: About | None = None) -> Query:
    """Give the condition on a reader `r` that says whether it is in an audience."""
    if rule.occasion is not None:
        return _seated(rule.occasion, about)
    if rule.attribute is not None:
        return _attribute(rule.attribute, rule)
    if rule.all is not None:
        return _joined(rule.all, about, " AND ", empty="TRUE")
    if rule.any is not None:
        return _joined(rule.any, about, " OR ", empty="FALSE")
    if rule.none is not None:
        inner = _joined(rule.none, about, " OR ", empty="FALSE")
        return Query(sql=f"NOT {inner.sql}", parameters=inner.parameters)
    return Query(sql="TRUE")


def ledger_rows(
    offers: Sequence[Offer],
    rules: Mapping[int, RuleSpec],
    *,
    messages: Sequence[str],
    about: About | None = None,
) -> Query:
    """Give the statement that writes the ledger; its rows are (placement, state, how many).

    Args:
        offers: the occurrence's placements that go to readers; at least one.
        rules: who is in each of their audiences, by the audience's id.
        messages: slugs of the entry's key messages; who muted all of them is left out.
        about: the occasion that the entry is about.
    """
    queued, excluded = DeliveryState.QUEUED.value, DeliveryState.EXCLUDED.value
    judged = _judged(offers, rules, messages=messages, about=about)
    return Query(sql=judged.sql + _WRITTEN, parameters=(*judged.parameters, queued, excluded))


def judged_counts(
    offers: Sequence[Offer],
    rules: Mapping[int, RuleSpec],
    *,
    messages: Sequence[str],
    about: About | None = None,
) -> Query:
    """Count what `ledger_rows` would write; rows are (placement, whether excluded, how many)."""
    judged = _judged(offers, rules, messages=messages, about=about)
    return Query(sql=judged.sql + _COUNTED, parameters=judged.parameters)


def _judged(
    offers: Sequence[Offer],
    rules: Mapping[int, RuleSpec],
    *,
    messages: Sequence[str],
    about: About | None = None,
) -> Query:
    parameters: list[Any] = [
        [getattr(offer, field.name) for offer in offers] for field in fields(Offer)
    ]
    conditions = {audience: members(rule, about) for audience, rule in rules.items()}
    for audience, condition in conditions.items():
        parameters += [audience, *condition.parameters]
    parameters += [DeliveryState.EXCLUDED.value, json.dumps(sorted(set(messages)))]
    selects = "\n    UNION ALL ".join(
        _MEMBERS.replace("<rule>", condition.sql) for condition in conditions.values()
    )
    statement = _STATEMENT.replace("<members>", selects)
    return Query(sql=statement, parameters=tuple(parameters))


def _seated(seat: Seats, about: About | None) -> Query:
    """Find who is registered for an occasion, waits, came or did not, and wants mails about it."""
    if about is None:
        return Query(sql="FALSE")
    given = (about.entry, seat, about.sitting, about.sitting)
    return Query(sql=_SEATED, parameters=given)


_SEATED = """EXISTS (SELECT 1 FROM publisher_registration g
    WHERE g.reader_id = r.id AND g.entry_id = %s AND g.state = %s
        AND (%s = '' OR g.sitting = %s) AND g.silent_at IS NULL)"""


def _joined(rules: Sequence[RuleSpec], about: About | None, word: str, *, empty: str) -> Query:
    parts = [members(rule, about) for rule in rules]
    text = word.join(part.sql for part in parts) if parts else empty
    return Query(
        sql=f"({text})", parameters=tuple(value for part in parts for value in part.parameters)
    )


def _attribute(name: str, rule: RuleSpec) -> Query:
    """Compare by containment, which the index on attributes serves."""
    if rule.equals is not None:
        wanted = [
            json.dumps({name: form}) for value in rule.equals for form in _written_forms(value)
        ]
    else:
        assert rule.has is not None, "RuleSpec holds one of the two"
        wanted = [json.dumps({name: [form]}) for form in _written_forms(rule.has)]
    text = " OR ".join("r.attributes @> %s::jsonb" for _ in wanted) or "FALSE"
    return Query(sql=f"({text})", parameters=tuple(wanted))


def _written_forms(value: AttributeValue) -> list[AttributeValue]:
    """Give the value, and as the text it is when it came from a CSV file."""
    if isinstance(value, bool):
        return [value, str(value).lower()]
    return [value, str(value)] if isinstance(value, int) else [value]


_MEMBERS = "SELECT r.id, %s::bigint FROM publisher_reader r WHERE <rule>"
#: One statement from rules, consent, suppression and preferences to rows of the ledger.
_STATEMENT = """
WITH offer AS (
    SELECT * FROM unnest(
        %s::bigint[], %s::bigint[], %s::text[], %s::int[], %s::bigint[], %s::text[], %s::text[],
        %s::bigint[], %s::text[], %s::int[], %s::bool[], %s::bool[], %s::bool[], %s::bool[]
    ) AS o(placement, audience, audience_name, depth, organisation, slug, short,
           channel, language, fallback, competes, written, now, registered)
), member(reader, audience) AS MATERIALIZED (
    <members>
), size AS (
    SELECT audience, count(*) AS readers FROM member GROUP BY audience
), had AS (  -- who has, or will have, a copy of this occurrence through this channel
    SELECT DISTINCT d.recipient AS reader, o.channel
    FROM offer o JOIN publisher_delivery d ON d.placement_id = o.placement
    WHERE o.written AND d.state <> %s
), copy AS (  -- through each audience one organisation's copy, in one language
    SELECT DISTINCT ON (r.id, o.channel, o.audience)
        r.id AS reader, r.address, o.*, size.readers,
        c.id IS NOT NULL OR o.registered AS consented,
        s.address_hash IS NOT NULL AS suppressed,
        r.muted @> %s::jsonb AND NOT o.registered AS muted,
        h.reader IS NOT NULL AS had
    FROM member m
    JOIN size ON size.audience = m.audience
    JOIN offer o ON o.audience = m.audience AND o.competes
    JOIN publisher_reader r ON r.id = m.reader
    LEFT JOIN publisher_consent c ON c.reader_id = r.id AND c.organisation_id = o.organisation
        AND c.channel_id = o.channel AND c.confirmed_at IS NOT NULL AND c.withdrawn_at IS NULL
    LEFT JOIN publisher_suppression s ON s.address_hash = r.address_hash
    LEFT JOIN had h ON h.reader = r.id AND h.channel = o.channel
    ORDER BY r.id, o.channel, o.audience,
        c.id IS NULL,
        r.attributes ->> 'organisation' IS DISTINCT FROM o.slug,
        o.slug,
        CASE WHEN lower(r.language) = lower(o.language) THEN 0
             WHEN lower(split_part(r.language, '-', 1)) = lower(split_part(o.language, '-', 1))
             THEN 1 ELSE 2 + o.fallback END,
        o.placement
), ranked AS (  -- of these, the most specific audience's
    SELECT *,
        first_value(placement) OVER best AS best,
        first_value(consented) OVER best AS best_consented,
        first_value(audience_name) OVER best AS best_audience,
        first_value(short) OVER best AS best_short
    FROM copy
    WINDOW best AS (PARTITION BY reader, channel
        ORDER BY consented DESC, depth DESC, readers, audience_name, placement)
), judged AS (
    SELECT *, CASE
        WHEN suppressed THEN 'This address is never to be written to again.'
        WHEN had THEN 'Has a copy of this already.'
        WHEN muted THEN 'Does not want to hear about these key messages.'
        WHEN best <> placement AND best_consented
            THEN 'Gets the copy for ' || best_audience || ' from ' || best_short || '.'
        WHEN NOT consented THEN 'There is no consent to this from ' || short || '.'
        ELSE '' END AS reason
    FROM ranked WHERE now
)"""
_COUNTED = """
SELECT placement, reason <> '', count(*) FROM judged GROUP BY placement, reason <> ''
"""
_WRITTEN = """, made AS (
    INSERT INTO publisher_delivery
        (placement_id, month, recipient, address, state, attempts, answer, settled_at)
    SELECT j.placement, p.month, j.reader, j.address,
        CASE j.reason WHEN '' THEN %s ELSE %s END,
        0, j.reason, CASE WHEN j.reason <> '' THEN now() END
    FROM judged j JOIN publisher_placement p ON p.id = j.placement
    ORDER BY j.placement, j.reader
    ON CONFLICT (placement_id, recipient, month) DO NOTHING
    RETURNING placement_id, state
)
SELECT placement_id, state, count(*) FROM made GROUP BY placement_id, state
"""
