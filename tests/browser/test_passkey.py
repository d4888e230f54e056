"""A passkey, with a browser's own authenticator in place of a telephone."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from tests.desk.people import person

pytestmark = pytest.mark.browser
WORDS = "five quiet horses graze"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def ana(server, settings):
    """Somebody with a password."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    who = person("ana")
    who.email = "ana@iso.example.org"
    who.set_password(WORDS)
    who.save()
    EmailAddress.objects.create(user=who, email=who.email, verified=True, primary=True)
    return who


def test_a_passkey_is_added_and_then_signs_in_by_itself(ana, server, chromium):
    """Under a policy that runs no script but ours; passkeys belong to a name, not a number."""
    site = server.replace("127.0.0.1", "localhost")
    context = chromium.new_context()
    page, refused = context.new_page(), []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto(f"{site}/desk/sign-in/?next=/desk/account/passkeys/add/")
    page.fill("#login", ana.email)
    page.fill("#password", WORDS)
    page.keyboard.press("Enter")
    page.fill("main #password", WORDS)  # once more: a stolen session must not add one
    page.keyboard.press("Enter")
    page.fill("#name", "my telephone")
    page.click("#passkey-button")
    page.wait_for_url("**/desk/account/codes/")

    page.goto(f"{site}/desk/account/")
    assert page.get_by_text("my telephone").is_visible()
    page.get_by_role("button", name="Sign out").click()
    page.click("#passkey-button")
    page.wait_for_url("**/desk/")

    page.goto(f"{site}/desk/account/")
    assert page.get_by_role("heading", name="My account").is_visible()
    assert [one for one in refused if "403" not in one] == []
    context.close()
