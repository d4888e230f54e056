"""Sessions and second factors of those who sign in: shown, and ended.

Needs what `startup.start(people=True)` loads.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from publisher.flows.audit import Doer, note
from publisher.models import Person


@dataclass(frozen=True, kw_only=True)
class Session:
    """A browser in which somebody is signed in."""

    id: int
    browser: str  #: such as `Firefox, Windows`
    ip: str
    began_at: datetime
    seen_at: datetime
    here: bool  #: the one that asks


def sessions(who: Person, *, here: str | None = None) -> list[Session]:
    """Give a person's sessions, the last used first; those that ended are forgotten.

    Args:
        who: whose.
        here: the key of the session that asks.
    """
    from allauth.usersessions.models import UserSession

    rows = UserSession.objects.purge_and_list(who)
    rows.sort(key=lambda row: row.last_seen_at, reverse=True)
    return [
        Session(
            id=row.pk,
            browser=browser(row.user_agent),
            ip=row.ip,
            began_at=row.created_at,
            seen_at=row.last_seen_at,
            here=row.session_key == here,
        )
        for row in rows
    ]


def end_sessions(
    who: Person,
    *,
    doer: Doer,
    now: datetime,
    only: int | None = None,
    but: str | None = None,
) -> int:
    """Sign somebody out; give in how many browsers.

    Args:
        who: whose sessions.
        doer: who does it.
        now: aware.
        only: the id of the one that ends; None: all.
        but: the key of one that goes on.
    """
    from allauth.usersessions.models import UserSession

    rows = UserSession.objects.filter(user=who).exclude(session_key=but or "")
    if only is not None:
        rows = rows.filter(pk=only)
    with transaction.atomic():
        ended = list(rows)
        for row in ended:
            row.end()
        if ended:
            note(doer, "session.end", f"person/{who.username}", now=now, count=len(ended))
    return len(ended)


def second_factors(people: Iterable[int]) -> dict[int, list[str]]:
    """Give each person's kinds of second factor, by its id: `totp`, `webauthn`."""
    from allauth.mfa.models import Authenticator

    rows = Authenticator.objects.filter(user__in=list(people)).exclude(type="recovery_codes")
    found: dict[int, list[str]] = {}
    for person, kind in rows.order_by("type").values_list("user_id", "type").distinct():
        found.setdefault(person, []).append(kind)
    return found


def forget_second_factor(who: Person, *, doer: Doer, now: datetime) -> int:
    """Let somebody sign in without the second factor it lost; give how many were forgotten."""
    from allauth.mfa.models import Authenticator

    with transaction.atomic():
        gone: int
        gone, _ = Authenticator.objects.filter(user=who).delete()
        if gone:
            note(doer, "second_factor.forget", f"person/{who.username}", now=now)
    return gone


def browser(agent: str) -> str:
    """Give what a `User-Agent` says in two words; empty: nothing that people know."""
    names = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome"}
    found = [name for mark, name in {**names, "Safari": "Safari"}.items() if f"{mark}/" in agent]
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
    return ", ".join([*found[:1], *[one for one in systems if one in agent][:1]])
