"""How far everything is, told as it goes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from asgiref.sync import sync_to_async
from django.db.models import Q, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from publisher.flows.deliveries import figures
from publisher.kit import clock
from publisher.models import Placement, PlacementState
from publisher.web.desk.screen import guarded

RECENT = timedelta(days=2)
SECONDS = 1.0  #: between two looks
LOOKS = 300  #: after which the browser asks anew, so that nobody who left is told for ever
MANY = 200
UNDER_WAY = (PlacementState.SENDING, PlacementState.PAUSED)


def shown(now: datetime) -> QuerySet[Placement]:
    """Give what is under way, and what came to its end lately."""
    lately = Q(finished_at__gt=now - RECENT) | Q(started_at__gt=now - RECENT)
    rows = Placement.objects.filter(
        Q(state__in=UNDER_WAY) | lately | Q(uncertain__gt=0) | Q(state=PlacementState.MISSED)
    )
    return rows.select_related("occurrence__entry", "outlet__channel").order_by(
        "-started_at", "occurrence_id", "id"
    )[:MANY]


@require_safe
def stream(request: HttpRequest) -> StreamingHttpResponse:  # Django passes it
    """Tell of each change as a server-sent event; see https://html.spec.whatwg.org/#server-sent-events."""
    response = StreamingHttpResponse(_events(), content_type="text/event-stream")
    guarded(response)
    response["X-Accel-Buffering"] = "no"  # a proxy before us would keep it until it is whole
    return response


async def _events() -> AsyncIterator[bytes]:
    before = ""
    for _ in range(LOOKS):
        now = await sync_to_async(_told)()
        if now != before:
            yield f"event: figures\ndata: {now}\n\n".encode()
            before = now
        await asyncio.sleep(SECONDS)


def _told() -> str:
    keys = [row.key for row in shown(clock.now())]
    return json.dumps(
        {
            row.key: [
                row.state, row.candidates, row.accepted, row.refused, row.excluded, row.uncertain
            ]
            for row in figures(keys)
        }
    )  # fmt: skip
