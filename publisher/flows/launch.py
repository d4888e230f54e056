"""Start the plan: entries that say “launch + 2 days” count from now."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from publisher.flows.audit import TERMINAL, Doer, note
from publisher.flows.expand import expand
from publisher.flows.publish import prepare_approved
from publisher.models import Launch


def launch(*, now: datetime, doer: Doer = TERMINAL) -> datetime:
    """Launch the plan, or leave it as it was launched; give the moment it was.

    Args:
        now: aware.
        doer: who does it.
    """
    with transaction.atomic():
        row, first = Launch.objects.get_or_create(id=1, defaults={"at": now})
        if first:
            note(doer, "plan.launch", now=now)
            expand(now=now)
    prepare_approved(now)
    return row.at
