"""Which accounts' tokens end, and what is planned to go out after that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from publisher.adapters.registry import adapter
from publisher.kit.vault import Vault, VaultFailed
from publisher.models import Outlet, Placement, PlacementState
from publisher.models.errors import WillNeverWork
from publisher.settings import Settings

#: states in which a placement is still to go out
_TO_COME = (PlacementState.PLANNED, PlacementState.SENDING, PlacementState.PAUSED)


@dataclass(frozen=True, kw_only=True)
class TokenEnd:
    """An outlet whose account's token has an end."""

    outlet: str
    account: str
    ends_on: date  #: its last day, in UTC
    days_left: int  #: below zero: it has ended
    placements_after: int  #: how many are planned for after it

    @property
    def well(self) -> bool:
        """Whether nothing is planned that it will not live to see."""
        return self.days_left >= 0 and not self.placements_after

    @property
    def sentence(self) -> str:
        """Say it to a person."""
        verb = "ends" if self.days_left >= 0 else "ended"
        said = f"the token of “{self.account}” {verb} on {self.ends_on}"
        if self.placements_after:
            said += f"; placements planned after that: {self.placements_after}"
        return said if self.well else f"{said}; renew it: publisher accounts set {self.account}"


def token_ends(settings: Settings, *, now: datetime) -> list[TokenEnd]:
    """Give the outlets whose credential says when it `expires`, the soonest first.

    What cannot be opened, and a day that is none, is for `examine` to say.
    """
    vault = Vault.of(settings)
    ends: dict[str, date | None] = {}
    found = []
    for outlet in Outlet.objects.order_by("slug"):
        account = outlet.said.account if _needs_one(outlet) else ""
        if account and account not in ends:
            ends[account] = _end(vault, account)
        if account and (day := ends[account]) is not None:
            found.append(_told(outlet, day, now))
    return sorted(found, key=lambda one: (one.ends_on, one.outlet))


def soon(found: Sequence[TokenEnd], days: int) -> list[TokenEnd]:
    """Give those that end within some days, or before something that is planned."""
    return [one for one in found if one.days_left <= days or one.placements_after]


def _needs_one(outlet: Outlet) -> bool:
    """Say whether an outlet uses its account: one that is captured names it for another day."""
    try:
        return bool(adapter(outlet.said.carrier).capabilities.credential_fields)
    except WillNeverWork:  # there is no such adapter, as `examine` says
        return False


def _end(vault: Vault, account: str) -> date | None:
    try:
        credential = vault.get(account) or {}
        return date.fromisoformat(credential.get("expires") or "")
    except (VaultFailed, ValueError):
        return None


def _told(outlet: Outlet, day: date, now: datetime) -> TokenEnd:
    over = datetime.combine(day, time(), UTC) + timedelta(days=1)
    after = Placement.objects.filter(outlet=outlet, state__in=_TO_COME, due_at__gte=over).count()
    return TokenEnd(
        outlet=outlet.slug,
        account=outlet.said.account,
        ends_on=day,
        days_left=(day - now.astimezone(UTC).date()).days,
        placements_after=after,
    )
