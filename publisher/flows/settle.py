"""Write outcomes into the ledger, in batches, and keep the placement's figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from publisher.dispatch.retry import wait_before
from publisher.kit.ids import parcel_key
from publisher.models import DeliveryState, Placement
from publisher.models.adapter import Outcome, Verdict


class Answer(NamedTuple):
    """What becomes of one row."""

    delivery: int
    state: DeliveryState
    answer: str = ""
    due_at: datetime | None = None  #: with RETRY: not before
    url: str = ""


def answer_to(outcome: Outcome, *, attempts: int, placement: str, now: datetime) -> Answer:
    """Turn a service's answer into what becomes of the row.

    Args:
        outcome: the answer.
        attempts: how many there have been, this one included.
        placement: its key; with the delivery's number it spreads the waits.
        now: aware.
    """
    said = outcome.answer[:500].replace("\x00", "")
    if outcome.verdict is not Verdict.LATER:
        state = _STATES[outcome.verdict]
        return Answer(delivery=outcome.delivery, state=state, answer=said, url=outcome.url[:500])
    key = parcel_key(placement, outcome.delivery)
    wait = wait_before(attempts, key=key, after=outcome.after)
    if wait is None:
        sentence = f"Given up after {attempts} attempts; the last answer: {said}"[:500]
        return Answer(delivery=outcome.delivery, state=DeliveryState.REFUSED, answer=sentence)
    return Answer(
        delivery=outcome.delivery, state=DeliveryState.RETRY, answer=said, due_at=now + wait
    )


_STATES = {
    Verdict.ACCEPTED: DeliveryState.ACCEPTED,
    Verdict.REFUSED: DeliveryState.REFUSED,
    Verdict.UNCERTAIN: DeliveryState.UNCERTAIN,
}


def settle(
    placement: int,
    answers: Sequence[Answer],
    *,
    journal: str = "",
    was: DeliveryState | None = None,
) -> None:
    """Record answers in the transaction at hand; see `settling`."""
    month = Placement.objects.values_list("month", flat=True).get(pk=placement)
    sql, parameters = settling(placement, month, answers, journal=journal, was=was)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def settling(
    placement: int,
    month: date | None,
    answers: Sequence[Answer],
    *,
    journal: str = "",
    was: DeliveryState | None = None,
) -> tuple[str, dict[str, Any]]:
    """Give the statement that records answers, and its parameters; safe to repeat.

    Args:
        placement: its id.
        month: the one its rows are kept with; None: it has none yet.
        answers: what becomes of the rows.
        journal: whose windows they are in, and leave with this.
        was: the state they are in, where they are in nobody's window.

    Only rows that are still so are changed and counted. The placement is finished where no row is
    open any more, and is sending again where one that was uncertain is open again. It returns one
    row: the placement's state, and how many are open.
    """
    urls = [answer.url for answer in answers if answer.url]
    return (_SETTLE if was is None else _SETTLE_WAITING), {
        "ids": [answer.delivery for answer in answers],
        "states": [answer.state.value for answer in answers],
        "answers": [answer.answer for answer in answers],
        "dues": [answer.due_at for answer in answers],
        "placement": placement,
        "month": month,
        "was": was,
        "journal": journal,
        "url": urls[-1] if urls else "",
    }


# States: 0 queued, 2 accepted, 3 refused, 4 retry, 5 uncertain, 6 excluded; see DeliveryState.
# What comes back to a cancelled placement is excluded, as the rest of it was.
# Lists go in binary (%b): as text each of their items is looked through for what to quote.
_TEMPLATE = """
WITH answered AS (
    SELECT a.id, a.due_at,
        CASE WHEN p.state = 'cancelled' AND a.state IN (0, 4) THEN 6 ELSE a.state END AS state,
        CASE WHEN p.state = 'cancelled' AND a.state IN (0, 4) THEN 'Cancelled.' ELSE a.answer END
            AS answer,
        <attempt>
    FROM unnest(%(ids)b::bigint[], %(states)b::smallint[], %(answers)b::text[],
        %(dues)b::timestamptz[]) AS a(id, state, answer, due_at)
    JOIN publisher_placement p ON p.id = %(placement)s
), <windows> changed AS (
    UPDATE publisher_delivery d
    SET state = a.state, answer = a.answer, due_at = a.due_at, attempts = d.attempts + a.attempt,
        settled_at = CASE WHEN a.state IN (2, 3, 5, 6) THEN now() END
    FROM <answers> a
    WHERE d.id = a.id AND d.month = %(month)s AND <still>
    RETURNING d.state, d.recipient, d.due_at
), figures AS (
    SELECT count(*) FILTER (WHERE state = 2) AS accepted,
        count(*) FILTER (WHERE state = 3) AS refused,
        count(*) FILTER (WHERE state = 6) AS excluded,
        count(*) FILTER (WHERE state = 5)
            - CASE %(was)s::int WHEN 5 THEN count(*) ELSE 0 END AS uncertain,
        min(recipient) FILTER (WHERE state IN (0, 4) AND due_at IS NULL) AS back,
        %(url)s::text AS url
    FROM changed
)
UPDATE publisher_placement p
SET accepted = p.accepted + f.accepted, refused = p.refused + f.refused,
    excluded = p.excluded + f.excluded, uncertain = p.uncertain + f.uncertain,
    reached = least(p.reached, f.back - 1),
    url = coalesce(nullif(f.url, ''), p.url),
    problem = CASE WHEN f.accepted > 0 AND p.state = 'sending' THEN '' ELSE p.problem END,
    finished_at = CASE WHEN NOT p.state IN ('sending', 'finished') THEN p.finished_at
        WHEN NOT <settled> THEN NULL ELSE coalesce(p.finished_at, now()) END,
    state = CASE WHEN NOT p.state IN ('sending', 'finished') THEN p.state
        WHEN <settled> THEN 'finished' ELSE 'sending' END
FROM figures f WHERE p.id = %(placement)s
RETURNING p.state, p.candidates - p.accepted - p.refused - p.excluded - p.uncertain
"""


def _filled(**parts: str) -> str:
    sql = _TEMPLATE
    for name, part in parts.items():
        sql = sql.replace(f"<{name}>", part)
    return sql


_SETTLED = """(p.candidates = p.accepted + p.refused + p.excluded + p.uncertain
            + f.accepted + f.refused + f.excluded + f.uncertain)"""
# Of nothing that is decided later is an attempt made.
_SETTLE_WAITING = _filled(
    attempt="0 AS attempt",
    windows="",
    answers="answered",
    still="""d.state = %(was)s AND NOT EXISTS (SELECT 1 FROM publisher_window w
        WHERE w.placement_id = %(placement)s AND d.id = ANY (w.deliveries))""",
    settled=_SETTLED,
)
# Whoever left meanwhile, or is handed back, was not written to: that was no attempt.
_SETTLE = _filled(
    attempt="(a.state NOT IN (0, 6))::int AS attempt",
    windows="""held AS MATERIALIZED (
    SELECT w.id AS part, unnest(w.deliveries) AS id FROM publisher_window w
    WHERE w.placement_id = %(placement)s AND w.claimed_by = %(journal)s
), ours AS MATERIALIZED (
    SELECT a.* FROM answered a JOIN held h ON h.id = a.id
), parts AS (
    SELECT h.part, array_agg(h.id) FILTER (WHERE a.id IS NULL) AS rest, count(a.id) AS gone
    FROM held h LEFT JOIN ours a ON a.id = h.id GROUP BY h.part
), emptied AS (
    DELETE FROM publisher_window w USING parts WHERE w.id = parts.part AND parts.rest IS NULL
), shortened AS (
    UPDATE publisher_window w SET deliveries = parts.rest FROM parts
    WHERE w.id = parts.part AND parts.rest IS NOT NULL AND parts.gone > 0
),""",
    answers="ours",
    still="d.state IN (0, 4)",
    settled=_SETTLED,
)
