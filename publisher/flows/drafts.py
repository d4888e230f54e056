"""What somebody typed and has not saved: kept beside the plan, offered again, thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from publisher.models import Draft, Person
from publisher.models.errors import Refused

MOST_LETTERS = 400_000
OLDEST = timedelta(days=90)  #: after which nobody comes back for it

Typed = Mapping[str, Sequence[str]]


def keep(person: Person, entry: str, typed: Typed, *, now: datetime) -> Draft:
    """Keep what was typed in place of what was kept before.

    Raises:
        Refused: it is longer than any entry.
    """
    fields = {name: list(values) for name, values in typed.items()}
    if sum(len(value) for values in fields.values() for value in values) > MOST_LETTERS:
        raise Refused(f"A draft has {MOST_LETTERS:,} letters at most.")
    Draft.objects.filter(at__lt=now - OLDEST).delete()
    row, _ = Draft.objects.update_or_create(
        person=person, entry=entry, defaults={"fields": fields, "at": now}
    )
    return row


def kept(person: Person, entry: str) -> Draft | None:
    """Give what somebody kept of an entry."""
    return Draft.objects.filter(person=person, entry=entry).first()


def throw_away(person: Person, entry: str) -> None:
    """Forget it: it was saved, or is not wanted."""
    Draft.objects.filter(person=person, entry=entry).delete()
