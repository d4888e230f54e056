"""One ESMTP connection: commands out, replies in, in order; pipelined where the server offers it.

Sources: RFC 5321 (SMTP), 2920 (PIPELINING), 3030 (CHUNKING), 1870 (SIZE), 6152 (8BITMIME),
6531 (SMTPUTF8), 3207 (STARTTLS), 4954 (AUTH).
"""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from typing import Literal, NamedTuple, cast

from publisher.models.errors import NeedsConnecting, TryLater

LONGEST_REPLY = 65_536  #: octets; a server that says more says nothing we need


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    client: str  #: the name we greet with
    username: str = ""
    password: str = field(default="", repr=False)
    trust: ssl.SSLContext | None = field(default=None, repr=False)

    @property
    def on_loopback(self) -> bool:
        """Whether nothing leaves this machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


class Reply(NamedTuple):
    """What a server answered."""

    code: int
    text: str

    @property
    def good(self) -> bool:
        """Whether it goes on: 2yz and 3yz."""
        return self.code < 400

    @property
    def for_now(self) -> bool:
        """Whether it may go on later: 4yz."""
        return 400 <= self.code < 500

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class ConnectionLost(Exception):
    """The server hung up, said what is not SMTP, or said nothing for too long."""


class Connection(asyncio.Protocol):
    """A connection that is open, greeted, secured and signed in, once `connect` gave it."""

    def __init__(self, *, patience: float) -> None:
        self.extensions: Mapping[str, str] = {}
        self.deadline: float | None = None  #: loop time at which waiting for a reply ends
        self._patience = patience
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._lines: list[bytes] = []
        self._replies: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._lost: Exception | None = None

    @property
    def pipelining(self) -> bool:
        """Whether commands may be sent before the replies to those before them."""
        return "PIPELINING" in self.extensions

    def write(self, data: bytes) -> None:
        """Send commands or a mail."""
        if self._transport is not None:
            self._transport.write(data)

    def at_hand(self) -> Reply | None:
        """Give the next reply if it has come."""
        return self._replies.popleft() if self._replies else None

    async def reply(self, patience: float | None = None) -> Reply:
        """Wait for the next reply.

        Args:
            patience: seconds; None: as long as for any command.

        Raises:
            ConnectionLost: there will be none.
        """
        while not self._replies:
            if self._lost is not None:
                raise ConnectionLost(str(self._lost)) from self._lost
            self.deadline = self._loop.time() + (patience or self._patience)
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = self.deadline = None
        return self._replies.popleft()

    async def command(self, line: bytes) -> Reply:
        """Send one command and wait for its reply."""
        self.write(line + b"\r\n")
        return await self.reply()

    def check_patience(self, now: float) -> None:
        """Give the server up if it has said nothing for too long."""
        if self.deadline is not None and now > self.deadline:
            self._end(TimeoutError("the server said nothing for too long"))

    async def quit(self) -> None:
        """Say good-bye and close."""
        with suppress(ConnectionLost):
            self.write(b"QUIT\r\n")
            await self.reply(2.0)
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    async def open(self, server: Server) -> None:
        """Be greeted, secure the line and sign in.

        Raises:
            ConnectionLost: the server hung up.
            TryLater: it does not take us now.
            NeedsConnecting: it does not let us in, or not safely.
        """
        _must(await self.reply(), "greeting")
        await self._hello(server)
        if server.security == "starttls":
            await self._secure(server)
            await self._hello(server)
        if server.username:
            await self._sign_in(server)

    async def _hello(self, server: Server) -> None:
        reply = await self.command(f"EHLO {server.client}".encode())
        if reply.code in {500, 502}:
            reply = await self.command(f"HELO {server.client}".encode())
        _must(reply, "EHLO")
        offered = (line.partition(" ") for line in reply.text.split("\n")[1:])
        self.extensions = {name.strip().upper(): said for name, _, said in offered}

    async def _secure(self, server: Server) -> None:
        if "STARTTLS" not in self.extensions:
            raise NeedsConnecting(
                f"{server.host} does not offer STARTTLS, which the outlet asks for"
            )
        _must(await self.command(b"STARTTLS"), "STARTTLS")
        # Whatever came in clear after the answer may be somebody else's (RFC 3207 §4.2).
        self._buffer, self._lines = b"", []
        self._replies.clear()
        context = server.trust or ssl.create_default_context()
        assert self._transport is not None
        try:
            secured = await self._loop.start_tls(
                self._transport,
                self,
                context,
                server_hostname=server.host,
                ssl_handshake_timeout=min(self._patience, 30.0),
            )
        except (ssl.SSLError, OSError) as error:
            raise certificate_trouble(server, error) from error
        self._transport = cast("asyncio.Transport", secured)

    async def _sign_in(self, server: Server) -> None:
        if server.security == "none" and not server.on_loopback:
            raise NeedsConnecting(
                "a password is not sent in clear: set security to tls or starttls"
            )
        ways = self.extensions.get("AUTH", "").upper().split()
        name, password = server.username.encode(), server.password.encode()
        if "PLAIN" in ways:
            reply = await self.command(b"AUTH PLAIN " + b64encode(b"\0" + name + b"\0" + password))
        elif "LOGIN" in ways:
            reply = await self.command(b"AUTH LOGIN")
            for secret in (name, password):
                if reply.code == 334:
                    reply = await self.command(b64encode(secret))
        else:
            raise NeedsConnecting(f"{server.host} offers no way to sign in that is known here")
        if reply.for_now:
            raise TryLater(f"{server.host} does not let us sign in now: {reply.code}")
        if not reply.good:
            raise NeedsConnecting(f"{server.host} does not accept the name and password")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the line."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Cut what comes into lines, and lines into replies."""
        lines = (self._buffer + data).split(b"\n")
        self._buffer = lines.pop()
        if len(self._buffer) > LONGEST_REPLY or len(self._lines) > LONGEST_REPLY // 16:
            self._end(ConnectionError("the server's reply has no end"))
            return
        for line in lines:
            if self._lines or line[3:4] == b"-" or not line[:3].isdigit():
                self._lines.append(line.rstrip(b"\r"))
                if line[3:4] != b"-":
                    self._whole_reply()
            else:
                self._replies.append(_one_line(line))
        if self._replies:
            self._tell()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits."""
        self._lost = self._lost or exc or ConnectionError("the server hung up")
        self._tell()

    def eof_received(self) -> bool:
        """Close our side as well."""
        return False

    def _whole_reply(self) -> None:
        lines, self._lines = self._lines, []
        if not lines[-1][:3].isdigit():
            self._end(ConnectionError("the server does not speak SMTP"))
            return
        text = "\n".join(line[4:].decode(errors="replace") for line in lines)
        self._replies.append(Reply(int(lines[-1][:3]), text))

    def _tell(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _end(self, reason: Exception) -> None:
        self._lost = self._lost or reason
        self.close()
        self._tell()


@lru_cache(64)  # servers say the same few lines again and again
def _one_line(line: bytes) -> Reply:
    return Reply(int(line[:3]), line[4:].rstrip(b"\r").decode(errors="replace"))


async def connect(server: Server, *, patience: float) -> Connection:
    """Open a connection that takes mails.

    Raises:
        TryLater: the server cannot be reached, or does not take us now.
        NeedsConnecting: it does not let us in, or not safely.
    """
    loop = asyncio.get_running_loop()
    context = (server.trust or ssl.create_default_context()) if server.security == "tls" else None
    try:
        async with asyncio.timeout(min(patience, 30.0)):
            _, connection = await loop.create_connection(
                lambda: Connection(patience=patience), server.host, server.port, ssl=context
            )
        async with asyncio.timeout(patience):
            try:
                await connection.open(server)
            except BaseException:
                connection.close()
                raise
    except ssl.SSLError as error:
        raise certificate_trouble(server, error) from error
    except (OSError, TimeoutError, ConnectionLost) as error:
        reason = str(error) or "it said nothing for too long"
        raise TryLater(f"{server.host}:{server.port} cannot be reached: {reason}") from error
    return connection


def certificate_trouble(server: Server, error: Exception) -> NeedsConnecting | TryLater:
    """Name a failed handshake for what the caller does next."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return NeedsConnecting(
            f"the certificate of {server.host} is not to be trusted: {error.verify_message}"
        )
    return TryLater(f"no safe line to {server.host} could be made: {error}")


def _must(reply: Reply, what: str) -> None:
    if not reply.good:
        # RFC 5321 §3.1: 554 at the greeting means that no mail is taken here, for now at least.
        raise TryLater(f"the server answered {what} with {reply.code}")
