"""Tell hooks what was written down for them: at least once, each event under an id of its own.

What is to be sent is claimed in a transaction of its own and sent outside any; a process that dies
between leaves it to be claimed again. Nobody promises an order.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from asgiref.sync import sync_to_async
from django.db import transaction

from publisher.adapters.shared.http_answers import asked_wait
from publisher.dispatch.retry import telling_wait
from publisher.flows.hooks import secrets_of, switch_off
from publisher.kit import clock, outbound, standard_webhooks
from publisher.models import CallState, Hook, HookAttempt, HookCall

log = logging.getLogger(__name__)

SECONDS = 15.0  #: that a receiver may take to answer
CLAIMED = timedelta(minutes=2)  #: after which what was claimed and not settled is anybody's again
AT_ONCE = 32  #: events sent at once
OF_ONE = 4  #: of them to one hook, so that a slow one does not keep the others waiting
FAILING = timedelta(days=3)  #: nothing got through for so long, and an event was given up: off
KEPT = timedelta(days=30)  #: for how long the log has what was told
KEPT_ONCE = timedelta(days=400)  #: for how long it is remembered that something was told once


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of one attempt."""

    status: int | None  #: None: there was no answer
    problem: str = ""
    after: timedelta | None = None
    seconds: float = 0.0

    @property
    def outcome(self) -> Literal["told", "gone", "again"]:
        """What follows from it; a redirect is not followed, and counts as a failure."""
        if self.status is not None and 200 <= self.status < 300:
            return "told"
        return "gone" if self.status == 410 else "again"


async def call_hooks(
    *,
    stopping: Callable[[], bool] = lambda: False,
    now: Callable[[], datetime] = clock.now,
) -> int:
    """Send what is due until nothing is; give how many attempts were made."""
    made = 0
    while not stopping() and (claimed := await sync_to_async(_claim)(now())):
        await asyncio.gather(*(_call(one, now) for one in claimed))
        made += len(claimed)
    return made


async def _call(call: HookCall, now: Callable[[], datetime]) -> None:
    started = time.monotonic()
    answer = await _answer(call, now())
    seconds = round(time.monotonic() - started, 3)
    await sync_to_async(_settle)(call, answer, seconds, now())
    said = {"hook": call.hook_id, "event": call.event, "status": answer.status, "seconds": seconds}
    log.info("hook told", extra=said)


async def _answer(call: HookCall, now: datetime) -> Answer:
    hook, content = call.hook, body(call)
    try:
        secrets = await sync_to_async(secrets_of)(hook, now=now)
        headers = standard_webhooks.headers(secrets, call.identifier, content, now=now)
        reply = await outbound.send(
            "POST",
            hook.url,
            headers=headers,
            content=content,
            seconds=SECONDS,
            allow_private=hook.private,
            body=False,
        )
    except (outbound.OutboundFailed, ValueError) as error:
        return Answer(status=None, problem=str(error)[:300])
    return Answer(status=reply.status, after=asked_wait(reply.headers))


def body(call: HookCall) -> bytes:
    """Give what is sent: the same bytes in each attempt."""
    said = {
        "type": call.event,
        "timestamp": call.at.isoformat(),
        "organisation": call.hook.organisation.slug,
        "data": call.data,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


def _claim(now: datetime) -> list[HookCall]:
    found = HookCall.objects.raw(_CLAIM, [now + CLAIMED, now, OF_ONE, now, AT_ONCE])
    ids = [row.pk for row in found]
    return list(HookCall.objects.filter(pk__in=ids).select_related("hook__organisation"))


#: the first few that are due of each hook that is on; what another process has in hand is passed by
_CLAIM = """
UPDATE publisher_hookcall c SET due_at = %s, attempts = c.attempts + 1
FROM (
    SELECT id FROM publisher_hookcall WHERE id IN (
        SELECT id FROM (
            SELECT w.id, row_number() OVER (PARTITION BY w.hook_id ORDER BY w.due_at, w.id) AS place
            FROM publisher_hookcall w
            JOIN publisher_hook h ON h.id = w.hook_id AND h.off_at IS NULL
            WHERE w.state = 'waiting' AND w.due_at <= %s
        ) waiting WHERE place <= %s
    ) AND state = 'waiting' AND due_at <= %s
    ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED
) due
WHERE c.id = due.id RETURNING c.id
"""


@transaction.atomic
def _settle(call: HookCall, answer: Answer, seconds: float, now: datetime) -> None:
    hook = Hook.objects.select_for_update().filter(pk=call.hook_id).first()
    if hook is None:  # it was removed meanwhile, and its calls with it
        return
    HookAttempt.objects.create(
        call=call, at=now, status=answer.status, seconds=seconds, problem=answer.problem
    )
    if answer.outcome == "told":
        HookCall.objects.filter(pk=call.pk).update(state=CallState.TOLD)
        Hook.objects.filter(pk=hook.pk).update(failing_since=None)
        return
    since = hook.failing_since or now
    Hook.objects.filter(pk=hook.pk).update(failing_since=since)
    if answer.outcome == "gone":
        switch_off(hook, why="gone", now=now)
    elif wait := telling_wait(call.attempts, key=call.identifier, after=answer.after):
        HookCall.objects.filter(pk=call.pk).update(due_at=now + wait)
    else:
        HookCall.objects.filter(pk=call.pk).update(state=CallState.GIVEN_UP)
        if now - since >= FAILING:
            switch_off(hook, why="failing", now=now)


def forget_old(*, now: datetime) -> int:
    """Erase what was told or given up long ago; give how many events."""
    over = HookCall.objects.exclude(state=CallState.WAITING)
    gone, _ = over.filter(at__lt=now - KEPT, once=None).delete()
    return gone + over.filter(at__lt=now - KEPT_ONCE).delete()[0]
