"""What is deferred for hooks: the telling itself, its log's end, and a look at promises."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from procrastinate.contrib.django import app

from publisher.flows import call_hooks, late_promises, tell
from publisher.kit import clock
from publisher.worker.letters import AGAIN


@app.task(name="tell_hooks", retry=AGAIN)
async def tell_hooks() -> None:
    """Tell hooks what waits for them."""
    from publisher.worker.tasks import stopping  # which wakes this

    await call_hooks.call_hooks(stopping=stopping.is_set)


@app.periodic(cron="* * * * *")
@app.task(name="look_for_hooks", queueing_lock="look_for_hooks")
async def look_for_hooks(timestamp: int) -> None:  # cron's moment
    """Take up what the database wrote down, and what is to be tried again."""
    await sync_to_async(tell.wake)()


@app.periodic(cron="22 * * * *")
@app.task(name="tell_late_promises", queueing_lock="tell_late_promises", retry=AGAIN)
async def tell_late_promises(timestamp: int) -> None:  # cron's moment
    """Tell hooks which promises became late."""
    await sync_to_async(late_promises.tell_late_promises)(now=clock.now())


@app.periodic(cron="52 3 * * *")
@app.task(name="forget_hook_calls", queueing_lock="forget_hook_calls", retry=AGAIN)
async def forget_hook_calls(timestamp: int) -> None:  # cron's moment
    """Erase what hooks were told long ago."""
    await sync_to_async(call_hooks.forget_old)(now=clock.now())
