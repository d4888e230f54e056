"""Programs that have a token, for tests."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta

from django.test import Client

from publisher.flows import tokens
from publisher.flows.audit import TERMINAL
from publisher.kit import clock
from publisher.models import Act, Person, RoleName
from tests.desk.people import person
from tests.rows import open_doors, rows

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


def named_things() -> Callable[[str, str], str]:
    """Make two organisations and some of ISO's things.

    Gives what tells, for an operation's path, what to put in place of a name in it.
    """
    made = rows()
    open_doors(made)
    placement = made.placement(entry="statement")
    reader = made.reader(wish="iso/newsletter")
    there = {
        "key": placement.key,
        "entry": "statement",
        "slug": "iso-newsletter",
        "occurrence": "launch",
        "number": str(made.delivery(placement, reader).pk),
        "pk": str(person("owned", RoleName.VIEWER).pk),
        "reader": str(reader.pk),
        "organisation": "iso",
        "audience": "members",
        "message": "coordination",
        "kind": "outlet",
        "consent": str(reader.consents.get().pk),
        "invitation": "1",
    }

    def named(path: str, name: str) -> str:
        slugs = {"/entries/": "statement", "/organisations/": "iso", "/audiences/": "members"}
        said = (slug for part, slug in slugs.items() if name == "slug" and part in path)
        return next(said, there[name])

    return named
