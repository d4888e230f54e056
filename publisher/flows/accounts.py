"""The credentials that outlets name: kept, tried and forgotten; what is in them is never shown."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from publisher.adapters import registry
from publisher.flows import rights
from publisher.flows.audit import Doer, note
from publisher.kit import outbound
from publisher.kit.vault import Vault, VaultFailed
from publisher.models import Outlet
from publisher.models.adapter import Greeting
from publisher.models.errors import DeliveryError, Refused, WillNeverWork
from publisher.models.specs import OutletSpec
from publisher.settings import settings

#: what a credential may hold besides what its adapter needs
EXTRA = ("expires", "webhook_key")
#: what only an operator may say: it leads into the operator's own network
OPERATORS = ("base_url", "private")
#: the fields that say where a service is
_PLACES = ("instance", "url", "endpoint", "host", "repository")
PATIENCE_SECONDS = 8  #: for a service that somebody waits for


@dataclass(frozen=True, kw_only=True)
class Account:
    """An outlet's account, as far as it may be shown."""

    name: str  #: empty: the outlet names none
    fields: tuple[str, ...]  #: what its adapter needs; none: it needs no account
    kept: bool
    problems: tuple[str, ...]  #: what its adapter says is wrong, without asking the service

    @property
    def missing(self) -> bool:
        """Whether somebody must connect it before anything goes out."""
        return bool(self.fields) and not self.kept


def account(outlet: OutletSpec) -> Account:
    """Give how an outlet's account stands."""
    try:
        carrier = registry.adapter(outlet.carrier)
        kept = Vault.of(settings()).get(outlet.account) if outlet.account else None
    except (WillNeverWork, VaultFailed) as error:
        return Account(name=outlet.account, fields=(), kept=False, problems=(str(error),))
    return Account(
        name=outlet.account,
        fields=carrier.capabilities.credential_fields,
        kept=kept is not None,
        problems=tuple(carrier.check(outlet, kept)) if kept else (),
    )


def connect(
    outlet: OutletSpec, credential: Mapping[str, str], *, doer: Doer, now: datetime
) -> None:
    """Seal a credential under the name that an outlet gives it, if its adapter finds no fault.

    Raises:
        Refused: the outlet names no account, another organisation's outlet names the same, or the
            adapter finds a fault in it; nothing is kept.
    """
    if not outlet.account:
        raise Refused(f"The outlet “{outlet.slug}” names no account; give it a name first.")
    _refuse_anothers(outlet)
    given = {name: value.strip() for name, value in credential.items() if value.strip()}
    if not is_operator(doer):
        _refuse_private_places(given)
    if problems := registry.adapter(outlet.carrier).check(outlet, given):
        raise Refused("\n".join(problems))
    try:
        Vault.of(settings()).put(outlet.account, given)
    except VaultFailed as error:
        raise Refused(str(error)) from error
    note(
        doer,
        "account.connect",
        f"account/{outlet.account}",
        now=now,
        organisation=outlet.organisation,
        fields=sorted(given),
    )


def try_out(outlet: OutletSpec) -> str:
    """Sign in to an outlet's service with its account, changing nothing; give its name there.

    Raises:
        Refused: the account is missing, the service cannot be tried so, or does not let us in.
    """
    kept = Vault.of(settings()).get(outlet.account) if outlet.account else None
    carrier = registry.adapter(outlet.carrier)
    if not isinstance(carrier, Greeting):
        raise Refused(f"“{carrier.name}” cannot be tried without sending something.")
    try:
        return asyncio.run(asyncio.wait_for(carrier.greet(outlet, kept or {}), PATIENCE_SECONDS))
    except TimeoutError as error:
        sentence = f"The service did not answer within {PATIENCE_SECONDS} seconds."
        raise Refused(sentence) from error
    except DeliveryError as error:
        raise Refused(f"The service does not let us in: {error}") from error


def is_operator(doer: Doer) -> bool:
    """Whether somebody may lead into the operator's own network."""
    return doer.person is None or rights.is_operator(doer.person)


def _refuse_private_places(given: Mapping[str, str]) -> None:
    if told := sorted(set(given) & set(OPERATORS)):
        raise Refused(f"Only an operator may set {', '.join(told)}: publisher accounts set …")
    for name in _PLACES:
        host = _host(given.get(name, ""))
        if not host:
            continue
        try:
            asyncio.run(outbound.refuse_private(host))
        except outbound.NeverLeft as error:
            raise Refused(f"{name}: {error}") from error


def _host(place: str) -> str:
    """Give the host of an address, of `host:port`, or of `user@host:path` as Git writes it."""
    with_scheme = place if "://" in place else f"any://{place}"
    try:
        return urlsplit(with_scheme).hostname or ""
    except ValueError as error:  # such as a bracket that nothing closes
        raise Refused(f"“{place[:100]}” is no address of a machine.") from error


def forget(outlet: OutletSpec, *, doer: Doer, now: datetime) -> None:
    """Forget an outlet's credential.

    Raises:
        Refused: there is none, or another organisation's outlet names the same.
    """
    _refuse_anothers(outlet)
    try:
        gone = bool(outlet.account) and Vault.of(settings()).remove(outlet.account)
    except VaultFailed as error:
        raise Refused(str(error)) from error
    if not gone:
        raise Refused(f"There is no account “{outlet.account}”.")
    thing = f"account/{outlet.account}"
    note(doer, "account.forget", thing, now=now, organisation=outlet.organisation)


def _refuse_anothers(outlet: OutletSpec) -> None:
    """An account is found by its name, so a name must not reach into another organisation."""
    others = Outlet.objects.filter(spec__account=outlet.account, retired_at=None).exclude(
        organisation__slug=outlet.organisation
    )
    if outlet.account and (theirs := others.first()):
        raise Refused(
            f"“{outlet.account}” is also the account of {theirs.slug}, another organisation’s "
            "outlet; give yours a name of its own."
        )
