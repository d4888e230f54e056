"""What changes about somebody's account is written down, whoever's view did it."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as accounts
from allauth.mfa import signals as factors
from django.dispatch import Signal

from publisher.flows.audit import Doer, note
from publisher.kit import clock
from publisher.models import Person, Via

WRITTEN: dict[str, Signal] = {
    "password.set": accounts.password_set,
    "password.change": accounts.password_changed,
    "password.reset": accounts.password_reset,
    "second_factor.add": factors.authenticator_added,
    "second_factor.remove": factors.authenticator_removed,
    "second_factor.renew": factors.authenticator_reset,
    "second_factor.fail": factors.authentication_failed,
}


def listen() -> None:
    """Write each down from now on."""
    for act, signal in WRITTEN.items():
        signal.connect(_writer(act), weak=False, dispatch_uid=f"trail {act}")


def _writer(act: str) -> Any:  # noqa: ANN401  # a receiver, whose type Django does not name
    def write(user: Person, authenticator: Any = None, **_: object) -> None:  # noqa: ANN401  # allauth's
        kind = {"kind": str(authenticator.type)} if authenticator is not None else {}
        doer = Doer(person=user, via=Via.DESK)
        note(doer, act, f"person/{user.username}", now=clock.now(), **kind)

    return write
