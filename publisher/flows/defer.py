"""Put work into the queue, in the transaction that calls for it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

#: what waits is begun in this order: letters and whatever else is short, a placement that is new,
#: and one that had its turn
SHORT, NEW, HAD_ITS_TURN = 2, 1, 0


def begin(occurrence_id: int) -> None:
    """Have an occurrence's ledger written."""
    _once("begin", f"begin-{occurrence_id}", None, occurrence_id=occurrence_id)


def begin_all(occurrences: Collection[int]) -> None:
    """Have the ledgers of many occurrences written."""
    task = app.configure_task("begin", priority=SHORT)
    jobs = [
        task.make_new_job(occurrence_id=one).evolve(queueing_lock=f"begin-{one}")
        for one in occurrences
    ]
    try:
        with transaction.atomic():
            task.job_manager.batch_defer_jobs(jobs)
    except AlreadyEnqueued:  # one of them, so it is found out which
        for one in occurrences:
            begin(one)


def hand_over(
    placement_id: int,
    *,
    at: datetime | None = None,
    failures: int = 0,
    hasten: bool = True,
    again: bool = False,
) -> None:
    """Have a placement handed over.

    Args:
        placement_id: its id.
        at: aware, not before; None: now.
        failures: how often in a row its service could not be reached.
        hasten: bring forward what already waits for a later moment.
        again: it had its turn, and comes behind those that had none.
    """
    lock = f"hand-over-{placement_id}"
    if hasten:
        with connection.cursor() as cursor:
            cursor.execute(_HASTEN, [at, lock, at, at])
    priority = HAD_ITS_TURN if again else NEW
    _once("hand_over", lock, at, priority, placement_id=placement_id, failures=failures)


def ask(placement_id: int) -> None:
    """Have a service asked about a placement's uncertain hand-overs."""
    _once("ask", f"ask-{placement_id}", None, placement_id=placement_id)


def ask_to_confirm(reader: int, asked_at: datetime) -> None:
    """Have the mail sent that asks a reader to confirm what it asked for at that moment."""
    app.configure_task("ask_to_confirm", priority=SHORT).defer(
        reader=reader, asked_at=asked_at.isoformat()
    )


def invitation(pk: int) -> None:
    """Have an invitation sent."""
    app.configure_task("send_invitation", priority=SHORT).defer(invitation=pk)


def password_link(person: int) -> None:
    """Have the link sent by which somebody chooses a new password."""
    app.configure_task("send_password_link", priority=SHORT).defer(person=person)


def account_notice(person: int, what: str) -> None:
    """Have somebody told what changed about its account."""
    app.configure_task("send_account_notice", priority=SHORT).defer(person=person, what=what)


def send_trial(trial_id: int) -> None:
    """Have a test mail sent."""
    _once("send_trial", f"send-trial-{trial_id}", None, trial=trial_id)


def ask_links() -> None:
    """Have the links asked that wait for it."""
    _once("ask_links", "ask-links", None)


def tell_hooks() -> None:
    """Have hooks told what waits for them."""
    _once("tell_hooks", "tell-hooks", None)


def readers_file(pk: int) -> None:
    """Have a file of readers rehearsed or imported."""
    _once("readers_file", f"readers-file-{pk}", None, file=pk)


def seat_letter(registration: int, what: str) -> None:
    """Have a mail sent about one registration; see `publisher.flows.seat_letters`."""
    app.configure_task("seat_letter", priority=SHORT).defer(registration=registration, what=what)


def form_letter(kind: str, pk: int, what: str) -> None:
    """Have a mail sent about what came in by a form; see `publisher.flows.form_letters`."""
    app.configure_task("form_letter", priority=SHORT).defer(kind=kind, pk=pk, what=what)


def _once(
    task: str, lock: str, at: datetime | None, priority: int = SHORT, **arguments: int
) -> None:
    configured = app.configure_task(task, queueing_lock=lock, schedule_at=at, priority=priority)
    # A savepoint, because what is already waiting is found out by a violated constraint.
    with suppress(AlreadyEnqueued), transaction.atomic():
        configured.defer(**arguments)


#: the queue has no call for bringing a waiting task forward
_HASTEN = """
UPDATE procrastinate_jobs SET scheduled_at = %s
WHERE queueing_lock = %s AND status = 'todo'
    AND scheduled_at IS NOT NULL AND (%s::timestamptz IS NULL OR scheduled_at > %s)
"""
