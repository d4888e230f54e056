"""Signed mails, checked by a program that is not ours."""

from __future__ import annotations

import re

import dkim
import pytest

from publisher.adapters.mail import dkim as ours
from publisher.adapters.mail.message import Mailing
from tests.unit.mail.letters import PARTS, consignment, outlet, parcel

KEYS = {kind: ours.new_key(kind) for kind in ours.KINDS}


def signed(parts=PARTS, **parcels: object) -> bytes:
    goods = consignment(
        parts,
        outlet=outlet(settings={"dkim": "rsa ed25519", "dkim_domain": "example.org"}),
        credential={f"dkim.{kind}": pem for kind, pem in KEYS.items()},
    )
    return Mailing(goods).to(parcel(**parcels), bits=8)


def good(mail: bytes) -> list[bool]:
    """Give what dkimpy makes of each signature."""

    def zone(name: bytes, timeout: int = 5) -> bytes:
        kind = name.decode().partition(".")[0]
        assert name.decode().rstrip(".") == f"{kind}._domainkey.example.org"
        return ours.record(KEYS[kind]).encode()

    checked = dkim.DKIM(mail)
    return [bool(checked.verify(index, dnsfunc=zone)) for index in range(len(KEYS))]


@pytest.mark.parametrize(
    "parts",
    [
        PARTS,
        {"subject": "Нормы, " * 30, "text": "Été =  deux  \n\n.\n\n\n", "html": "<p>é " * 300},
        {"subject": "News", "text": "one part alone\n\n\n"},
    ],
)
def test_both_signatures_of_each_readers_mail_are_good(parts):
    """In any script, with empty lines at the end, and in seven bits whatever the server takes."""
    for number, name in ((1, "Ana"), (2, "Zoë “the” Müller " * 4)):
        mail = signed(parts, number=number, name=name)
        assert good(mail) == [True, True]
        assert mail.isascii()
        assert mail == signed(parts, number=number, name=name)
        assert max(map(len, mail.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78 + 60


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"Dear", b"Drea"),
        (b"Subject: What", b"Subject: Why"),
        (b"\r\nTo: ", b"\r\nFrom: Mallory <m@example.net>\r\nTo: "),
        (b"List-Unsubscribe: <https", b"List-Unsubscribe: <http"),
    ],
)
def test_a_changed_mail_is_not_ours(was, becomes):
    """Its words, its subject, who it is from, and where one leaves."""
    mail = signed()
    assert was in mail

    with_change = mail.replace(was, becomes, 1)

    try:
        found = good(with_change)
    except dkim.DKIMException:  # two From: no such mail is taken at all
        found = [False, False]
    assert found == [False, False]


def test_a_record_fits_into_a_zone():
    """In strings of 255 octets (RFC 1035 §3.3)."""
    line = ours.strings(ours.record(KEYS["rsa"]))
    parts = re.findall(r'"([^"]*)"', line)

    assert len(parts) == 2
    assert all(len(part) <= 255 for part in parts)
    assert "".join(parts) == ours.record(KEYS["rsa"])
