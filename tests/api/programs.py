"""Programs that have a token, for tests."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.test import Client

from publisher.flows import tokens
from publisher.flows.audit import TERMINAL
from publisher.kit import clock
from publisher.models import Act, Person

API = "/api/v1"


def token_of(
    who: Person, acts: Collection[str] = tuple(Act), organisations: Collection[str] = ()
) -> str:
    """Give what opens the door for somebody."""
    now = clock.now()
    _, secret = tokens.make(
        who,
        name="a program",
        acts=acts,
        organisations=organisations,
        ends_at=now + timedelta(days=1),
        doer=TERMINAL,
        now=now,
    )
    return secret


def program_of(
    who: Person, acts: Collection[str] = tuple(Act), organisations: Collection[str] = ()
) -> Client:
    """Give a client of sorts that sends a token with each request."""
    return Client(
        headers={"authorization": f"Bearer {token_of(who, acts, organisations)}"},
        raise_request_exception=False,
    )
