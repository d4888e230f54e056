"""Who gives which role to whom, and who sees what was done."""

import csv
import re
from datetime import timedelta

import pytest

from publisher.flows import people as flow
from publisher.flows.audit import TERMINAL, Doer, note
from publisher.flows.come import may_come
from publisher.flows.invite import invite
from publisher.flows.people import Refused
from publisher.kit import clock
from publisher.models import AuditRow, Invitation, Person, Role, Via
from tests.desk.people import desk_of, person
from tests.rows import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Person:
    """ISO's administrator."""
    rows()
    return person("boss", "administrator")


def roles(who: Person) -> set[str]:
    """Give what somebody is, as `organisation/role`."""
    found = Role.objects.filter(person=who).values_list("organisation__slug", "name")
    return {"/".join(one) for one in found}


def test_an_administrator_gives_and_takes_roles_of_its_own_organisation(boss):
    """Those ticked are held afterwards; each change is written down."""
    who = person("ed", "viewer")

    client = desk_of(boss)
    client.post(
        f"/desk/people/{who.pk}/roles/", {"organisation": "iso", "role": ["editor", "approver"]}
    )

    assert roles(who) == {"iso/editor", "iso/approver"}
    done = AuditRow.objects.filter(thing="person/ed").values_list("act", "person", "organisation")
    assert sorted(done) == [("role.give", boss.pk, "iso")] * 2 + [("role.take", boss.pk, "iso")]


def test_roles_are_settled_all_or_not_at_all(boss):
    """The last administrator stays one, and what came before it in the list is as it was."""
    client = desk_of(boss)

    said = client.post(
        f"/desk/people/{boss.pk}/roles/", {"organisation": "iso", "role": ["viewer"]}, follow=True
    )

    assert "is the last administrator of ISO" in said.content.decode()
    assert roles(boss) == {"iso/administrator"}


def test_roles_of_another_organisation_are_not_its_to_give(boss):
    """Neither to its own people, nor by a form that names the other one."""
    who = person("ed", "viewer")
    client = desk_of(boss)

    said = client.post(
        f"/desk/people/{who.pk}/roles/",
        {"organisation": "iec", "role": "administrator"},
        follow=True,
    )

    assert "You do not administer IEC" in said.content.decode()
    assert roles(who) == {"iso/viewer"}
    theirs = person("carl", "viewer", "iec")
    assert client.get(f"/desk/people/{theirs.pk}/").status_code == 403
    assert "Carl" not in client.get("/desk/people/").content.decode()
    for organisation in ("iec", "iso"):
        client.post(
            "/desk/people/invite/",
            {"address": "x@iec.example.org", "organisation": organisation, "role": "viewer"},
        )
    assert set(Invitation.objects.values_list("organisation__slug", flat=True)) == {"iso"}


def test_no_organisation_is_left_without_an_administrator_by_the_desk(boss):
    """The terminal may."""
    doer = Doer(person=boss, via=Via.DESK)
    with pytest.raises(Refused, match="last administrator of ISO"):
        flow.take_role(boss, "iso", "administrator", doer=doer, now=clock.now())
    with pytest.raises(Refused, match="Nobody switches off"):
        flow.deactivate(boss, doer=doer, now=clock.now())

    assert flow.take_role(boss, "iso", "administrator", doer=TERMINAL, now=clock.now())


def test_who_works_for_two_is_switched_off_only_by_who_administers_both(boss):
    """ISO's administrator takes away ISO's roles instead."""
    who = person("ed", "editor")
    person("ed", "editor", "iec")
    client = desk_of(boss)
    said = client.post(f"/desk/people/{who.pk}/switch/", follow=True).content.decode()
    assert "that you do not administer" in said
    assert "Roles also in: iec" in client.get(f"/desk/people/{who.pk}/").content.decode()

    person("boss", "administrator", "iec")
    client.post(f"/desk/people/{who.pk}/switch/")

    who.refresh_from_db()
    assert not who.is_active
    assert "switched off" in client.get("/desk/people/").content.decode()
    client.post(f"/desk/people/{who.pk}/switch/")
    who.refresh_from_db()
    assert who.is_active


def test_who_has_an_account_gets_the_roles_at_once_and_others_a_mail(boss):
    """A wrong address is said beside the form; an invitation can be taken back."""
    here = person("ed", "viewer")
    Person.objects.filter(pk=here.pk).update(email="ed@iso.example.org")
    client = desk_of(boss)
    said = {"organisation": "iso", "role": "editor"}
    client.post("/desk/people/invite/", {"address": "ED@iso.example.org", **said})
    assert roles(here) == {"iso/viewer", "iso/editor"}
    assert client.post("/desk/people/invite/", {"address": "no address", **said}).status_code == 422
    client.post("/desk/people/invite/", {"address": "new@iso.example.org", **said})
    client.post("/desk/people/invite/", {"address": "new@iso.example.org", **said})

    page = client.get("/desk/people/").content.decode()
    numbers = re.findall(r"invitations/(\d+)/take-back", page)
    assert len(numbers) == 1  # the second took the place of the first
    client.post(f"/desk/people/invitations/{numbers[0]}/take-back/")

    assert "No invitation is open" in client.get("/desk/people/").content.decode()


@pytest.mark.parametrize(
    ("address", "claims", "rule", "comes"),
    [
        ("a@iso.example.org", {}, {"domains": "iec.example.org, ISO.example.org"}, True),
        ("a@sub.iso.example.org", {}, {"domains": "iso.example.org"}, False),
        ("a@evil-iso.example.org", {}, {"domains": "iso.example.org"}, False),
        ("", {"groups": ["publisher"]}, {"claim": "groups=publisher"}, False),
        ("a@example.org", {"groups": ["publisher"]}, {"claim": "groups=publisher"}, True),
        ("a@example.org", {"groups": "publishers"}, {"claim": "groups=publisher"}, False),
        ("a@example.org", {}, {"claim": "groups="}, False),
        ("Asked@example.org", {}, {}, True),
        ("a@example.org", {}, {}, False),
    ],
)
def test_an_issuers_word_lets_in_only_whom_somebody_allowed(boss, address, claims, rule, comes):
    """By an invitation, a domain, or a claim; never with an address that it has not verified."""
    invite(
        "asked@example.org", organisation="iso", roles=["viewer"], doer=TERMINAL, now=clock.now()
    )

    said = {"domains": "", "claim": "", **rule}
    assert may_come(address, claims, now=clock.now(), **said) is comes


def test_the_trail_shows_an_administrator_its_organisations_and_its_peoples_acts(boss):
    """Not another organisation's; an operator sees all. Pages follow on from a row."""
    now = clock.now()
    for number in range(60):
        note(
            TERMINAL,
            "thing.do",
            f"thing/{number}",
            now=now - timedelta(minutes=number),
            organisation="iso",
        )
    note(TERMINAL, "secret.do", "thing/theirs", now=now, organisation="iec")
    theirs = Doer(person=person("carl", "viewer", "iec"), via=Via.DESK)
    note(theirs, "sign_in.do", "person/carl", now=now)
    client = desk_of(boss)

    first = client.get("/desk/trail/?act=thing").content.decode()
    after = re.search(r"after=([^\"&]+)", first)[1]
    note(TERMINAL, "thing.do", "thing/new", now=clock.now(), organisation="iso")
    second = client.get(f"/desk/trail/?act=thing&after={after}").content.decode()

    shown = re.findall(r"<bdi>thing/(\d+)</bdi>", first + second)
    assert shown == [str(number) for number in range(60)]
    everything = client.get("/desk/trail/").content.decode()
    assert "secret.do" not in everything
    assert "person/carl" not in everything
    Person.objects.filter(pk=boss.pk).update(is_superuser=True)
    assert "secret.do" in client.get("/desk/trail/").content.decode()
    assert "thing/theirs" not in client.get("/desk/trail/?until=2020-01-01").content.decode()
    assert client.get("/desk/trail/?since=never&after=nonsense").status_code == 200


def test_the_trail_as_a_table_runs_nothing_in_a_spreadsheet_and_is_itself_written_down(boss):
    """Cells that begin like a formula are told apart."""
    note(TERMINAL, "thing.do", "=HYPERLINK(1)", now=clock.now(), organisation="iso", why="-2+3")

    asked = desk_of(boss).get("/desk/trail.csv?act=&person=")
    table = list(csv.reader(asked.content.decode().splitlines()))

    assert table[0] == ["at", "person", "via", "act", "thing", "organisation", "details"]
    assert [row[3] for row in table[1:]] == ["trail.export", "thing.do"]
    assert table[2][4].startswith("'=")
    assert desk_of(boss).get("/desk/trail.csv?act=thing").content.decode().count("thing.do") == 1
    assert AuditRow.objects.filter(act="trail.export").first().details == {
        "asked": {"act": "thing"}
    }
