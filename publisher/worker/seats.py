"""What is deferred for occasions: mails about seats, and moving up when there are more."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from procrastinate.contrib.django import app

from publisher.flows import registrations, seat_letters
from publisher.kit import clock
from publisher.worker.letters import AGAIN


@app.task(name="seat_letter", retry=AGAIN)
async def seat_letter(registration: int, what: str) -> None:
    """Send a mail about one registration."""
    await seat_letters.send_seat_letter(registration, what)


@app.periodic(cron="*/5 * * * *")
@app.task(name="move_up", queueing_lock="move_up", retry=AGAIN)
async def move_up(timestamp: int) -> None:  # cron's moment
    """Give seats that became free to those who wait: the plan may have more of them now."""
    await sync_to_async(registrations.move_all_up)(now=clock.now())
