"""What lets programs in: tokens, which may what their person may now, and less if it says so."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db import transaction
from django.db.models import QuerySet

from publisher.flows.audit import Doer, note
from publisher.flows.rights import is_operator
from publisher.models import Act, Organisation, Person, Role, Token
from publisher.models.errors import Refused

AT_MOST = 20  #: of one person
LONGEST = timedelta(days=366)
USED_EVERY = timedelta(minutes=5)
#: how a token looks: so that it is found when it was committed somewhere by mistake
SHAPE = re.compile(r"(publisher_[a-z2-7]{6})_[A-Za-z0-9_-]{43}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def make(
    person: Person,
    *,
    name: str,
    acts: Collection[str],
    organisations: Collection[str] = (),
    ends_at: datetime,
    doer: Doer,
    now: datetime,
) -> tuple[Token, str]:
    """Make a token; give it with what opens the door, which is kept nowhere.

    Args:
        person: whose it is: what is done with it, is done by this person.
        name: what the program is called.
        acts: of `Act`: what it may do of what the person may.
        organisations: slugs; none: all for which the person may do something.
        ends_at: aware; a year from now at most.
        doer: who makes it.
        now: aware.

    Raises:
        Refused: it has no name, lets nothing, lasts too long, is for an organisation that the
            person has no role in, or is one too many.
    """
    if not now < ends_at <= now + LONGEST:
        raise Refused("A token ends within a year: say when.")
    prefix = "publisher_" + "".join(secrets.choice(_LETTERS) for _ in range(6))
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    made = Token(
        person=person,
        name=_name(name),
        prefix=prefix,
        token_sha256=_hash(secret),
        acts=_acts(acts),
        organisations=_organisations(person, organisations),
        made_at=now,
        ends_at=ends_at,
    )
    with transaction.atomic():
        _refuse_many(person, now)
        made.save()
        note(
            doer, "token.make", _thing(made), now=now,
            person=person.username, acts=made.acts, organisations=made.organisations,
        )  # fmt: skip
    return made, secret


def live(person: Person | None = None, *, now: datetime) -> QuerySet[Token]:
    """Give the tokens that open the door, of one person or of all."""
    rows = Token.objects.filter(revoked_at=None, ends_at__gt=now).select_related("person")
    return rows if person is None else rows.filter(person=person)


def revoke(token: Token, *, doer: Doer, now: datetime) -> None:
    """Take a token back: it opens nothing from now on.

    Raises:
        Refused: it was taken back before.
    """
    with transaction.atomic():
        if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            raise Refused(f"The token “{token.prefix}” was taken back before.")
        note(doer, "token.revoke", _thing(token), now=now, person=token.person.username)


def person_of(secret: str, *, now: datetime) -> Person | None:
    """Give the person that a token acts for, narrowed to what the token lets; None: nobody."""
    shaped = SHAPE.fullmatch(secret)
    if shaped is None:
        return None
    found = live(now=now).filter(prefix=shaped[1], person__is_active=True).first()
    # A token of 256 random bits needs no salt and no slow hash.
    if found is None or not compare_digest(found.token_sha256, _hash(secret)):
        return None
    if found.used_at is None or now - found.used_at > USED_EVERY:
        Token.objects.filter(pk=found.pk).update(used_at=now)
    found.person.acts_through = found
    return found.person


def _name(name: str) -> str:
    said = name.strip()[:100]
    if not said:
        raise Refused("Give the token the name of the program that it is for.")
    return said


def _acts(acts: Collection[str]) -> list[str]:
    if not acts or set(acts) - set(Act):
        raise Refused(f"Say what the program may do: {', '.join(Act)}.")
    return sorted(set(acts))


def _refuse_many(person: Person, now: datetime) -> None:
    """Refuse one too many; whose they are stays locked until the transaction ends."""
    Person.objects.select_for_update().get(pk=person.pk)
    if live(person, now=now).count() >= AT_MOST:
        raise Refused(f"There are {AT_MOST} tokens already; take one back first.")


def _organisations(person: Person, wanted: Collection[str]) -> list[str]:
    known = Organisation.objects.filter(retired_at=None, slug__in=list(wanted))
    if not is_operator(person):
        held = Role.objects.filter(person=person).values("organisation")
        known = known.filter(pk__in=held)
    slugs = sorted(known.values_list("slug", flat=True))
    if missing := sorted(set(wanted) - set(slugs)):
        raise Refused(f"{person.called} has no role in {', '.join(missing)}.")
    return slugs


def _thing(token: Token) -> str:
    return f"token/{token.prefix}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
