"""Keys that sign mails: made, sealed, and shown as the DNS record that lets others check them.

Each belongs to an organisation, and only its own outlets sign with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from publisher.adapters.mail import dkim
from publisher.adapters.mail.message import DKIM_FIELD
from publisher.flows.audit import Doer, note
from publisher.kit.secret import secret_key
from publisher.kit.vault import Vault, VaultFailed
from publisher.models import Organisation
from publisher.models.errors import NeedsConnecting, Refused
from publisher.models.specs import OutletSpec
from publisher.settings import settings

_SELECTOR = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


@dataclass(frozen=True, kw_only=True)
class Record:
    """A TXT record for a domain's zone."""

    name: str
    value: str
    line: str  #: as a zone file writes it


def make(
    organisation: str, selector: str, *, kind: dkim.Kind, domain: str, doer: Doer, now: datetime
) -> Record:
    """Make a key and seal it; give its record.

    Raises:
        Refused: there is one of that name already, or no such organisation.
    """
    said = _organisation(organisation)
    if not _SELECTOR.match(selector):
        raise Refused("A selector is lower-case letters, digits and hyphens, such as news2027.")
    name = _name(organisation, selector)
    vault = _vault()
    if name in vault.names():
        raise Refused(f"“{selector}” is there already; a new key takes a new selector.")
    vault.put(name, {"pem": dkim.new_key(kind)})
    note(doer, "dkim.make", f"dkim/{selector}", now=now, organisation=said.slug, kind=kind)
    return record(organisation, selector, domain=domain)


def record(organisation: str, selector: str, *, domain: str = "") -> Record:
    """Give a key's record.

    Args:
        organisation: whose it is.
        selector: its name.
        domain: the one that signs; else that of the organisation's sender.

    Raises:
        Refused: there is no such key.
    """
    said = _organisation(organisation).said
    kept = _key(organisation, selector)
    if kept is None:
        raise Refused(_missing(organisation, selector))
    name = f"{selector}._domainkey.{domain or said.sender.address.rpartition('@')[2]}"
    value = dkim.record(kept)
    return Record(name=name, value=value, line=f"{name}. IN TXT {dkim.strings(value)}")


def keys(outlet: OutletSpec) -> dict[str, str]:
    """Give the keys that an outlet signs with, as fields of its credential.

    Raises:
        NeedsConnecting: one is missing, or cannot be opened.
    """
    found = {}
    for selector in str(outlet.settings.get("dkim", "")).split():
        pem = _key(outlet.organisation, selector)
        if pem is None:
            raise NeedsConnecting(_missing(outlet.organisation, selector))
        found[DKIM_FIELD + selector] = pem
    return found


def _key(organisation: str, selector: str) -> str | None:
    try:
        kept = _vault().get(_name(organisation, selector))
    except VaultFailed as error:
        raise NeedsConnecting(f"the DKIM key “{selector}” cannot be opened: {error}") from error
    return kept["pem"] if kept else None


def _missing(organisation: str, selector: str) -> str:
    return (
        f"there is no DKIM key “{selector}” of {organisation}; "
        f"make it with: publisher dkim {organisation} {selector} --make rsa"
    )


def _name(organisation: str, selector: str) -> str:
    return f"{organisation}_{selector}"  # neither holds an underscore


def _vault() -> Vault:
    """Give a vault of their own, so that no outlet's account can name a key."""
    return Vault(settings().data_folder / "vault" / "dkim", secret_key(settings()))


def _organisation(slug: str) -> Organisation:
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise Refused(f"There is no organisation “{slug}”.")
    return found
