"""What somebody does for one reader: mend what is known of it, and end or restore what it gets.

The audit trail names readers by number, never by address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from publisher.feedback.consent import may_confirm
from publisher.flows import defer
from publisher.flows.audit import TERMINAL, Doer, note
from publisher.flows.forget import forget
from publisher.flows.readers import Mine
from publisher.kit.signing import address_hash
from publisher.models import AuditRow, Consent, Reader, Suppression
from publisher.models.errors import Refused
from publisher.models.specs.shared import LANGUAGE

_AGAIN = timedelta(minutes=10)  #: between two mails that ask the same reader to confirm
_MOST = 50  #: attributes of one reader
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")  # as `RuleSpec.attribute` has it
Attributes = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a reader, as it is to be."""

    name: str
    language: str
    attributes: Attributes  #: text, numbers, yes or no, and lists of them


def change(reader: int, said: Known, *, doer: Doer, now: datetime) -> None:
    """Mend a reader's name, language and attributes.

    Raises:
        Refused: it cannot be kept so.
    """
    _check(said)
    with transaction.atomic():
        row = Reader.objects.select_for_update().get(pk=reader)
        fields = [
            name for name in ("name", "language") if getattr(row, name) != getattr(said, name)
        ]
        keys = sorted({*row.attributes, *said.attributes})
        fields += [key for key in keys if row.attributes.get(key) != said.attributes.get(key)]
        row.name, row.language, row.attributes = said.name, said.language, said.attributes
        row.save(update_fields=("name", "language", "attributes"))
        if fields:
            note(doer, "reader.edit", f"reader/{reader}", now=now, fields=fields)


def withdraw(consent: int, *, reason: str, doer: Doer, now: datetime) -> None:
    """Take a consent back for a reader that asked for it, and keep why.

    Raises:
        Refused: no reason was given, or it was withdrawn already.
    """
    why = _reason(reason, most=190)
    with transaction.atomic():
        row = Consent.objects.select_for_update().get(pk=consent)
        if row.withdrawn_at is not None:
            raise Refused("This consent was withdrawn already; nothing was changed.")
        row.withdrawn_at, row.withdrawn_by = now, f"officer: {why}"
        row.save(update_fields=("withdrawn_at", "withdrawn_by"))
        note(
            doer,
            "consent.withdraw",
            f"reader/{row.reader_id}",
            now=now,
            organisation=row.organisation.slug,
            channel=row.channel.slug,
        )


def unsuppress(address: str, *, reason: str, doer: Doer = TERMINAL, now: datetime) -> None:
    """Let an address be written to again; what it did not agree to it still does not get.

    Raises:
        Refused: no reason was given, or nothing keeps mails from it.
    """
    why, hashed = _reason(reason), address_hash(address)
    with transaction.atomic():
        gone, _ = Suppression.objects.filter(address_hash=hashed).delete()
        if not gone:
            raise Refused("Nothing keeps mails from this address; nothing was changed.")
        note(doer, "reader.unsuppress", now=now, suppressed=hashed[:12], reason=why)


def restore(reader: int, *, reason: str, mine: Mine, doer: Doer, now: datetime) -> None:
    """Let a reader be written to again.

    Raises:
        Refused: others look after it too, no reason was given, or nothing keeps mails from it.
    """
    _whole(reader, mine)
    address = Reader.objects.values_list("address", flat=True).get(pk=reader)
    unsuppress(address, reason=reason, doer=doer, now=now)


def erase(reader: int, *, mine: Mine, doer: Doer, now: datetime) -> None:
    """Erase a reader and never write to its address again.

    Raises:
        Refused: others look after it too.
    """
    _whole(reader, mine)
    address = Reader.objects.values_list("address", flat=True).get(pk=reader)
    forget(address, doer=doer, now=now)


def others(reader: int, mine: Mine) -> list[str]:
    """Give the slugs of further organisations that a reader agreed to hear from."""
    if mine is None:
        return []
    live = Consent.objects.filter(reader=reader, withdrawn_at=None)
    rows = live.exclude(organisation__slug__in=mine).order_by("organisation__slug")
    return list(dict.fromkeys(rows.values_list("organisation__slug", flat=True)))


def _whole(reader: int, mine: Mine) -> None:
    """What is done to a reader as a whole needs leave from everybody it agreed to hear from."""
    if others(reader, mine):
        raise Refused(
            "Other organisations write to this reader too, so this is for an operator, or for "
            "somebody who looks after the readers of all of them. You can withdraw its consents "
            "to your own."
        )


def ask_again(reader: int, *, mine: Mine, doer: Doer, now: datetime) -> None:
    """Have the mail that asks a reader to confirm sent once more.

    Raises:
        Refused: nothing waits for it, it is too late, or it was sent a moment ago.
    """
    pending = Consent.objects.filter(reader=reader, confirmed_at=None, withdrawn_at=None)
    if mine is not None:
        pending = pending.filter(organisation__slug__in=mine)
    asked = [at for at in pending.values_list("given_at", flat=True) if may_confirm(at, now)]
    if not asked:
        raise Refused(
            "Nothing waits to be confirmed, or it was asked for more than seven days ago; the "
            "reader subscribes again on the public page."
        )
    thing = f"reader/{reader}"
    lately = AuditRow.objects.filter(thing=thing, act="reader.ask_again", at__gt=now - _AGAIN)
    if lately.exists():
        raise Refused("That mail was sent less than ten minutes ago; give it time to arrive.")
    with transaction.atomic():
        for at in sorted(set(asked)):
            defer.ask_to_confirm(reader, at)
        note(doer, "reader.ask_again", thing, now=now)


def _reason(text: str, *, most: int = 200) -> str:
    said = " ".join(text.split())
    if not said:
        raise Refused("Say why: the reason is kept with it.")
    if len(said) > most:
        raise Refused(f"The reason is longer than {most} characters; say it shorter.")
    if "@" in said:
        raise Refused("Leave addresses out of the reason: it is kept for good.")
    return said


def _check(said: Known) -> None:
    if len(said.name) > 200 or any(ord(letter) < 32 for letter in said.name):
        raise Refused("The name is longer than 200 characters, or holds a line break.")
    if not LANGUAGE.match(said.language):
        raise Refused(f"“{said.language}” is not a language tag such as en, fr or zh-Hans.")
    if len(said.attributes) > _MOST:
        raise Refused(f"A reader has {_MOST} attributes at most.")
    for name, value in said.attributes.items():
        if not _ATTRIBUTE.match(name):
            raise Refused(
                f"“{name}” cannot name an attribute; use lower-case letters, digits and "
                "underscores."
            )
        if len(str(value)) > 4000:
            raise Refused(f"What “{name}” says is longer than 4000 characters.")
