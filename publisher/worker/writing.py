"""What is done beside writing: test mails, asking whether links answer, and clearing up."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from publisher.flows import links, uploads
from publisher.flows import trial as flow
from publisher.kit import clock

#: a test that did not go says so; only a fault of ours is tried again
AGAIN = RetryStrategy(max_attempts=2, wait=5)


@app.task(name="send_trial", retry=AGAIN)
async def send_trial(trial: int) -> None:
    """Send one test mail to who asked for it."""
    await flow.send_trial(trial)


@app.task(name="ask_links", retry=AGAIN)
async def ask_links() -> None:
    """Ask the addresses that words link to."""
    await links.ask()


@app.periodic(cron="27 * * * *")
@app.task(name="forget_unsaved_pictures", queueing_lock="forget_unsaved_pictures", retry=AGAIN)
async def forget_unsaved_pictures(timestamp: int) -> None:  # cron's moment
    """Drop pictures of entries that nobody saved."""
    await sync_to_async(uploads.forget_unsaved)(now=clock.now())
