"""What became of occasions since they were last looked at: each change has a number of its own."""

from __future__ import annotations

from datetime import datetime

from publisher.models import Entry, Occasion
from publisher.models.adapter import Json
from publisher.models.specs import OccasionSpec

#: what makes an invitation a new one (RFC 5546 §2.1.4); the rest may change without being said
_TOLD = {"starts", "lasts", "zone", "place", "repeat", "skip", "cancelled"}


def note_changes(*, now: datetime) -> None:
    """Number each change of a time or place, so that calendars take the later one."""
    known = {row.entry_id: row for row in Occasion.objects.select_for_update()}
    for entry in Entry.objects.filter(retired_at=None, spec__occasion__isnull=False):
        occasion = entry.said.occasion
        if occasion is None:
            continue
        said, row = _told(occasion, entry), known.get(entry.pk)
        if row is None:
            Occasion.objects.create(entry=entry, said=said, changed_at=now)
        elif row.said != said:
            row.said, row.sequence, row.changed_at = said, row.sequence + 1, now
            row.save(update_fields=("said", "sequence", "changed_at"))


def _told(occasion: OccasionSpec, entry: Entry) -> Json:
    return {
        **occasion.model_dump(mode="json", include=_TOLD),
        "zone": occasion.zone or entry.said.zone or "",
    }
