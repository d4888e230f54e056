"""Remarks on an entry: made, and seen to."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from publisher.flows.audit import Doer, note
from publisher.models import Comment, Entry
from publisher.models.errors import Refused

LONGEST = 4_000


def remark(
    entry: str, text: str, *, about: str = "", line: int | None = None, doer: Doer, now: datetime
) -> Comment:
    """Put a remark to an entry.

    Args:
        entry: its slug.
        text: plain text.
        about: which words, as `language=fr form=post`; empty: all of it.
        line: of these words, from 1.
        doer: who makes it.
        now: aware.

    Raises:
        Refused: it says nothing, too much, or is about no entry.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Refused(f"A comment has some words, and {LONGEST:,} letters at most.")
    if doer.person is None or not Entry.objects.filter(slug=entry).exists():
        raise Refused(f"There is no entry “{entry}” to comment on.")
    with transaction.atomic():
        note(doer, "comment.add", f"entry/{entry}", now=now)
        return Comment.objects.create(
            entry=entry, text=text, about=about[:300], line=line, person=doer.person, at=now
        )


def see_to(comment: int, entry: str, *, doer: Doer, now: datetime) -> None:
    """Say that a remark is seen to, or take that back.

    Raises:
        Refused: there is none.
    """
    with transaction.atomic():
        row = Comment.objects.select_for_update(of=("self",)).filter(pk=comment, entry=entry)
        found = row.first()
        if found is None:
            raise Refused("There is no such comment.")
        again = found.resolved_at is not None
        found.resolved_at = None if again else now
        found.resolved_by = None if again else doer.person
        found.save(update_fields=["resolved_at", "resolved_by"])
        note(doer, "comment.reopen" if again else "comment.resolve", f"entry/{entry}", now=now)
