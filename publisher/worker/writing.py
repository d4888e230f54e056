"""What is deferred while words are written: test mails, and asking whether links answer."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from publisher.flows import links
from publisher.flows import trial as flow

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
