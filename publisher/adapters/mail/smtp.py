"""SMTP: newsletters and circulars' covering mails, handed to a mail server."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import cache
from typing import ClassVar, Literal, cast

from publisher.adapters.mail import headers
from publisher.adapters.mail.connection import Connection, Server, connect
from publisher.adapters.mail.message import Mailing
from publisher.adapters.mail.sending import Limits, Sending
from publisher.adapters.mail.supply import Supply
from publisher.models.adapter import Capabilities, Consignment, Outcome, Parcel, Report
from publisher.models.errors import NeedsConnecting, TryLater, WillNeverWork
from publisher.models.specs import OutletSpec

PORTS = {"none": 25, "starttls": 587, "tls": 465}
#: RFC 5321 §4.5.3.2: five minutes for a command, ten for the answer to a whole mail
PATIENCE_SECONDS = 300.0
DATA_PATIENCE_SECONDS = 600.0
_NAME = re.compile(r"[A-Za-z0-9.:\[\]_-]{1,255}\Z")  #: of ours, RFC 5321 §4.1.1.1
_SELECTOR = re.compile(r"[a-z0-9-]{1,63}\Z")
_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+\Z")
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?\Z")


class Smtp:
    """A server of yours, or a provider's submission port; the first that answers is used."""

    name: ClassVar[str] = "smtp"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"newsletter", "circular", "circulation", "webinar", "workshop"}),
        addressed_to="readers",
        window=1000,
        cuts_windows=True,
        # One mail a connection can have been taken unheard; its Message-ID stays the same.
        after_crash="repeat",
        credential_fields=("username", "password"),
        settings=(
            "host", "port", "servers", "security", "timeout_seconds", "mails_per_connection",
            "client_name", "envelope_from", "ca_file", "dkim", "dkim_domain",
        ),
        pictures=True,
    )  # fmt: skip

    async def hand_over(
        self,
        consignment: Consignment,
        windows: AsyncIterator[Sequence[Parcel]],
        report: Report,
    ) -> None:
        """Send each parcel as a mail of its own; see `Adapter`."""
        outlet = consignment.outlet
        servers = _servers(outlet, consignment.credential)
        patience = float(outlet.settings.get("timeout_seconds", PATIENCE_SECONDS))
        most = float(outlet.settings.get("timeout_seconds", DATA_PATIENCE_SECONDS))
        sender = str(outlet.settings.get("envelope_from", consignment.sender.address))
        sending = Sending(
            Mailing(consignment),
            sender=headers.mailbox(sender),
            supply=Supply(windows),
            report=report,
            connect=lambda: _first_that_answers(servers, patience),
            limits=Limits(
                connections=outlet.pace.connections,
                mails_per_connection=int(outlet.settings.get("mails_per_connection", 1000)),
                data_patience=most,
            ),
        )
        await sending.run()

    async def ask(self, consignment: Consignment, parcel: Parcel) -> Outcome | None:
        """Cannot tell: SMTP has no question for it."""
        return None

    async def greet(self, outlet: OutletSpec, credential: Mapping[str, str]) -> str:
        """Connect, secure the line and sign in, as before a mail; see `Greeting.greet`."""
        servers = _servers(outlet, credential)
        connection = await _first_that_answers(servers, PATIENCE_SECONDS)
        await connection.quit()
        return servers[0].host

    def check(self, outlet: OutletSpec, credential: Mapping[str, str] | None) -> list[str]:
        """Say what is wrong with an outlet's settings."""
        said = outlet.settings
        wrong = []
        unknown = sorted(set(said) - set(self.capabilities.settings))
        wrong += [f"smtp knows no setting “{name}”" for name in unknown]
        if not said.get("host") and not said.get("servers"):
            wrong.append("smtp needs the setting “host”, or “servers” with several")
        if said.get("security", "starttls") not in PORTS:
            wrong.append("the setting “security” is none, starttls or tls")
        for name in ("port", "timeout_seconds", "mails_per_connection"):
            value = said.get(name, 1)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                wrong.append(f"the setting “{name}” is a whole number from 1")
        for place in _places(outlet):
            if not _HOST.match(place):
                wrong.append(f"“{place}” is not a server such as mail.example.org:587")
        if not _NAME.match(_client(outlet)):
            wrong.append("the setting “client_name” is a machine's name such as news.example.org")
        wrong += _wrong_of_signing(outlet)
        try:
            headers.mailbox(str(said.get("envelope_from", "news@example.org")))
        except WillNeverWork:
            wrong.append("the setting “envelope_from” is not an address")
        return wrong


def _wrong_of_signing(outlet: OutletSpec) -> list[str]:
    wrong = [
        f"“{selector}” in the setting “dkim” is not a selector of a key"
        for selector in str(outlet.settings.get("dkim", "")).split()
        if not _SELECTOR.match(selector)
    ]
    if not _DOMAIN.match(str(outlet.settings.get("dkim_domain", "example.org"))):
        wrong.append("the setting “dkim_domain” is a domain such as example.org")
    return wrong


def _servers(outlet: OutletSpec, credential: Mapping[str, str]) -> list[Server]:
    said = outlet.settings
    security = cast("Literal['none', 'starttls', 'tls']", said.get("security", "starttls"))
    default = int(said.get("port", PORTS[security]))
    file = str(said.get("ca_file", ""))
    client = _client(outlet)
    if not _NAME.match(client):  # else it could say more to the server than a greeting
        raise NeedsConnecting("the setting “client_name” is not a machine's name")
    servers = []
    for place in _places(outlet):
        match = _HOST.match(place)
        if match is None:
            raise NeedsConnecting(f"“{place}” is not a server such as mail.example.org:587")
        host = place.removesuffix(f":{match[1]}") if match[1] else place
        servers.append(
            Server(
                host=host.strip("[]"),
                port=int(match[1] or default),
                security=security,
                client=client,
                username=credential.get("username", ""),
                password=credential.get("password", ""),
                trust=_trust(file) if file else None,
            )
        )
    return servers


def _client(outlet: OutletSpec) -> str:
    return str(outlet.settings.get("client_name") or socket.gethostname())


def _places(outlet: OutletSpec) -> list[str]:
    said = outlet.settings
    return [
        *str(said.get("servers", "")).replace(",", " ").split(),
        *str(said.get("host", "")).split(),
    ]


@cache
def _trust(file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=file)


async def _first_that_answers(servers: Sequence[Server], patience: float) -> Connection:
    problem: TryLater | None = None
    for server in servers:
        try:
            return await connect(server, patience=patience)
        except TryLater as error:
            problem = problem or error
    raise problem or NeedsConnecting("the outlet names no mail server: set “host”")
