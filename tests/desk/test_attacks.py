"""What somebody of one organisation tries upon another's things, and upon what is everybody's."""

import copy

import pytest

from publisher.flows.accounts import connect
from publisher.flows.apply import apply
from publisher.flows.audit import Doer
from publisher.flows.edit import edit, mark, take_out
from publisher.kit.vault import Vault
from publisher.models import Channel, Entry, Organisation, Outlet, Owner, Via
from publisher.models.errors import PlanError, Refused
from publisher.settings import settings
from tests.desk.people import desk_of, person
from tests.flows.stored import NOW
from tests.plans import smallest_plan

pytestmark = pytest.mark.django_db
OURS = "our-organisation"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The smallest plan, applied, beside another organisation that has nothing in it."""
    monkeypatch.setenv("PUBLISHER_PLAN", str(tmp_path))
    settings.cache_clear()
    smallest_plan(tmp_path)
    apply(tmp_path, now=NOW)
    ours = Organisation.objects.get(slug=OURS)
    said = copy.deepcopy(ours.spec) | {"slug": "stranger"}
    Organisation.objects.create(slug="stranger", spec=said, path="organisations/stranger.yaml")
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()


def doing(who):
    return Doer(person=who, via=Via.DESK)


@pytest.mark.parametrize("kind", ["channel", "outlet", "organisation"])
def test_an_editor_does_not_freeze_what_only_administrators_change(folder, kind):
    """Whose word counts is as grave as the change itself."""
    noun = {"channel": Channel, "outlet": Outlet, "organisation": Organisation}[kind]
    row = noun.objects.exclude(slug="stranger").first()
    editor = desk_of(person("eve", "editor", OURS))

    editor.post("/desk/plan/owner", {"thing": f"{kind}/{row.slug}", "to": "desk"})

    row.refresh_from_db()
    assert row.owner == Owner.FILE


def test_an_administrator_chooses_no_side_of_another_organisations_entry(folder):
    """Else what the other wrote at the desk would be thrown away."""
    row = Entry.objects.get()
    said = row.spec | {"speaks_for": [OURS], "link": "https://example.org/desk"}
    edit("entry", said, seen=mark(row), doer=Doer(person=None, via=Via.DESK), now=NOW)
    stranger = desk_of(person("mal", "administrator", "stranger"))

    answer = stranger.post("/desk/plan/apply", {f"take-entry/{row.slug}": "file"})

    assert answer.status_code == 422
    assert Entry.objects.get().spec["link"] == "https://example.org/desk"


def test_an_outlet_does_not_send_with_another_organisations_account(folder):
    """An account is found by its name, so naming it is using it."""
    theirs = Outlet.objects.first()
    theirs.spec = theirs.spec | {"account": "their-account"}
    theirs.save()
    mine = theirs.spec | {"slug": "mine", "organisation": "stranger"}
    mal = person("mal", "administrator", "stranger")

    with pytest.raises(Refused, match="another organisation’s account"):
        edit("outlet", mine, seen="", doer=doing(mal), now=NOW)


def test_an_outlet_does_not_send_with_an_account_kept_for_somebody_else(folder):
    """An operator may keep a credential before the outlet that it is meant for is there."""
    Vault.of(settings()).put("kept-for-ours", {"url": "https://example.org/", "secret": "s"})
    mine = Outlet.objects.first().spec | {"slug": "mine", "organisation": "stranger"}
    mine |= {"account": "kept-for-ours"}
    mal = person("mal", "administrator", "stranger")

    with pytest.raises(Refused, match="kept already"):
        edit("outlet", mine, seen="", doer=doing(mal), now=NOW)

    edit("outlet", mine, seen="", doer=Doer(person=None, via=Via.TERMINAL), now=NOW)


def test_an_occasion_is_not_joined_by_an_outlets_account(folder):
    """Whoever had a seat would be shown the address of a webhook, which is a secret."""
    outlet = Outlet.objects.first()
    outlet.spec = outlet.spec | {"account": "our-webhook"}
    outlet.save()
    row = Entry.objects.get()
    occasion = {"starts": "2027-02-23T14:00:00", "lasts": "1 hour", "join": "our-webhook"}

    with pytest.raises(PlanError) as caught:
        edit(
            "entry",
            row.spec | {"occasion": occasion},
            seen=mark(row),
            doer=doing(person("eve", "editor", OURS)),
            now=NOW,
        )

    assert "is an outlet's account" in str(caught.value)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("host", "127.0.0.1"),
        ("host", "[::1]:25"),
        ("servers", "192.0.2.1:25, 169.254.169.254:80"),
        ("ca_file", "/etc/passwd"),
    ],
)
def test_an_administrator_names_no_server_of_the_operators_network(folder, setting, value):
    """A mail server is asked at the press of a button, and what it answers is shown."""
    said = Outlet.objects.first().spec | {"slug": "mine", "organisation": "stranger"}
    said |= {"adapter": "smtp", "settings": {setting: value}, "account": ""}
    mal = person("mal", "administrator", "stranger")

    with pytest.raises(Refused, match=f"{setting}"):
        edit("outlet", said, seen="", doer=doing(mal), now=NOW)


def test_an_entry_that_speaks_for_nobody_is_not_anybodys_to_change(folder):
    """It goes out through our outlets: a stranger neither moves it nor takes it out."""
    row, mal = Entry.objects.get(), person("mal", "administrator", "stranger")
    assert row.spec["speaks_for"] == []
    said = row.spec | {"link": "https://example.org/mal"}

    with pytest.raises(Refused, match="You may not change this entry"):
        edit("entry", said, seen=mark(row), doer=doing(mal), now=NOW)
    with pytest.raises(Refused, match="You may not change this entry"):
        take_out("entry", row.slug, seen=mark(row), doer=doing(mal), now=NOW)
    taken = desk_of(mal).post("/desk/plan/apply", {f"take-entry/{row.slug}": "file"})
    assert taken.status_code == 422

    eve = person("eve", "editor", OURS)
    edit("entry", said, seen=mark(row), doer=doing(eve), now=NOW)


def test_an_address_that_is_none_is_refused_with_a_sentence(folder):
    """A bracket that nothing closes is no fault of ours."""
    outlet = Outlet.objects.first()
    outlet.spec |= {"adapter": "webhook", "account": "our-hook"}
    given = {"url": "https://[", "secret": "whsec_x"}

    with pytest.raises(Refused, match="no address of a machine"):
        connect(outlet.said, given, doer=doing(person("ada", "administrator", OURS)), now=NOW)
