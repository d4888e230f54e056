"""What is deferred for readers: long files of them, and the end of what files held."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from publisher.flows import readers_files
from publisher.kit import clock

AGAIN = RetryStrategy(max_attempts=4, wait=10, exponential_wait=3)


@app.task(name="readers_file", retry=AGAIN)
async def readers_file(file: int) -> None:
    """Rehearse or import a file."""
    await sync_to_async(readers_files.work)(file, now=clock.now())


@app.periodic(cron="47 * * * *")
@app.task(name="forget_readers_files", queueing_lock="forget_readers_files", retry=AGAIN)
async def forget_readers_files(timestamp: int) -> None:  # cron's moment
    """Erase what files held."""
    await sync_to_async(readers_files.forget_old)(now=clock.now())
