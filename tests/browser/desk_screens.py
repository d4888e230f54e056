"""Every screen of the desk, with something of everything to see on it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from publisher.flows import enter, hooks
from publisher.flows.apply import apply
from publisher.flows.approve import approve
from publisher.flows.audit import TERMINAL
from publisher.flows.invite import invite, link
from publisher.kit import clock
from publisher.models import (
    Delivery,
    EventName,
    Hook,
    Intake,
    Occurrence,
    Person,
    Placement,
    PlacementState,
    Reader,
)
from publisher.settings import settings
from publisher.web.desk.urls import AREAS
from tests.conftest import ROOT
from tests.desk.people import desk_of, person
from tests.desk.test_intake import OFFER
from tests.desk.test_proposals import proposed

WORDS = "five quiet horses graze"
LINES = "address,name,consents\ndora@example.org,Dora,iso/newsletter\nnonsense,,iso/newsletter\n"


@dataclass(frozen=True)
class Screens:
    """Where each screen is, and who sees it."""

    #: from a short name to the address and to whose browser it is opened in
    all: dict[str, tuple[str, str]]
    #: each browser's cookies, by whose it is; none: nobody has signed in
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)


def fill_desk() -> Screens:
    """Apply the reference plan, have something approved, sent and in doubt; give the screens."""
    now = clock.now()
    apply(ROOT, now=now)
    approve(entry="letter-to-the-boards", organisation="iso", person="Ana", now=now)
    ana, bea = _known("ana"), person("bea")
    Person.objects.filter(pk__in=[ana.pk, bea.pk]).update(is_superuser=True)
    desks = {"ana": desk_of(ana), "bea": desk_of(bea), "half": _half_in(), "forgot": Client()}
    _said_again(desks["ana"])
    delivery = _sent()
    found = {
        **{name: (address, "ana") for name, address in _of_areas(delivery, desks["ana"])},
        **{name: (address, "ana") for name, address in _of_account(ana)},
        "account-app": ("/desk/account/app/", "bea"),
        "account-password-first": ("/desk/account/password/first/", "bea"),
        "code": ("/desk/sign-in/code/", "half"),
        "password-new": (_forgotten(ana, desks["forgot"]), "forgot"),
        **{name: (address, "") for name, address in _outside(bea)},
    }
    cookies = {
        whose: {name: cookie.value for name, cookie in client.cookies.items()}
        for whose, client in desks.items()
    }
    return Screens(all=found, cookies={"": {}, **cookies})


def _known(name: str) -> Person:
    """Make somebody with a password, an authenticator app and a passkey."""
    who = person(name, "administrator")
    who.email = f"{name}@iso.example.org"
    who.set_password(WORDS)
    who.save()
    EmailAddress.objects.create(user=who, email=who.email, verified=True, primary=True)
    TOTP.activate(who, generate_totp_secret())
    RecoveryCodes.activate(who)
    Authenticator.objects.create(
        user=who,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "My telephone", "credential": _passkey()},
    )
    return who


def _passkey() -> dict[str, object]:
    """Give what a browser answers that makes a passkey."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    key = AttestedCredentialData.create(Aaguid.NONE, b"key", ES256.from_cryptography_key(public))
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    told = AuthenticatorData.create(bytes(32), flags, 0, key)
    said = CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
    answer = {
        "clientDataJSON": websafe_encode(said),
        "attestationObject": websafe_encode(AttestationObject.create("none", told, {})),
    }
    name = websafe_encode(b"key")
    return {"id": name, "rawId": name, "type": "public-key", "response": answer}


def _half_in() -> Client:
    """Give a browser in which somebody gave a password, and is asked for a code."""
    who, client = _known("cat"), Client()
    client.post("/desk/sign-in/", {"login": who.email, "password": WORDS})
    return client


def _said_again(client: Client) -> None:
    """Have said a moment ago that it is oneself: some screens ask for that."""
    session = client.session
    said = {"method": "password", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [said]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


def _forgotten(who: Person, client: Client) -> str:
    """Follow the link of a mail; give where it led."""
    said = {"uidb36": user_pk_to_url_str(who), "key": default_token_generator.make_token(who)}
    return str(client.get(reverse("account_reset_password_from_key", kwargs=said))["Location"])


def _sent() -> Delivery:
    """Let one newsletter be under way, with a reader served and one of whom nobody knows."""
    row = Placement.objects.filter(outlet__channel__slug="newsletter").order_by("id").first()
    figures = {"candidates": 40, "accepted": 17, "refused": 2, "uncertain": 1}
    Placement.objects.filter(pk=row.pk).update(
        state=PlacementState.SENDING, started_at=clock.now(), addressed_at=clock.now(), **figures
    )
    reader = Reader.objects.create(address="ana@example.org", created_at=clock.now())
    return Delivery.objects.create(
        placement=row, recipient=reader.pk, address=reader.address, answer="250 2.0.0 Ok"
    )


def _offered() -> Intake:
    """Have a consortium wait for an answer that is late."""
    at = clock.now()
    return Intake.objects.create(
        **OFFER, reference="INTAKE 2027-1", number=1, asked_at=at, confirmed_at=at, due_at=at
    )


def _hooked() -> Hook:
    """Have a program that is told of what happens."""
    made, _ = hooks.add(
        "iso", name="Our intranet", url="https://10.0.0.1/in", private=True,
        events=[EventName.READER_BOUNCED], doer=TERMINAL, now=clock.now(),
    )  # fmt: skip
    return made


def _rehearsed(client: Client) -> str:
    """Have a file of readers rehearsed, and not yet imported; give where."""
    file = SimpleUploadedFile("members.csv", LINES.encode())
    said = {"file": file, "source": "form of 2026", "wording": "I agree."}
    answer = client.post("/desk/readers/files/", said)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def _of_areas(delivery: Delivery, client: Client) -> Iterator[tuple[str, str]]:
    """Give each screen by a short name: the first of each area, and those beneath."""
    for area in AREAS:
        yield area.name, reverse(f"desk-{area.name}")
    waiting = Occurrence.objects.filter(entry__slug="letter-to-the-boards").first()
    yield "approval", f"/desk/approvals/letter-to-the-boards/{quote(waiting.key)}/"
    moved = Occurrence.objects.filter(
        due_at__gt=clock.now(), placements__state=PlacementState.PLANNED
    ).first()
    day = f"{moved.due_at:%Y-%m-%d}"
    for view in ("month", "week", "list", "day"):
        yield f"calendar-{view}", f"/desk/calendar/?view={view}&day={day}&month={day[:7]}"
    move = f"/desk/calendar/move/{moved.entry.slug}/{quote(moved.key, safe='')}/"
    yield "calendar-move", f"{move}?by=3"
    yield "calendar-new", "/desk/calendar/new/"
    yield "calendar-feeds", "/desk/calendar/feeds/"
    square = moved.placements.first().audience.slug, moved.entry.said.messages[0]
    yield "matrix-square", "/desk/matrix/{}/{}/".format(*square)
    yield "outlet", f"/desk/menu/outlets/{delivery.placement.outlet.slug}/"
    yield "intake-one", reverse("desk-intake-one", args=[_offered().pk])
    yield "proposal", f"{reverse('desk-proposal', args=[proposed().pk])}?again=1"
    yield "proposal-file", reverse("desk-proposal-file", args=["iso"])
    yield "objects", "/desk/plan/?kind=entry"
    yield "entry", "/desk/entry/before-you-propose/"
    yield "entry-new", "/desk/entries/new/"
    yield "entry-versions", "/desk/entry/before-you-propose/versions/"
    yield "deliveries", "/desk/deliveries/?address=ana"
    yield "delivery", f"/desk/deliveries/{delivery.pk}/"
    yield "reader", f"/desk/readers/{delivery.recipient}/"
    yield "reader-erase", f"/desk/readers/{delivery.recipient}/erase/"
    yield "segments", "/desk/readers/segments/?audience=annual-meetings"
    yield "readers-files", "/desk/readers/files/"
    yield "readers-file", _rehearsed(client)
    yield "hook", f"/desk/hooks/{_hooked().pk}/"
    yield "person", f"/desk/people/{person('ed', 'editor').pk}/"
    yield "trail", "/desk/trail/"


def _of_account(who: Person) -> Iterator[tuple[str, str]]:
    passkey = Authenticator.objects.get(user=who, type=Authenticator.Type.WEBAUTHN)
    yield "account", "/desk/account/"
    yield "account-tokens", "/desk/account/tokens/"
    yield "account-password", "/desk/account/password/"
    yield "account-confirm", "/desk/account/confirm/"
    yield "account-confirm-code", "/desk/account/confirm/code/"
    yield "account-confirm-passkey", "/desk/account/confirm/passkey/"
    yield "account-app-remove", "/desk/account/app/remove/"
    yield "account-codes", "/desk/account/codes/"
    yield "account-codes-new", "/desk/account/codes/new/"
    yield "account-passkey", "/desk/account/passkeys/add/"
    yield "account-passkey-remove", f"/desk/account/passkeys/{passkey.pk}/remove/"
    yield "sign-out", "/desk/sign-out/"


def _outside(who: Person) -> Iterator[tuple[str, str]]:
    """Give what somebody sees who has not signed in."""
    yield from ((f"sign-in-{name.strip('/')}", f"/desk/sign-in/{name}") for name in ("", "off/"))
    for name in ("", "cancelled/", "failed/"):
        yield f"elsewhere-{name.strip('/')}", f"/desk/sign-in/elsewhere/{name}"
    yield from (
        (f"password-{name.strip('/')}", f"/desk/password/{name}") for name in ("", "sent/", "done/")
    )
    invited = invite(
        "new@iso.example.org", organisation="iso", roles=["editor"],
        doer=TERMINAL, now=clock.now(), by_mail=False,
    )  # fmt: skip
    assert invited is not None
    yield "come", link(invited).removeprefix(settings().site_url)
    yield "enter", enter.link(who, doer=TERMINAL, now=clock.now())
