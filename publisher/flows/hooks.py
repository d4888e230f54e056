"""Hooks: programs of an organisation's that are told what happens; made, tried, switched off."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import QuerySet

from publisher.flows import defer
from publisher.flows.audit import Doer, note
from publisher.flows.rights import is_operator
from publisher.kit import outbound
from publisher.kit.sealed import seal, unseal
from publisher.kit.standard_webhooks import new_secret
from publisher.models import CallState, EventName, Hook, HookCall, Organisation, Via
from publisher.models.errors import Refused
from publisher.models.hook import TEST

AT_MOST = 20  #: of one organisation
OVERLAP = timedelta(hours=24)  #: for which the secret before still signs, too
_PURPOSE = "hook"  #: for which its secrets are sealed
_OURSELVES = Doer(person=None, via=Via.CLOCK)


def add(
    organisation: str,
    *,
    name: str,
    url: str,
    events: Collection[str],
    private: bool = False,
    doer: Doer,
    now: datetime,
) -> tuple[Hook, str]:
    """Add a hook; give it with its secret, which is shown this once.

    Args:
        organisation: the slug of the one whose matters it is told.
        name: what the program is called.
        url: where it listens: https, and a public address.
        events: of `EventName`.
        private: http and the operator's own network are let through; only an operator may say so.
        doer: who adds it.
        now: aware.

    Raises:
        Refused: something is missing or not allowed, or it is one too many.
    """
    made = Hook(
        name=_name(name),
        url=_address(url, private=private, doer=doer),
        private=private,
        events=_events(events),
        made_at=now,
    )
    secret = new_secret()
    made.sealed_secret = seal(_PURPOSE, secret)
    with transaction.atomic():
        made.organisation = _with_room(organisation)
        made.save()
        _note(doer, "hook.add", made, now, name=made.name, events=made.events)
    return made, secret


def change(hook: Hook, *, name: str, events: Collection[str], doer: Doer, now: datetime) -> None:
    """Give a hook another name, and have it told other events from now on.

    Raises:
        Refused: it has no name, or is told nothing.
    """
    hook.name, hook.events = _name(name), _events(events)
    with transaction.atomic():
        hook.save(update_fields=("name", "events"))
        _note(doer, "hook.edit", hook, now, name=hook.name, events=hook.events)


def rotate(hook: Hook, *, doer: Doer, now: datetime) -> str:
    """Give a hook a new secret; for a day the one before signs, too."""
    secret = new_secret()
    with transaction.atomic():
        row = Hook.objects.select_for_update().get(pk=hook.pk)
        row.sealed_before, row.before_until = row.sealed_secret, now + OVERLAP
        row.sealed_secret = seal(_PURPOSE, secret)
        row.save(update_fields=("sealed_before", "before_until", "sealed_secret"))
        _note(doer, "hook.rotate", row, now)
    return secret


def secrets_of(hook: Hook, *, now: datetime) -> list[str]:
    """Give the secrets that sign, the newest first.

    Raises:
        ValueError: they were sealed with another secret key.
    """
    found = [unseal(_PURPOSE, hook.sealed_secret)]
    if hook.sealed_before and hook.before_until and now < hook.before_until:
        found.append(unseal(_PURPOSE, hook.sealed_before))
    return found


def test(hook: Hook, *, doer: Doer, now: datetime) -> HookCall:
    """Have a hook told that it is tried.

    Raises:
        Refused: it is switched off.
    """
    _refuse_off(hook)
    with transaction.atomic():
        data = {"hook": hook.pk, "name": hook.name}
        made = HookCall.objects.create(hook=hook, event=TEST, data=data, at=now, due_at=now)
        _note(doer, "hook.test", hook, now)
        defer.tell_hooks()
    return made


def tell_again(call: HookCall, *, doer: Doer, now: datetime) -> None:
    """Have an event told once more, under the same id.

    Raises:
        Refused: its hook is switched off, or it waits to be sent anyway.
    """
    _refuse_off(call.hook)
    with transaction.atomic():
        over = HookCall.objects.filter(pk=call.pk).exclude(state=CallState.WAITING, attempts=0)
        if not over.update(state=CallState.WAITING, due_at=now, attempts=0):
            raise Refused("This event waits to be sent already.")
        _note(doer, "hook.tell_again", call.hook, now, event=call.identifier)
        defer.tell_hooks()


def switch_off(hook: Hook, *, why: str = "", doer: Doer = _OURSELVES, now: datetime) -> None:
    """Tell a hook nothing more; what waits for it is given up.

    Args:
        hook: it.
        why: `gone` or `failing`, if the product does it by itself.
        doer: who does it.
        now: aware.
    """
    with transaction.atomic():
        if not Hook.objects.filter(pk=hook.pk, off_at=None).update(off_at=now, off_why=why):
            return
        waiting = HookCall.objects.filter(hook=hook, state=CallState.WAITING)
        waiting.update(state=CallState.GIVEN_UP)
        _note(doer, "hook.off", hook, now, why=why)


def switch_on(hook: Hook, *, doer: Doer, now: datetime) -> None:
    """Tell a hook again what happens from now on."""
    with transaction.atomic():
        rows = Hook.objects.filter(pk=hook.pk).exclude(off_at=None)
        if rows.update(off_at=None, off_why="", failing_since=None):
            _note(doer, "hook.on", hook, now)


def remove(hook: Hook, *, doer: Doer, now: datetime) -> None:
    """Forget a hook, its secret and its log."""
    with transaction.atomic():
        _note(doer, "hook.remove", hook, now, name=hook.name)
        hook.delete()


def hooks(organisations: Collection[str] | None = None) -> QuerySet[Hook]:
    """Give the hooks of organisations by their slugs; None: of all."""
    rows = Hook.objects.select_related("organisation")
    return rows if organisations is None else rows.filter(organisation__slug__in=organisations)


def switched_off(organisations: Collection[str]) -> QuerySet[Hook]:
    """Give those that the product switched off by itself: somebody has to see to them."""
    return hooks(organisations).exclude(off_at=None).exclude(off_why="")


def log_of(hook: Hook) -> QuerySet[HookCall]:
    """Give what a hook was or is to be told, the newest first, with its attempts."""
    return hook.calls.order_by("-at", "-id").prefetch_related("tries")


def log_page(hook: Hook, *, before: int, most: int) -> tuple[list[HookCall], bool]:
    """Give a page of the log, and whether there is more.

    Args:
        hook: whose log.
        before: the number of the last call on the page before; 0: from the newest.
        most: how many of a page.
    """
    older = hook.calls.filter(pk__lt=before) if before else hook.calls.all()
    rows = list(older.order_by("-pk").prefetch_related("tries")[: most + 1])
    return rows[:most], len(rows) > most


def call_named(identifier: str) -> HookCall | None:
    """Give what some hook is told, by its `webhook-id`."""
    key = identifier.removeprefix("msg_")
    shaped = len(key) == 32 and not set(key) - set("0123456789abcdef")  # of a UUID
    rows = HookCall.objects.select_related("hook__organisation").prefetch_related("tries")
    return rows.filter(key=key).first() if shaped else None


def as_told(hook: Hook) -> dict[str, object]:
    """Give a hook as JSON values; what opens it is not among them."""
    return {
        "organisation": hook.organisation.slug,
        "name": hook.name,
        "url": hook.url,
        "events": hook.events,
        "private": hook.private,
        "made_at": hook.made_at,
        "failing_since": hook.failing_since,
        "off_at": hook.off_at,
        "off_why": hook.off_why,
    }


def call_as_told(call: HookCall) -> dict[str, object]:
    """Give what a hook is told as JSON values, with each attempt, the newest first."""
    return {
        "id": call.identifier,
        "event": call.event,
        "data": call.data,
        "at": call.at,
        "state": call.state,
        "due_at": call.due_at if call.state == CallState.WAITING else None,
        "attempts": [
            {"at": one.at, "status": one.status, "seconds": one.seconds, "problem": one.problem}
            for one in call.tries.all()
        ],
    }


def _with_room(slug: str) -> Organisation:
    """Give an organisation that may have one hook more, locked until the transaction ends."""
    whose = Organisation.objects.select_for_update()
    found = whose.filter(slug=slug, retired_at=None).first()
    if found is None:
        raise Refused(f"There is no organisation “{slug}”.")
    if Hook.objects.filter(organisation=found).count() >= AT_MOST:
        raise Refused(f"There are {AT_MOST} hooks already; remove one first.")
    return found


def _name(name: str) -> str:
    said = " ".join(name.replace("\0", "").split())[:100]
    if not said:
        raise Refused("Give the hook the name of the program that is told.")
    return said


def _events(events: Collection[str]) -> list[str]:
    if not events or set(events) - set(EventName):
        raise Refused(f"Say what the program is told: {', '.join(EventName)}.")
    return [one for one in EventName if one in events]


def _address(url: str, *, private: bool, doer: Doer) -> str:
    said = url.strip()
    if private and not (doer.person is None or is_operator(doer.person)):
        raise Refused("Only an operator may let a hook into the operator's own network.")
    try:
        parts = urlsplit(said)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        host, port = "", 443
    if not host or len(said) > 500 or any(one.isspace() for one in said):
        raise Refused("Give the address where the program listens, such as https://example.org/in.")
    if parts.username is not None or parts.password is not None:
        raise Refused("The address must not hold a name or a password: the signature proves us.")
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise Refused("The address must begin with https://.")
    if not private:
        _refuse_private(host, port)
    return said


def _refuse_private(host: str, port: int) -> None:
    try:
        asyncio.run(outbound.refuse_private(host, port))
    except outbound.NeverLeft as error:
        raise Refused(f"{error}.") from error


def _refuse_off(hook: Hook) -> None:
    if hook.off_at is not None:
        raise Refused(f"“{hook.name}” is switched off; switch it on first.")


def _note(doer: Doer, act: str, hook: Hook, now: datetime, **details: object) -> None:
    slug = hook.organisation.slug
    note(doer, act, f"hook/{hook.pk}", now=now, organisation=slug, **details)
