"""What is deferred for open forms: the mails about what was typed into them."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from procrastinate.contrib.django import app

from publisher.flows import form_letters, tallies
from publisher.kit import clock
from publisher.worker.letters import AGAIN


@app.task(name="form_letter", retry=AGAIN)
async def form_letter(kind: str, pk: int, what: str) -> None:
    """Send a mail about one proposal or intake."""
    await form_letters.send_form_letter(kind, pk, what)


@app.periodic(cron="37 3 * * *")
@app.task(name="forget_tallies", queueing_lock="forget_tallies", retry=AGAIN)
async def forget_tallies(timestamp: int) -> None:  # cron's moment
    """Erase counts of stretches that are over."""
    await sync_to_async(tallies.forget_old)(now=clock.now())
