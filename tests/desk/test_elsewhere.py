"""Who signs in at an OpenID Connect issuer: a small one, on this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from publisher.flows.audit import TERMINAL
from publisher.flows.invite import invite
from publisher.kit import clock
from publisher.models import AuditRow, Person, Role
from tests.desk.people import person
from tests.rows import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
BEGIN = "/desk/sign-in/elsewhere/single-sign-on/go/?next=/desk/account/"


class Issuer:
    """What says who somebody is; it vouches for `claims`."""

    def __init__(self) -> None:
        self.claims: dict[str, object] = {}
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> dict[str, object]:
        """Give what is asked for."""
        if path.endswith("openid-configuration"):
            ends = {"authorization": "authorize", "token": "token", "userinfo": "me"}
            known = {f"{name}_endpoint": f"{self.url}/{end}" for name, end in ends.items()}
            return {"issuer": self.url, "jwks_uri": f"{self.url}/keys", **known}
        if path.endswith("/token"):
            now = int(clock.now().timestamp())
            said = {"iss": self.url, "aud": "publisher", "iat": now, "exp": now + 60}
            token = jwt.encode({**said, **self.claims}, self._key, algorithm="RS256")
            return {"access_token": "a", "token_type": "Bearer", "id_token": token}
        return self.claims

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                said = json.dumps(issuer.answer(self.path)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            do_POST = do_GET  # noqa: N815  # http.server's name

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture
def issuer(settings):
    """An issuer that the operator named."""
    made = Issuer()
    app = {
        "provider_id": "single-sign-on",
        "name": "Sign in with ISO",
        "client_id": "publisher",
        "secret": "s",
        "settings": {"server_url": made.url, "fetch_userinfo": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }
    yield made
    made.close()


def come(issuer: Issuer, **claims: object):
    """Go to the issuer and come back from it."""
    issuer.claims = {"sub": claims["email"], "email_verified": True, **claims}
    client = Client(headers={"host": "127.0.0.1:8000", "accept-language": "en"})
    there = client.get(BEGIN)["Location"]
    assert there.startswith(f"{issuer.url}/authorize?")
    asked = parse_qs(urlsplit(there).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = urlsplit(asked["redirect_uri"][0]).path
    return client, client.get(back, {"code": "c", "state": asked["state"][0]})


def test_somebody_invited_comes_in_with_the_roles_it_was_asked_to_have(issuer):
    """And is known the next time."""
    rows()
    invite(
        "ed@iso.example.org", organisation="iso", roles=["editor"], doer=TERMINAL, now=clock.now()
    )

    for _ in range(2):
        client, answer = come(issuer, email="ed@iso.example.org", name="Ed Ito")
        assert answer["Location"] == "/desk/account/"
        assert client.get("/desk/").status_code == 200

    who = Person.objects.get()
    assert (who.full_name, who.email, who.has_usable_password()) == (
        "Ed Ito",
        "ed@iso.example.org",
        False,
    )
    assert list(Role.objects.values_list("person", "name")) == [(who.pk, "editor")]
    assert AuditRow.objects.filter(act="sign_in.do").first().details == {"how": ["socialaccount"]}


@pytest.mark.parametrize("verified", [True, False])
def test_only_a_verified_address_is_taken_for_the_person_who_has_it(issuer, verified):
    """Else whoever writes another's address at the issuer would be that person."""
    who = person("ana")
    Person.objects.update(email="ana@iso.example.org")
    EmailAddress.objects.create(user=who, email="ana@iso.example.org", verified=True, primary=True)

    client, answer = come(issuer, email="ana@iso.example.org", email_verified=verified)

    assert answer.status_code == (302 if verified else 403)
    assert (client.session.get("_auth_user_id") == str(who.pk)) is verified


def test_somebody_nobody_asked_is_told_so_and_kept_nowhere(issuer):
    """Nor does an answer that we did not ask for let anybody in."""
    _, answer = come(issuer, email="stranger@example.org")

    assert answer.status_code == 403
    assert "nobody has invited you" in answer.content.decode()
    assert not Person.objects.exists()
    forged = Client().get(
        "/desk/sign-in/elsewhere/single-sign-on/back/", {"code": "c", "state": "x"}
    )
    assert forged.status_code == 403
    assert Client().get("/desk/sign-in/elsewhere/another/go/").status_code == 404
