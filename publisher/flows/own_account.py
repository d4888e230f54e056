"""What people say of themselves: their name, language and time zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction

from publisher.flows.audit import Doer, note
from publisher.kit import words
from publisher.models import Person
from publisher.models.errors import Refused


def introduce(
    who: Person, *, full_name: str, language: str, time_zone: str, doer: Doer, now: datetime
) -> None:
    """Keep what a person says of itself.

    Raises:
        Refused: there is no such language or zone, or no name.
    """
    said = {"full_name": full_name.strip(), "language": language, "time_zone": time_zone.strip()}
    if not said["full_name"] or len(said["full_name"]) > 200:
        raise Refused("A name has one letter or more, and at most two hundred.")
    if language and language not in words.LANGUAGES:
        raise Refused(f"The desk speaks {', '.join(words.LANGUAGES)}.")
    if said["time_zone"] and said["time_zone"] not in available_timezones():
        raise Refused(f"There is no time zone “{said['time_zone']}”; one is Europe/Zurich.")
    with transaction.atomic():
        for name, value in said.items():
            setattr(who, name, value)
        who.save(update_fields=list(said))
        note(doer, "person.introduce", f"person/{who.username}", now=now)
