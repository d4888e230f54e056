"""Who comes in by the programs' door, and what a token lets of what its person may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from publisher.flows import tokens
from publisher.flows.audit import TERMINAL
from publisher.kit import clock
from publisher.models import Act, AuditRow, Person, Role, RoleName, Token
from publisher.models.errors import Refused
from tests.api.programs import API, program_of, token_of
from tests.desk.people import desk_of, person
from tests.flows.stored import joint_plan, store
from tests.rows import rows

pytestmark = pytest.mark.django_db


def test_a_token_says_whom_it_acts_for_and_is_kept_as_a_hash():
    """What opens the door stands nowhere in the database."""
    rows()
    who = person("ana", RoleName.EDITOR)
    secret = token_of(who, [Act.VIEW])

    told = Client().get(f"{API}/me", headers={"authorization": f"bearer {secret}"})

    row = Token.objects.get()
    assert told.status_code == 200
    assert (told.json()["username"], told.json()["acts"]) == ("ana", {"iso": ["view"]})
    assert told.json()["token"]["prefix"] == row.prefix == secret[:16]
    assert secret[17:] not in str(list(Token.objects.values())) + str(AuditRow.objects.values())
    assert row.used_at is not None
    assert told["RateLimit-Policy"] == '"token";q=600;w=60'


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer x", "Basic eDp4", "Bearer " + "é" * 60])
def test_who_sends_no_token_that_is_one_is_told_so(sent):
    """Nothing is read, whatever stands there; the answer says what to send."""
    answer = Client().get(f"{API}/me", headers={"authorization": sent} if sent else {})

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="publisher"')
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith("/api/v1/#unknown")


def test_a_session_opens_nothing():
    """So no page of another site can make a browser act: there is no cookie to abuse."""
    rows()

    assert desk_of(person("ana", RoleName.ADMINISTRATOR)).get(f"{API}/me").status_code == 401


def test_what_was_taken_back_or_ended_or_switched_off_opens_nothing():
    """From the moment on at which it was."""
    rows()
    now = clock.now()
    who = person("ana", RoleName.VIEWER)
    one, two, three = (program_of(who) for _ in range(3))
    first, second, _ = Token.objects.order_by("id")

    tokens.revoke(first, doer=TERMINAL, now=now)
    Token.objects.filter(pk=second.pk).update(ends_at=now)
    assert [each.get(f"{API}/me").status_code for each in (one, two, three)] == [401, 401, 200]
    assert three.delete(f"{API}/me/token").status_code == 204
    assert three.get(f"{API}/me").status_code == 401
    four = program_of(who)
    Person.objects.filter(pk=who.pk).update(is_active=False)
    assert four.get(f"{API}/me").status_code == 401


def test_a_token_may_what_its_person_may_now():
    """Roles given and taken after it was made count at once."""
    store(joint_plan())
    who = person("ana", RoleName.EDITOR)
    program = program_of(who)
    entries = {"language": "en", "title": "T", "at": "2027-03-12T09:00", "audiences": ["members"],
               "messages": ["together"], "speaks_for": ["iso"]}  # fmt: skip

    def begun() -> int:
        made = program.post(f"{API}/calendar/entries", entries, content_type="application/json")
        return made.status_code

    assert begun() == 201
    Role.objects.filter(person=who).update(name=RoleName.VIEWER)
    assert begun() == 403


@pytest.mark.parametrize("operator", [False, True])
def test_a_token_for_one_organisation_reaches_no_other(operator):
    """Not even through what is sent: an entry in another's name is refused by the flow."""
    store(joint_plan())
    who = person("ana", RoleName.EDITOR)
    person_elsewhere = Role.objects.get(person=who)
    Role.objects.create(person=who, organisation_id=_iec().pk, name=RoleName.EDITOR)
    Person.objects.filter(pk=who.pk).update(is_superuser=operator)
    who.refresh_from_db()
    program = program_of(who, [Act.VIEW, Act.EDIT], ["iso"])
    said = {"title": "T", "at": "2027-03-12T09:00", "audiences": ["members"],
            "messages": ["together"]}  # fmt: skip

    def begun(slug: str) -> int:
        sent = {**said, "speaks_for": [slug]}
        return program.post(
            f"{API}/calendar/entries", sent, content_type="application/json"
        ).status_code

    assert person_elsewhere.organisation.slug == "iso"
    assert [begun("iec"), begun("iso")] == [409, 201]
    assert program.get(f"{API}/me").json()["operator"] is False


def test_the_audit_trail_names_the_token():
    """So that of two programs of one person it is known which did it."""
    store(joint_plan())
    program = program_of(person("ana", RoleName.EDITOR))
    said = {"title": "T", "at": "2027-03-12T09:00", "audiences": ["members"],
            "messages": ["together"], "speaks_for": ["iso"]}  # fmt: skip

    program.post(f"{API}/calendar/entries", said, content_type="application/json")

    row = AuditRow.objects.get(act="entry.create")
    assert (row.person.username, row.via) == ("ana", "api")
    assert row.details["token"] == Token.objects.get().prefix


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": " "}, "name of the program"),
        ({"acts": []}, "what the program may do"),
        ({"acts": ["everything"]}, "what the program may do"),
        ({"organisations": ["iec"]}, "no role in iec"),
        ({"days": 400}, "within a year"),
        ({"days": -1}, "within a year"),
    ],
)
def test_a_token_that_cannot_be_meant_is_refused(said, why):
    """With a sentence that says what to do."""
    rows()
    who, now = person("ana", RoleName.EDITOR), clock.now()
    days = said.pop("days", 30)
    given = {"name": "n", "acts": ["view"], **said}

    with pytest.raises(Refused, match=why):
        tokens.make(who, ends_at=now + timedelta(days=days), doer=TERMINAL, now=now, **given)


def test_who_asks_too_often_is_told_when_to_ask_again(monkeypatch):
    """One program that runs wild does not hold another up."""
    from publisher.web.api import bearer
    from publisher.web.limits import Limit

    rows()
    monkeypatch.setattr(bearer, "LIMIT", Limit(times=2, seconds=60))
    who = person("ana", RoleName.VIEWER)
    wild, other = program_of(who), program_of(who)
    answers = [wild.get(f"{API}/me") for _ in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert answers[1]["RateLimit"].startswith('"token";r=0;')
    assert other.get(f"{API}/me").status_code == 200


def _iec():
    from publisher.models import Organisation

    return Organisation.objects.get(slug="iec")


def test_where_a_second_factor_is_asked_for_its_lack_shuts_this_door_too():
    """Else a token would be a way around it; who the token is for is still told."""
    made = rows()
    program = program_of(person("ana", RoleName.VIEWER))
    iso = made.organisations["iso"]
    iso.spec |= {"second_factor": True}
    iso.save()

    answer = program.get(f"{API}/entries")

    assert (answer.status_code, "second factor" in answer.json()["detail"]) == (403, True)
    assert program.get(f"{API}/me").status_code == 200
