"""How people come in, and who stays outside."""

import re
import subprocess
import sys
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from publisher.flows import enter
from publisher.flows.audit import TERMINAL
from publisher.flows.invite import invite, invite_operator, link
from publisher.flows.people import deactivate
from publisher.flows.write_to_person import send_invitation, send_password_link
from publisher.kit import clock
from publisher.models import AuditRow, Invitation, Person, Role
from publisher.settings import settings as ours
from tests.desk.people import desk_of, person
from tests.rows import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
WORDS = "five quiet horses graze"


def browser() -> Client:
    """Give a browser on this machine that checks forms' tokens."""
    return Client(
        enforce_csrf_checks=True, headers={"host": "127.0.0.1:8000", "accept-language": "en"}
    )


def post(client: Client, address: str, **said: str):
    """Send a form as its page gives it."""
    page = client.get(address)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
    return client.post(address, {**said, "csrfmiddlewaretoken": token})


def known(name: str = "ana", **said: str) -> Person:
    """Make somebody who has a password."""
    who = person(name, **said)
    who.email = f"{name}@iso.example.org"
    who.set_password(WORDS)
    who.save()
    EmailAddress.objects.create(user=who, email=who.email, verified=True, primary=True)
    return who


def signed_in(name: str = "ana", **said: str) -> tuple[Client, Person]:
    """Give a browser in which somebody signed in by the form."""
    who, client = known(name, **said), browser()
    post(client, "/desk/sign-in/", login=who.email, password=WORDS)
    return client, who


def code(secret: str) -> str:
    """Give what an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def acts() -> list[str]:
    """Give what was written down, the oldest first."""
    return list(AuditRow.objects.order_by("id").values_list("act", flat=True))


def mail(key: str) -> str:
    """Give a captured mail's plain words."""
    made = (ours().data_folder / "capture/mailbox/new" / key).read_bytes()
    read = message_from_bytes(made, policy=policy.default)
    return f"{read['subject']} {read.get_body(('plain',)).get_content()}"


def test_an_address_and_a_password_open_the_desk_and_a_new_session():
    """Without JavaScript; back to where one wanted to go; the session's key is a new one."""
    rows()
    who, client = known(role="viewer"), browser()
    assert client.get("/desk/account/")["Location"] == "/desk/sign-in/?next=/desk/account/"
    client.get("/desk/sign-in/")
    before = client.cookies.get("sessionid")

    answer = post(
        client,
        "/desk/sign-in/?next=/desk/account/",
        login=who.email,
        password=WORDS,
        next="/desk/account/",
    )

    assert answer["Location"] == "/desk/account/"
    assert before is None or before.value != client.cookies["sessionid"].value
    page = client.get("/desk/account/").content.decode()
    assert "Ana" in page
    assert "this one" in page
    assert acts() == ["sign_in.do"]
    assert AuditRow.objects.get().details == {"how": ["password"]}
    who.refresh_from_db()
    assert who.last_seen_at


def test_another_sites_address_is_not_gone_to():
    """`next` leads to our own pages only."""
    answer = post(
        browser(),
        "/desk/sign-in/",
        login=known().email,
        password=WORDS,
        next="https://evil.example.org/",
    )

    assert answer["Location"] == "/desk/"


def test_attempts_are_counted_and_written_down_without_what_was_typed():
    """Five wrong passwords for one name, and even the right one waits."""
    who, client = known(), browser()
    answers = [
        post(client, "/desk/sign-in/", login=who.email, password=f"wrong {n}") for n in range(5)
    ]

    last = post(client, "/desk/sign-in/", login=who.email, password=WORDS)

    assert [one.status_code for one in [*answers, last]] == [200] * 6
    assert "_auth_user_id" not in client.session
    assert acts() == ["sign_in.fail"] * 5
    row = AuditRow.objects.first()
    assert (row.person, row.thing, row.details) == (None, "person/ana", {"how": "password"})


def test_who_is_switched_off_is_out_at_once_and_cannot_come_back():
    """Its open session is worth nothing."""
    client, who = signed_in()
    assert client.get("/desk/account/").status_code == 200
    deactivate(who, doer=TERMINAL, now=clock.now())

    assert client.get("/desk/account/").status_code == 302
    assert Session.objects.count() == 0
    assert (
        post(browser(), "/desk/sign-in/", login=who.email, password=WORDS)["Location"]
        == "/desk/sign-in/off/"
    )


def test_an_invitation_is_good_once_and_gives_the_roles_it_names():
    """The mail has the link; GET changes nothing; its password is held to the rules."""
    rows()
    made = invite(
        "Anna.Keller@iso.example.org",
        organisation="iso",
        roles=["editor", "approver"],
        doer=TERMINAL,
        now=clock.now(),
        language="fr",
    )
    key = async_to_sync(send_invitation)(made.pk, now=clock.now())
    address = link(made).removeprefix(ours().site_url)
    assert link(made) in mail(key)
    assert "Votre invitation au bureau de ISO" in mail(key)
    client = browser()
    assert "ISO" in client.get(address).content.decode()
    assert not Person.objects.exists()

    short = post(client, address, full_name="Anna Keller", password1="short", password2="short")
    other = post(client, address, full_name="Anna Keller", password1=WORDS, password2="other")
    done = post(client, address, full_name="Anna Keller", password1=WORDS, password2=WORDS)

    assert (short.status_code, other.status_code, done["Location"]) == (200, 200, "/desk/")
    who = Person.objects.get()
    assert (who.username, who.email, who.language) == (
        "anna-keller",
        "Anna.Keller@iso.example.org",
        "fr",
    )
    assert set(Role.objects.values_list("organisation__slug", "name")) == {
        ("iso", "editor"),
        ("iso", "approver"),
    }
    assert client.get("/desk/").status_code == 200
    assert browser().get(address).status_code == 404
    assert acts() == ["invitation.send", "invitation.accept", "sign_in.do"]


@pytest.mark.parametrize("spoilt", ["taken_back_at", "good_until"])
def test_an_invitation_taken_back_or_too_old_opens_nothing(spoilt):
    """Nor does one whose link was guessed at."""
    rows()
    made = invite(
        "a@iso.example.org", organisation="iso", roles=["viewer"], doer=TERMINAL, now=clock.now()
    )
    Invitation.objects.update(**{spoilt: clock.now() - timedelta(seconds=1)})
    address = link(made).removeprefix(ours().site_url)

    assert browser().get(address).status_code == 404
    assert browser().get(f"/desk/come/{made.pk}-{'0' * 32}/").status_code == 404


def test_an_operators_invitation_is_the_terminals_and_makes_an_operator():
    """The first one of all comes so."""
    made = invite_operator("op@example.org", doer=TERMINAL, now=clock.now())
    post(
        browser(),
        link(made).removeprefix(ours().site_url),
        full_name="Op",
        password1=WORDS,
        password2=WORDS,
    )

    assert Person.objects.get().is_superuser


def test_a_link_from_the_terminal_signs_in_once_and_for_an_hour():
    """A program that opens each link does not use it up; the officer's works here alone."""
    rows()
    officer = enter.officer()
    address = enter.link(officer, doer=TERMINAL, now=clock.now())
    client = browser()
    far = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get(address, **far).status_code == 404
    assert client.get(address, headers={"host": "desk.example.org"}).status_code == 404
    assert client.get(address).status_code == 200

    assert post(client, address)["Location"] == "/desk/"

    assert client.get("/desk/people/").status_code == 200
    assert browser().get(address).status_code == 404
    old = enter.link(officer, doer=TERMINAL, now=clock.now() - timedelta(hours=2))
    assert browser().get(old).status_code == 404


def test_a_forgotten_password_is_chosen_anew_by_a_link_in_a_mail():
    """The answer is the same for an address nobody has; the queue holds an id and no link."""
    rows()
    who, client = known(role="editor"), browser()
    nobody = post(client, "/desk/password/", email="nobody@example.org")
    asked = post(client, "/desk/password/", email=who.email)
    assert nobody["Location"] == asked["Location"] == "/desk/password/sent/"
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == ("send_password_link", {"person": who.pk})
    key = async_to_sync(send_password_link)(who.pk, now=clock.now())
    address = re.search(r"/desk/password/[0-9a-z]+-[0-9a-z-]+/", mail(key))[0]

    there = client.get(address)["Location"]
    answer = post(
        client, there, password1="nine brown rivers run", password2="nine brown rivers run"
    )

    assert answer["Location"] == "/desk/password/done/"
    assert "does not work" in browser().get(address).content.decode()
    who.refresh_from_db()
    assert who.check_password("nine brown rivers run")
    assert "password.reset" in acts()


def test_a_second_factor_is_asked_for_and_its_key_is_sealed_in_the_database():
    """Adding one asks for the password again; a recovery code does in place of the app, once."""
    client, who = signed_in()
    asked = client.get("/desk/account/app/")
    assert asked["Location"].startswith("/desk/account/confirm/?next=")
    post(client, asked["Location"], password=WORDS, next="/desk/account/app/")
    wrong = post(client, "/desk/account/app/", code="000000")
    assert wrong.status_code == 200
    page = client.get("/desk/account/app/").content.decode()
    secret = re.search(r'<code class="key" dir="ltr">([A-Z2-7]+)</code>', page)[1]
    token = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    client.post("/desk/account/app/", {"code": code(secret), **token})
    codes = re.findall(
        r"<code dir=\"ltr\">(\d+)</code>", client.get("/desk/account/codes/").content.decode()
    )
    assert len(codes) == 10
    assert client.get("/desk/account/codes/file/").content.decode().split() == codes
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert who.email not in kept

    other = browser()
    first = post(other, "/desk/sign-in/", login=who.email, password=WORDS)
    assert first["Location"].startswith("/desk/sign-in/code/")
    assert other.get("/desk/account/").status_code == 302
    assert post(other, "/desk/sign-in/code/", code="123").status_code == 200
    assert post(other, "/desk/sign-in/code/", code=codes[0])["Location"] == "/desk/"
    assert other.get("/desk/account/").status_code == 200
    assert AuditRow.objects.filter(act="sign_in.do").first().details == {
        "how": ["password", "recovery_codes"]
    }

    third = browser()
    post(third, "/desk/sign-in/", login=who.email, password=WORDS)
    assert post(third, "/desk/sign-in/code/", code=codes[0]).status_code == 200


def test_somebody_ends_its_other_sessions_and_not_those_of_others():
    """One of them, or all but this."""
    client, who = signed_in()
    others = [browser() for _ in range(2)]
    for one in others:
        post(one, "/desk/sign-in/", login=who.email, password=WORDS)
    stranger, _ = signed_in("eve")
    ids = re.findall(
        r"/desk/account/sessions/(\d+)/end/", client.get("/desk/account/").content.decode()
    )
    assert len(ids) == 2
    post(stranger, "/desk/account/", full_name="Eve", language="", time_zone="")
    token = {"csrfmiddlewaretoken": stranger.cookies["csrftoken"].value}
    stranger.post(f"/desk/account/sessions/{ids[0]}/end/", token)
    assert [one.get("/desk/account/").status_code for one in others] == [200, 200]

    token = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    client.post("/desk/account/sessions/end/", token)

    assert [one.get("/desk/account/").status_code for one in others] == [302, 302]
    assert client.get("/desk/account/").status_code == 200
    assert stranger.get("/desk/account/").status_code == 200


def test_a_new_password_signs_out_wherever_the_old_one_was_used():
    """But not where it was chosen."""
    client, who = signed_in()
    other = browser()
    post(other, "/desk/sign-in/", login=who.email, password=WORDS)
    new = {"password1": "nine brown rivers run", "password2": "nine brown rivers run"}

    answer = post(client, "/desk/account/password/", oldpassword=WORDS, **new)

    assert answer["Location"] == "/desk/account/"
    assert client.get("/desk/account/").status_code == 200
    assert other.get("/desk/account/").status_code == 302
    assert "password.change" in acts()


def test_people_say_what_they_are_called_and_which_language_and_zone_they_read():
    """What cannot be is said, and nothing is kept of it."""
    who = person()
    client = desk_of(who)
    wrong = client.post("/desk/account/", {"full_name": "Ana", "language": "xx", "time_zone": ""})
    zone = client.post(
        "/desk/account/", {"full_name": "Ana", "language": "", "time_zone": "Mars/Base"}
    )

    done = client.post(
        "/desk/account/", {"full_name": "Ana Ruiz", "language": "es", "time_zone": "America/Lima"}
    )

    assert (wrong.status_code, zone.status_code, done.status_code) == (422, 422, 302)
    who.refresh_from_db()
    assert (who.full_name, who.language, who.time_zone) == ("Ana Ruiz", "es", "America/Lima")
    assert "Mi cuenta" in client.get("/desk/account/").content.decode()


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar", "ru", "zh"])
def test_the_pages_outside_speak_every_language(language):
    """Errors, too."""
    client = browser()
    page = client.get(f"/desk/sign-in/?lang={language}").content.decode()
    asked = client.get(f"/desk/password/?lang={language}")

    assert f'lang="{language}"' in page
    assert "style=" not in page
    assert re.findall(r"<script(?![^>]* src=)", page) == []
    assert asked.status_code == 200
    assert "script-src 'self'" in asked["Content-Security-Policy"]
    assert "unsafe" not in asked["Content-Security-Policy"]
    assert asked["Cache-Control"] == "no-store"


def test_what_shows_no_page_loads_nothing_of_signing_in():
    """The clock, the hands and other commands start faster and stay smaller."""
    said = (
        "import sys; from publisher.startup import start; start(database=False); "
        "import publisher.worker.letters, publisher.flows.people; "
        "sys.exit(any(name.partition('.')[0] in {'allauth', 'fido2'} for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0
