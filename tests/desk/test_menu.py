"""Each organisation chooses from the menu, and connects its accounts."""

import pytest

from publisher.flows.apply import apply
from publisher.models import AuditRow, Choice, Organisation, Outlet, Placement
from publisher.settings import settings
from tests.desk.people import desk_of, person
from tests.flows.stored import NOW
from tests.plans import smallest_plan

pytestmark = pytest.mark.django_db
OURS = "our-organisation"
OUTLET = "our-website"


@pytest.fixture
def outlet(tmp_path):
    """The smallest plan's only outlet."""
    smallest_plan(tmp_path)
    apply(tmp_path, now=NOW)
    return Outlet.objects.get()


@pytest.fixture
def desk(outlet):
    """The desk of its organisation's administrator."""
    return desk_of(person("ana", "administrator", OURS))


def choose(desk, use, reason="We said so."):
    said = {"audience": "everybody", "use": use, "reason": reason}
    return desk.post(f"/desk/menu/choose/{OUTLET}", said)


def test_the_menu_shows_what_was_chosen(desk):
    """And that its placements are planned."""
    page = desk.get("/desk/menu/").content.decode()

    assert "Whoever looks for us looks there first." in page
    assert 'value="on" selected' in page


def test_a_choice_changes_what_is_planned(desk, outlet):
    """Off takes the placements away; and the reason is there to be read."""
    change_of_plan = choose(desk, "off", "We have no editor this year.")

    # The entry would reach nobody, which the plan does not allow: it says so and changes nothing.
    assert change_of_plan.status_code == 422
    assert Choice.objects.get().spec["use"] is True
    assert Placement.objects.exists()


def test_a_choice_needs_its_reason(desk):
    """The other organisations read it."""
    answer = choose(desk, "on", " ")

    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()


def test_a_new_reason_is_kept_beside_the_choice(desk):
    """In the language it was written in."""
    assert choose(desk, "on", "Everybody looks there.").status_code == 302

    assert Choice.objects.get().spec["reason"]["en"] == "Everybody looks there."


def test_quiet_hours_and_pace_are_set(desk, outlet):
    """With the mark of what was looked at; what cannot be meant comes back with a sentence."""
    outlet.spec |= {"pace": {"domains": {"gmail.com": 600}}}
    outlet.save()
    address = f"/desk/menu/outlets/{OUTLET}/"
    page = desk.get(address).content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    said = {"seen": seen, "start": "20:00", "end": "08:00", "days": ["sun"], "connections": "3"}

    assert desk.post(address, said | {"dates": "2027-13-01"}).status_code == 422
    assert desk.post(address, said | {"dates": "2027-01-01"}).status_code == 302

    outlet.refresh_from_db()
    assert outlet.said.quiet.dates == ["2027-01-01"]
    assert outlet.said.pace.connections == 3
    assert outlet.said.pace.domains == {"gmail.com": 600}  # which a file says, not the page


def test_an_account_is_sealed_and_never_shown(desk, outlet, tmp_path, monkeypatch):
    """What was typed is in no page; that it was done is in the audit trail, without the secret."""
    monkeypatch.setenv("PUBLISHER_DATA", str(tmp_path / "data"))
    settings.cache_clear()
    spec = outlet.spec | {"adapter": "mastodon", "account": "ours"}
    Outlet.objects.filter(pk=outlet.pk).update(spec=spec)
    secret = "s3cr3t-of-ours"
    given = {"field-access_token": secret, "field-instance": "https://1.1.1.1"}

    answer = desk.post(f"/desk/menu/outlets/{OUTLET}/connect", given, follow=True)

    assert "sealed" in answer.content.decode()
    assert secret not in answer.content.decode()
    assert secret not in str(AuditRow.objects.values())
    assert AuditRow.objects.filter(act="account.connect").exists()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("instance", "https://127.0.0.1:8000", "not a public address"),
        ("base_url", "http://localhost", "Only an operator"),
    ],
)
def test_a_credential_does_not_lead_into_the_operators_network(
    desk, outlet, field, value, sentence
):
    """An organisation's administrator is not the machine's."""
    spec = outlet.spec | {"adapter": "mastodon", "account": "ours"}
    Outlet.objects.filter(pk=outlet.pk).update(spec=spec)
    given = {
        "field-access_token": "x",
        "field-instance": "https://1.1.1.1",
        f"field-{field}": value,
    }

    answer = desk.post(f"/desk/menu/outlets/{OUTLET}/connect", given)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_another_organisations_account_is_not_reached(desk, outlet):
    """A name in one outlet must not open what another organisation sealed."""
    theirs = Organisation.objects.create(slug="theirs", spec={"slug": "theirs"})
    spec = outlet.spec | {"adapter": "mastodon", "account": "shared"}
    Outlet.objects.filter(pk=outlet.pk).update(spec=spec)
    Outlet.objects.create(
        slug="their-website", channel=outlet.channel, organisation=theirs, spec=spec
    )

    answer = desk.post(f"/desk/menu/outlets/{OUTLET}/connect", {"field-access_token": "x"})

    assert answer.status_code == 422
    assert "another organisation" in answer.content.decode()


def test_an_editor_connects_nothing(outlet):
    """Credentials are for administrators; choices are for editors, too."""
    editor = desk_of(person("bea", "editor", OURS))

    assert editor.post(f"/desk/menu/outlets/{OUTLET}/connect").status_code == 403
    assert choose(editor, "on").status_code == 302
    assert choose(desk_of(person("cleo", "viewer", OURS)), "on").status_code == 403
