"""Begin an entry: as little as it needs to stand in the calendar, to be written on at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import slugify

from publisher.flows.audit import Doer
from publisher.flows.edit import edit
from publisher.models import Entry, KeyMessage
from publisher.models.specs import in_language


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """What somebody says of an entry to begin with."""

    title: str
    language: str  #: of the title and the words
    at: datetime  #: naive, in `zone`
    zone: str
    audiences: Sequence[str]
    messages: Sequence[str]
    channels: Sequence[str] = ()  #: empty: all that the matrix has
    speaks_for: Sequence[str] = ()
    words: str = ""  #: empty: what its key messages say


def begin(said: Beginning, *, doer: Doer, now: datetime) -> str:
    """Put the entry into the calendar; give its slug.

    Raises:
        PlanError: it cannot be meant, or nobody would hear it.
        Refused: the doer may not.
    """
    spec = {
        "slug": _slug(said),
        "title": {said.language: said.title},
        "when": {"kind": "wall", "at": f"{said.at:%Y-%m-%dT%H:%M:00}"},
        "zone": said.zone,
        "audiences": list(said.audiences),
        "messages": list(said.messages),
        "channels": list(said.channels),
        "speaks_for": list(said.speaks_for),
        "words": [{"language": said.language, "words": said.words.strip() or _messages(said)}],
    }
    row = edit("entry", spec, seen="", doer=doer, now=now)
    return row.slug


def _slug(said: Beginning) -> str:
    """Give a short name that no entry has; a title without Latin letters gives its day."""
    plain = slugify(said.title)[:60].strip("-_").replace("_", "-")
    first = plain or f"entry-{said.at:%Y-%m-%d}"
    taken = set(Entry.objects.filter(slug__startswith=first).values_list("slug", flat=True))
    names = (f"{first}-{number}" if number > 1 else first for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _messages(said: Beginning) -> str:
    """Give the key messages themselves: what the entry is to say."""
    rows = dict(KeyMessage.objects.filter(slug__in=said.messages).values_list("slug", "spec__text"))
    texts = [in_language(rows[slug], said.language) for slug in said.messages if slug in rows]
    return "\n\n".join(texts)
