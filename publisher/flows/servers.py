"""Which mail servers somebody at the desk may name: public ones; an operator, any.

Who runs the machine may have a mail server in its own network; who looks after an organisation
must not reach into that network by naming one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from publisher.flows.accounts import is_operator
from publisher.flows.audit import Doer
from publisher.kit import outbound
from publisher.models import Outlet
from publisher.models.errors import Refused
from publisher.plan.diff import Said

#: settings of outlets that name a machine, or a file on this one
_SERVERS = ("host", "servers")
_FILES = ("ca_file",)


def refuse_inner(outlet: Said, *, doer: Doer) -> None:
    """Refuse a server that only an operator may name; asks the Internet's names.

    What stands in the outlet already was an operator's word, or was looked at when it was said.

    Raises:
        Refused: naming the setting.
    """
    if is_operator(doer):
        return
    row = Outlet.objects.filter(slug=str(outlet.get("slug", ""))).first()
    before: dict[str, Any] = row.spec.get("settings", {}) if row else {}
    said = outlet.get("settings")
    given = dict(said) if isinstance(said, dict) else {}
    for name in _FILES:
        if given.get(name, "") != before.get(name, ""):
            raise Refused(f"Only an operator may set {name}: it names a file of this machine.")
    for name in _SERVERS:
        if given.get(name) != before.get(name):
            _refuse_private(name, str(given.get(name) or ""))


def _refuse_private(name: str, servers: str) -> None:
    for host in _hosts(servers):
        try:
            asyncio.run(outbound.refuse_private(host))
        except outbound.NeverLeft as error:
            raise Refused(f"{name}: {error}") from error


def _hosts(servers: str) -> Iterator[str]:
    """Give the machines of `mail.example.org:587, [2001:db8::1]:25`."""
    for place in servers.replace(",", " ").split():
        inner, bracket, _ = place.removeprefix("[").partition("]")
        yield inner if bracket else place.partition(":")[0]
