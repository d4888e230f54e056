"""An organisation asks its people for more than a password."""

import pytest
from allauth.mfa.models import Authenticator

from publisher.flows.audit import Doer
from publisher.flows.edit import mark
from publisher.flows.second_factor import ask_for
from publisher.kit import clock
from publisher.models import AuditRow, Organisation, Person, Via
from tests.desk.people import desk_of, person
from tests.rows import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Person:
    """ISO's administrator, of a plan that holds together."""
    for outlet in rows().outlets.values():
        if "circular" in outlet.slug:
            outlet.spec |= {"settings": {"mail": "capture"}}
            outlet.save()
    return person("boss", "administrator")


def asked_for(boss: Person, wanted: str = "yes") -> None:
    seen = mark(Organisation.objects.get(slug="iso"))
    said = {"wanted": wanted, "seen": seen}
    desk_of(boss).post("/desk/people/second-factor/iso/", said)


def test_whoever_lacks_it_sees_only_its_own_account(boss):
    """Until one is added; those of other organisations are asked for nothing."""
    asked_for(boss)
    [row] = AuditRow.objects.filter(act="organisation.edit")
    assert row.person == boss
    assert "second_factor" in row.details["fields"]
    officer = person("ed", "editor")

    answer = desk_of(officer).get("/desk/", follow=True)
    fragment = desk_of(officer).get("/desk/calendar/", headers={"hx-request": "true"})

    assert answer.redirect_chain == [("/desk/account/", 302)]
    assert "An organisation of yours asks for a second factor" in answer.content.decode()
    assert fragment["HX-Redirect"] == "/desk/account/"
    assert desk_of(officer).post("/desk/calendar/new/", {}).status_code == 302
    assert desk_of(person("carl", "viewer", "iec")).get("/desk/").status_code == 200

    Authenticator.objects.create(user=officer, type=Authenticator.Type.TOTP, data={})
    assert desk_of(officer).get("/desk/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(boss):
    """They are what is left when one is lost."""
    asked_for(boss)
    codes = Authenticator.Type.RECOVERY_CODES
    Authenticator.objects.create(user=boss, type=codes, data={})

    assert desk_of(boss).get("/desk/").status_code == 302


def test_an_operator_is_asked_as_soon_as_anybody_is(boss):
    """It may do everything for every organisation, so its password alone must not."""
    operator = person("root")
    Person.objects.filter(pk=operator.pk).update(is_superuser=True)
    assert desk_of(operator).get("/desk/").status_code == 200

    asked_for(boss)

    assert desk_of(operator).get("/desk/").status_code == 302


def test_only_its_administrators_ask_and_ask_no_longer(boss):
    """Neither another organisation's, nor an editor."""
    asked_for(person("carl", "administrator", "iec"))
    asked_for(person("ed", "editor"))
    assert not Organisation.objects.get(slug="iso").said.second_factor

    asked_for(boss)
    Authenticator.objects.create(user=boss, type=Authenticator.Type.TOTP, data={})
    page = desk_of(boss).get("/desk/people/").content.decode()
    assert "a second factor is asked for" in page
    asked_for(boss, "no")
    assert Organisation.objects.get(slug="iso").said.second_factor, "it was not asked who it is"

    now, seen = clock.now(), mark(Organisation.objects.get(slug="iso"))
    doer = Doer(person=boss, via=Via.DESK)
    ask_for("iso", wanted=False, seen=seen, doer=doer, now=now)
    assert not Organisation.objects.get(slug="iso").said.second_factor
