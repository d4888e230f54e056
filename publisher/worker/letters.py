"""What is deferred by pages: mails to one address, and the end of what was never confirmed."""

from __future__ import annotations

from datetime import datetime

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from publisher.flows import ask_to_confirm as flow
from publisher.flows import write_to_person
from publisher.flows.subscribe import forget_unconfirmed as forget
from publisher.kit import clock

#: for a quarter of an hour; a reader who waits longer asks again
AGAIN = RetryStrategy(max_attempts=8, wait=5, exponential_wait=2)


@app.task(name="ask_to_confirm", retry=AGAIN)
async def ask_to_confirm(reader: int, asked_at: str) -> None:
    """Send the mail that asks a reader to confirm."""
    await flow.ask_to_confirm(reader, datetime.fromisoformat(asked_at))


@app.task(name="send_invitation", retry=AGAIN)
async def send_invitation(invitation: int) -> None:
    """Send an invitation to the desk."""
    await write_to_person.send_invitation(invitation, now=clock.now())


@app.task(name="send_password_link", retry=AGAIN)
async def send_password_link(person: int) -> None:
    """Send the link by which somebody chooses a new password."""
    await write_to_person.send_password_link(person, now=clock.now())


@app.task(name="send_account_notice", retry=AGAIN)
async def send_account_notice(person: int, what: str) -> None:
    """Tell somebody what changed about its account."""
    await write_to_person.send_account_notice(person, what, now=clock.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="forget_unconfirmed", queueing_lock="forget_unconfirmed", retry=AGAIN)
async def forget_unconfirmed(timestamp: int) -> None:  # cron's moment
    """Erase what was asked for and never confirmed."""
    await sync_to_async(forget)(now=clock.now())


@app.periodic(cron="27 3 * * *")
@app.task(name="forget_sessions", queueing_lock="forget_sessions", retry=AGAIN)
async def forget_sessions(timestamp: int) -> None:  # cron's moment
    """Erase sessions that ended."""
    await sync_to_async(SessionStore.clear_expired)()
