"""What every adapter asks of an outlet's settings before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from publisher.kit.nearest import meant
from publisher.models.adapter import Capabilities
from publisher.models.errors import NeedsConnecting
from publisher.models.specs import OutletSpec


def problems(
    outlet: OutletSpec, credential: Mapping[str, str] | None, capabilities: Capabilities
) -> list[str]:
    """Give a sentence for each unknown setting, and for an account that is missing or half there.

    Args:
        outlet: whose settings they are.
        credential: what the vault holds for its account; None if it was not looked at.
        capabilities: the adapter's.
    """
    found = [
        f"the setting “{name}” is unknown{meant(name, capabilities.settings)}"
        for name in outlet.settings.keys() - capabilities.settings
    ]
    if capabilities.credential_fields and not outlet.account:
        found.append(
            f"“{outlet.adapter}” needs an account: write account: NAME, "
            "and keep its credential with publisher accounts set NAME"
        )
    if credential is not None and outlet.account:
        found += [
            f"the account “{outlet.account}” lacks {field}; "
            f"set it with: publisher accounts set {outlet.account}"
            for field in capabilities.credential_fields
            if not credential.get(field)
        ]
        found += _no_date(outlet, credential)
    return sorted(found)


def _no_date(outlet: OutletSpec, credential: Mapping[str, str]) -> list[str]:
    try:
        date.fromisoformat(credential.get("expires") or "2000-01-01")
    except ValueError:
        return [f"the account “{outlet.account}”: expires is a day such as 2027-03-31"]
    return []


def one_of(outlet: OutletSpec, name: str, allowed: frozenset[str]) -> list[str]:
    """Give a sentence if a setting has a value that is not among those allowed."""
    value = outlet.settings.get(name)
    if value is None or value in allowed:
        return []
    return [f"{name}: “{value}” is not one of {', '.join(sorted(allowed))}"]


def fits(
    outlet: OutletSpec, name: str, pattern: str, meaning: str, default: str | None = None
) -> list[str]:
    """Give a sentence if a setting is not as a pattern has it; without a default, it is needed."""
    value = str(outlet.settings.get(name, "" if default is None else default))
    if re.fullmatch(pattern, value) or (not value and default is not None):
        return []
    return [f"{name}: write {meaning}, not “{value}”" if value else f"{name}: write {meaning}"]


def connected(
    outlet: OutletSpec, credential: Mapping[str, str], capabilities: Capabilities
) -> Mapping[str, str]:
    """Give the credential.

    Raises:
        NeedsConnecting: a field is missing.
    """
    missing = [field for field in capabilities.credential_fields if not credential.get(field)]
    if missing:
        account = outlet.account or outlet.slug
        raise NeedsConnecting(
            f"the account “{account}” lacks {', '.join(missing)}; "
            f"set it with: publisher accounts set {account}"
        )
    return credential
