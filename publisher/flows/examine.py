"""Examine an installation: what would keep it from doing its work, and what to do about it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.models import Count
from django.db.models.functions import TruncDate

from publisher.adapters import registry
from publisher.flows.token_ends import soon, token_ends
from publisher.kit import clock
from publisher.kit.vault import Vault, VaultFailed
from publisher.models import Outlet, Placement, PlacementState
from publisher.models.errors import DeliveryError
from publisher.render.limits import networks
from publisher.settings import Settings

ROOM_WANTED_BYTES = 1 << 30
SOON_DAYS = 14


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at."""

    subject: str
    well: bool
    sentence: str


def examine(settings: Settings) -> list[Finding]:
    """Look at everything that must be right, without touching the network."""
    return [finding for look in LOOKS for finding in look(settings)]


def _python(_: Settings) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(subject="Python", well=sys.version_info >= (3, 11), sentence=version)


def _database(_: Settings) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        number = int(cursor.fetchone()[0])
    old = "" if number >= 150000 else "; Publisher is tested with 15 and later"
    sentence = f"PostgreSQL {number // 10000}.{number % 10000}{old}"
    yield Finding(subject="database", well=not old, sentence=sentence)


def _room(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.data_folder).free
    sentence = f"{free / (1 << 30):.1f} GB free in {settings.data_folder}"
    if free < ROOM_WANTED_BYTES:
        sentence += "; make room: a full disk stops all sending"
    yield Finding(subject="disk", well=free >= ROOM_WANTED_BYTES, sentence=sentence)


def _secret(settings: Settings) -> Iterator[Finding]:
    if settings.secret_key is not None:
        yield Finding(subject="secret key", well=True, sentence="given by the environment")
        return
    path: Path = settings.data_folder / "secret-key"
    private = not path.stat().st_mode & 0o077
    sentence = f"in {path}; keep a copy: links in sent mails and the vault depend on it"
    if not private:
        sentence = f"{path} can be read by others; run chmod 600 on it"
    yield Finding(subject="secret key", well=private, sentence=sentence)


def _outlets(settings: Settings) -> Iterator[Finding]:
    vault = Vault.of(settings)
    for outlet in Outlet.objects.order_by("slug"):
        said = outlet.said
        try:
            problems = registry.adapter(said.adapter).check(said, _credential(vault, said.account))
        except (DeliveryError, VaultFailed) as error:
            problems = [str(error)]
        sentence = "; ".join(problems) or f"travels by {said.adapter}"
        yield Finding(subject=f"outlet {outlet.slug}", well=not problems, sentence=sentence)


def _tokens(settings: Settings) -> Iterator[Finding]:
    for one in soon(token_ends(settings, now=clock.now()), SOON_DAYS):
        # A fortnight's warning is none of the things that must be mended at once.
        yield Finding(subject=f"token of {one.outlet}", well=one.well, sentence=one.sentence)


def _days(_: Settings) -> Iterator[Finding]:
    """Look for days with more posts planned than the network takes of one account."""
    planned = Placement.objects.filter(state=PlacementState.PLANNED, due_at__isnull=False)
    found = planned.values("outlet__slug", "outlet__spec__adapter", day=TruncDate("due_at"))
    for row in found.annotate(count=Count("pk")).order_by("day"):
        limits = networks().get(row["outlet__spec__adapter"])
        if limits is not None and 0 < limits.per_day < row["count"]:
            sentence = (
                f"{row['count']} posts are planned for {row['day']}; "
                f"{limits.name} takes {limits.per_day} a day"
            )
            yield Finding(subject=f"day of {row['outlet__slug']}", well=False, sentence=sentence)


def _credential(vault: Vault, account: str) -> Mapping[str, str] | None:
    return (vault.get(account) or {}) if account else None


LOOKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _python,
    _database,
    _room,
    _secret,
    _outlets,
    _tokens,
    _days,
)
