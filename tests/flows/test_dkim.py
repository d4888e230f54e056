"""Keys that sign mails: made at the terminal, sealed, and each organisation's own."""

from __future__ import annotations

import pytest

from publisher.flows import dkim
from publisher.flows.audit import TERMINAL
from publisher.kit import clock
from publisher.kit.vault import Vault
from publisher.models import AuditRow
from publisher.models.errors import NeedsConnecting, Refused
from publisher.settings import settings
from tests.rows import rows
from tests.unit.mail.letters import outlet

pytestmark = pytest.mark.django_db


def test_a_key_is_its_organisations_alone():
    """Whoever else names it has none; and it is in no list of accounts."""
    rows()
    made = dkim.make("iso", "news2027", kind="ed25519", domain="", doer=TERMINAL, now=clock.now())

    assert made.name == "news2027._domainkey.iso.example.org"
    assert made.value.startswith("v=DKIM1; k=ed25519; p=")
    assert made == dkim.record("iso", "news2027")
    assert dkim.keys(outlet()) == {}
    said = {"dkim": "news2027"}
    assert "PRIVATE KEY" in dkim.keys(outlet(settings=said))["dkim.news2027"]
    with pytest.raises(NeedsConnecting, match="publisher dkim iec news2027 --make rsa"):
        dkim.keys(outlet(settings=said, organisation="iec"))
    assert not any("news2027" in name for name in Vault.of(settings()).names())
    assert AuditRow.objects.get(act="dkim.make").thing == "dkim/news2027"


def test_a_key_is_not_made_anew_under_its_name():
    """Mails on their way are still checked by the record that is in the zone."""
    rows()
    given = {"kind": "ed25519", "domain": "", "doer": TERMINAL, "now": clock.now()}
    dkim.make("iso", "news2028", **given)

    with pytest.raises(Refused, match="a new key takes a new selector"):
        dkim.make("iso", "news2028", **given)
    with pytest.raises(Refused, match="lower-case letters"):
        dkim.make("iso", "a_b", **given)
    with pytest.raises(Refused, match="no organisation"):
        dkim.make("nobody", "x", **given)
