"""Programs that have a token, for tests."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta

from django.test import Client

from publisher.flows import tokens
from publisher.flows.audit import TERMINAL
from publisher.flows.months import make_room
from publisher.flows.prepare import prepare
from publisher.flows.propose import confirm
from publisher.kit import clock
from publisher.kit.sealed import seal
from publisher.models import (
    Act,
    Channel,
    Consent,
    Delivery,
    Hook,
    HookCall,
    Intake,
    Organisation,
    Person,
    Placement,
    PlacementState,
    Proposal,
    Reader,
    RoleName,
)
from tests.desk.people import person
from tests.flows.stored import NOW, entry, joint_plan, store

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
    make_room(now=clock.now())
    store(joint_plan(entry("statement", speaks_for=["iso"]), entry("said", speaks_for=["iso"])))
    placement, said = Placement.objects.filter(outlet__slug="iso-news").order_by(
        "-occurrence__entry__slug"
    )
    prepare([placement], now=NOW)
    Placement.objects.filter(pk=said.pk).update(state=PlacementState.FINISHED)
    iso = Organisation.objects.get(slug="iso")
    reader = Reader.objects.create(address="ana@example.org", created_at=NOW)
    consent = Consent.objects.create(
        reader=reader, organisation=iso, channel=Channel.objects.get(slug="news"),
        given_at=NOW, source="a form on paper", wording="I agree.",
    )  # fmt: skip
    delivery = Delivery.objects.create(placement=said, recipient=reader.pk, address=reader.address)
    told = _told(iso)
    there = {
        "key": placement.key,
        "entry": "statement",
        "slug": "iso-news",
        "occurrence": placement.occurrence.key,
        "number": delivery.pk,
        "reader": reader.pk,
        "organisation": "iso",
        "audience": "members",
        "message": "together",
        "kind": "outlet",
        "consent": consent.pk,
        "invitation": 1,
        "hook": told.hook_id,
        "event": told.identifier,
    }
    numbers = {
        "/people/": person("owned", RoleName.VIEWER).pk,
        "/proposals/": _proposal(iso).pk,
        "/intakes/": _intake().pk,
    }

    def named(path: str, name: str) -> str:
        if name == "pk":
            return next(str(pk) for part, pk in numbers.items() if part in path)
        slugs = {"/entries/": "statement", "/organisations/": "iso", "/audiences/": "members"}
        said = (slug for part, slug in slugs.items() if name == "slug" and part in path)
        return next(said, str(there[name]))

    return named


def _proposal(iso: Organisation) -> Proposal:
    filed = Proposal.objects.create(
        organisation=iso,
        language="en",
        fields={"title": "Things", "scope": "All things.", "committee": "ISO/TC 1"},
        evidence={"found": []},
        body="Somebody",
        name="Ana",
        address="ana@example.org",
        asked_at=clock.now(),
    )
    assert confirm(filed.pk, now=clock.now())
    return filed


def _told(iso: Organisation) -> HookCall:
    hook = Hook.objects.create(
        organisation=iso, name="Portal", url="https://portal.example.org/in",
        events=["placement.finished"], sealed_secret=seal("hook", "whsec_"), made_at=NOW,
    )  # fmt: skip
    return HookCall.objects.create(hook=hook, event="hook.test", data={}, at=NOW, due_at=NOW)


def _intake() -> Intake:
    now = clock.now()
    return Intake.objects.create(
        state="open", reference="INTAKE 2027-1", year=2027, number=1, language="en",
        body="A forum", about="We are.", offer="We offer.", name="Ben",
        address="ben@example.org", asked_at=now, confirmed_at=now, due_at=now,
    )  # fmt: skip
