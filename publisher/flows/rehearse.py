"""Say exactly what publishing would do: do it, look, and take it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from publisher.flows import address
from publisher.flows.publish import prepare_due, publish_due, publish_now
from publisher.flows.waiting import NAMES
from publisher.models import Placement


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """What one placement would do."""

    entry: str
    audience: str
    outlet: str
    language: str
    form: str
    recipients: int  #: to whom it would be handed over; 1 for an endpoint
    excluded: int  #: readers of the audience who would not get it


def rehearse(entry: str | None, *, now: datetime) -> list[Rehearsed]:
    """Give what would go to how many, for an entry sent now or for everything due.

    Nothing is kept: no state, no number of a circular, no work for the hands.

    Raises:
        Refused: what `publish_now` refuses.
    """
    if entry is None:
        prepare_due(now)
    with transaction.atomic():
        started = publish_now(entry, now=now) if entry else publish_due(now=now)
        for occurrence in sorted({row.occurrence_id for row in started}):
            address.begin(occurrence, now=now)
        rows = Placement.objects.filter(id__in=[row.pk for row in started])
        found = [_rehearsed(row) for row in rows.select_related(*NAMES).order_by("id")]
        transaction.set_rollback(True)
    return found


def _rehearsed(row: Placement) -> Rehearsed:
    return Rehearsed(
        entry=row.occurrence.entry.slug,
        audience=row.audience.slug,
        outlet=row.outlet.slug,
        language=row.language,
        form=row.outlet.channel.said.form,
        recipients=row.candidates - row.excluded,
        excluded=row.excluded,
    )
