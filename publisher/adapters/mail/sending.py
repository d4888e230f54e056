"""Mails over several connections at once, each with at most one final dot unanswered.

So a crash can repeat at most one mail for each open connection, and a server that falls silent
makes at most one mail uncertain for each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from publisher.adapters.mail.connection import Connection, ConnectionLost, Reply
from publisher.adapters.mail.envelope import DOT, Prepared, prepared
from publisher.adapters.mail.message import Mailing
from publisher.adapters.mail.supply import Supply
from publisher.kit.logs import without_addresses
from publisher.models.adapter import Outcome, Parcel, Report, Verdict
from publisher.models.errors import (
    DeliveryError,
    NeedsConnecting,
    PublisherError,
    TryLater,
)

Connect = Callable[[], Awaitable[Connection]]

FOR_EACH = 5  #: waiting parcels that make another connection worth opening
MOST_REFUSALS = 50  #: 4yz in a row after which the server is left alone for a while
MOST_FALLS = 10  #: times in a row the server may send us away before it is left alone


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much of a server is used."""

    connections: int
    mails_per_connection: int
    data_patience: float  #: seconds to wait for the answer to a whole mail


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a server said to MAIL, RCPT or DATA instead of taking the mail."""

    reply: Reply
    waits_for_mail: bool  #: it said 354 all the same, and waits for a final dot (RFC 2920 §3.1)


class Sending:
    """One hand-over of a consignment to one set of servers."""

    def __init__(
        self,
        mailing: Mailing,
        *,
        sender: str,
        supply: Supply,
        report: Report,
        connect: Connect,
        limits: Limits,
    ) -> None:
        self._mailing = mailing
        self._sender = sender
        self._supply = supply
        self._report = report
        self._connect = connect
        self._limits = limits
        self._open: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._error: DeliveryError | None = None
        self._unreachable: DeliveryError | None = None  #: why the last connection was not made
        self._falls = 0  #: times in a row that the server sent us away
        self._refusals = 0  #: 4yz in a row

    async def run(self) -> None:
        """Send every parcel of the supply.

        Raises:
            TryLater: the server is left alone for a while.
            NeedsConnecting: it does not let us in, or does not take this sender.
        """
        watch = asyncio.create_task(self._watch())
        try:
            self._grow()
            while self._tasks:
                done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
                self._tasks -= done
                for task in done:
                    task.result()
                if not self._tasks and len(self._supply):
                    self._error = self._error or self._unreachable
                    if self._error is None:
                        self._grow()  # something came back after the others had gone
        finally:
            watch.cancel()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._error is not None:
            raise self._error

    def _grow(self) -> None:
        wanted = min(self._limits.connections, 1 + len(self._supply) // FOR_EACH)
        while len(self._tasks) < wanted:
            self._tasks.add(asyncio.create_task(self._through_connections()))

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(0.25)
            for connection in list(self._open):
                connection.check_patience(loop.time())

    async def _through_connections(self) -> None:
        """Send through one connection after another until nothing is left."""
        while self._error is None and (parcel := await self._supply.take()) is not None:
            self._grow()
            try:
                connection = await self._connect()
            except DeliveryError as error:
                self._supply.put_back(parcel)
                self._unreachable = error
                if isinstance(error, NeedsConnecting):
                    self._error = error
                return  # where others get through, the server only wants fewer connections
            self._unreachable = None
            self._open.add(connection)
            try:
                await self._through(connection, parcel)
            finally:
                self._open.discard(connection)
                connection.close()
            if self._falls:
                await asyncio.sleep(min(0.05 * 2.0**self._falls, 5.0))

    async def _through(self, connection: Connection, parcel: Parcel) -> None:
        """Send mails through a connection until it, or the supply, has had enough."""
        current = self._prepared(connection, parcel)
        self._announce(connection, current)
        for left in reversed(range(self._limits.mails_per_connection)):
            if current is None:
                break
            try:
                refusal = await self._envelope(connection, current)
            except ConnectionLost as error:
                self._fallen(current.parcel, error)
                return
            waiting = self._supply.at_hand() if self._goes_on(left) else None
            ahead = self._prepared(connection, waiting)
            if not await self._data(connection, current, refusal, ahead):
                if ahead is not None:
                    self._give_back(ahead.parcel, "the connection was closed")
                return
            if ahead is None and self._goes_on(left):
                ahead = self._prepared(connection, await self._supply.take())
                self._announce(connection, ahead)
            current = ahead
        await connection.quit()

    def _goes_on(self, left: int) -> bool:
        return left > 0 and self._error is None

    def _prepared(self, connection: Connection, parcel: Parcel | None) -> Prepared | None:
        """Build a mail; those that cannot be one are refused, and the next is taken."""
        while parcel is not None:
            try:
                return prepared(
                    self._mailing, parcel, sender=self._sender, offered=connection.extensions
                )
            except PublisherError as error:
                self._answer(parcel, Verdict.REFUSED, str(error))
                parcel = self._supply.at_hand()
        return None

    def _announce(self, connection: Connection, mail: Prepared | None) -> None:
        """Send MAIL, RCPT and DATA in one go, where the server can take that (RFC 2920)."""
        if mail is not None and connection.pipelining:
            connection.write(mail.commands)

    async def _envelope(self, connection: Connection, mail: Prepared) -> Refusal | None:
        """Read the answers to the commands; None if the mail itself may follow.

        Raises:
            ConnectionLost: the mail was not taken.
        """
        refused: Reply | None = None
        reply = None
        for command in mail.commands.splitlines(keepends=True):
            if not connection.pipelining:
                if refused is not None:
                    break
                connection.write(command)
            reply = connection.at_hand() or await connection.reply()
            if reply.code == 421:
                raise ConnectionLost(str(reply))
            if not reply.good and refused is None:
                refused = reply
                self._check_sender(command, reply)
        if refused is None:
            return None
        return Refusal(refused, waits_for_mail=reply is not None and reply.code == 354)

    async def _data(
        self,
        connection: Connection,
        current: Prepared,
        refusal: Refusal | None,
        ahead: Prepared | None,
    ) -> bool:
        """Send the mail, and the next one's envelope behind it; say if the line still stands."""
        following = ahead.commands if ahead is not None and connection.pipelining else b""
        if refusal is None:
            current.pieces.append(following)
            # One copy into one buffer is as cheap as a system call with many, and TLS wants it.
            connection.write(b"".join(current.pieces))
        else:
            self._judge(current.parcel, refusal.reply)
            connection.write((DOT if refusal.waits_for_mail else b"RSET\r\n") + following)
        try:
            reply = await connection.reply(self._limits.data_patience)
        except (ConnectionLost, asyncio.CancelledError) as error:
            if refusal is None:
                said = str(error) or "the hand-over was cut short"
                self._answer(current.parcel, Verdict.UNCERTAIN, f"no answer to the mail: {said}")
            if isinstance(error, asyncio.CancelledError):
                raise
            return False
        if refusal is None:
            self._judge(current.parcel, reply)
            # RFC 3030 §2 leaves open what a server makes of MAIL behind a chunk that failed.
            return reply.good or (reply.code != 421 and not current.chunked)
        return reply.code != 421

    def _judge(self, parcel: Parcel, reply: Reply) -> None:
        """Turn a reply to one mail into its outcome (RFC 5321 §4.2.1)."""
        if reply.code == 421:
            self._fallen(parcel, ConnectionLost(str(reply)))
        elif reply.good:
            self._falls = self._refusals = 0
            self._answer(parcel, Verdict.ACCEPTED, str(reply))
        elif reply.for_now:
            self._refusals += 1
            self._answer(parcel, Verdict.LATER, str(reply))
            if self._refusals >= MOST_REFUSALS:
                self._error = TryLater(
                    f"the server takes nothing now: {_clean(str(reply), parcel)}"
                )
        else:
            self._refusals = 0
            self._answer(parcel, Verdict.REFUSED, str(reply))

    def _check_sender(self, command: bytes, reply: Reply) -> None:
        """A server that refuses the sender refuses every mail: a person must see to it."""
        # 552: too large (RFC 1870 §6.1) and 555: a parameter (RFC 5321 §4.1.1.11) are one mail's.
        if command.startswith(b"MAIL") and reply.code >= 500 and reply.code not in {552, 555}:
            said = without_addresses(str(reply))
            self._error = NeedsConnecting(f"the server does not take mail from this sender: {said}")

    def _fallen(self, parcel: Parcel, error: ConnectionLost) -> None:
        self._falls += 1
        self._give_back(parcel, str(error))
        if self._falls > MOST_FALLS:
            said = _clean(str(error), parcel)
            self._error = self._error or TryLater(f"the server keeps hanging up: {said}")

    def _give_back(self, parcel: Parcel, reason: str) -> None:
        if not self._supply.give_back(parcel):
            self._answer(parcel, Verdict.LATER, reason)

    def _answer(self, parcel: Parcel, verdict: Verdict, said: str) -> None:
        self._report(
            Outcome(delivery=parcel.delivery, verdict=verdict, answer=_clean(said, parcel))
        )


def _clean(said: str, parcel: Parcel) -> str:
    """Leave addresses out of a server's words."""
    if "@" in said:
        said = without_addresses(said.replace(parcel.address, "<address>"))
        said = said.replace("<<address>>", "<address>")
    return said[:500]
