"""What is deferred by readers' own pages: the mail that asks to confirm, and its end."""

from __future__ import annotations

from datetime import datetime

from asgiref.sync import sync_to_async
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from publisher.flows import ask_to_confirm as flow
from publisher.flows.subscribe import forget_unconfirmed as forget
from publisher.kit import clock

#: for a quarter of an hour; a reader who waits longer asks again
AGAIN = RetryStrategy(max_attempts=8, wait=5, exponential_wait=2)


@app.task(name="ask_to_confirm", retry=AGAIN)
async def ask_to_confirm(reader: int, asked_at: str) -> None:
    """Send the mail that asks a reader to confirm."""
    await flow.ask_to_confirm(reader, datetime.fromisoformat(asked_at))


@app.periodic(cron="17 3 * * *")
@app.task(name="forget_unconfirmed", queueing_lock="forget_unconfirmed", retry=AGAIN)
async def forget_unconfirmed(timestamp: int) -> None:  # cron's moment
    """Erase what was asked for and never confirmed."""
    await sync_to_async(forget)(now=clock.now())
